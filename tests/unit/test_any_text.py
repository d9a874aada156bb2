"""Any Unicode text through each bundled tokenizer to chips and to HTML: nothing is lost, nothing is left unescaped."""

from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from model_backend.hub import catalogue
from model_backend.tokens.tokenization import tokenize
from model_backend.tokens.vocabulary import Vocabulary
from pages.common.text import rich, token
from viz.chips import ribbon
from viz.labels import chips, plain_text, visible

NAMES = [entry.name for entry in catalogue.entries()]
LOSSLESS = ("bundled/storyteller", "bundled/assistant")  # byte-level; the others say what they lose
MARKUP = st.sampled_from(
    ["<b>", "</b>", "<script>", "&amp;", "&", '"', "'", "<|endoftext|>", "[MASK]", "{n}", "\u202e", "👩‍👩‍👧", "\0", " "]
)
TEXTS = st.lists(st.one_of(st.characters(exclude_categories=["Cs"]), MARKUP), max_size=24).map("".join)


@cache
def cutter(name: str):
    """(vocabulary, id of the unknown token) of a bundled model, without its weights."""
    tokenizer = AutoTokenizer.from_pretrained(catalogue.find(name).path)
    backend = tokenizer.backend_tokenizer
    size = max(backend.get_vocab(True).values()) + 1
    return Vocabulary(backend, frozenset(tokenizer.all_special_ids), size), tokenizer.unk_token_id


class Read(HTMLParser):
    """What a browser makes of HTML: the elements it opens, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.opened, self.said = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.opened.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.said += data


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(text=TEXTS)
def test_any_text(name, text):
    tokens = tokenize(*(cutter(name)[0], text, cutter(name)[1]))
    assert (b"".join(tokens.token_bytes) == text.encode()) == tokens.is_lossless
    assert tokens.is_lossless or name not in LOSSLESS
    assert all(0 <= start <= end <= len(text) for start, end in tokens.spans)
    if tokens.is_lossless:
        assert {i for start, end in tokens.spans for i in range(start, end)} == set(range(len(text)))

    drawn = chips(tokens)
    assert [position for chip in drawn for position in chip.positions] == list(range(len(tokens)))
    assert [token_id for chip in drawn for token_id in chip.ids] == tokens.ids.tolist()
    shown = ribbon(tokens, focus=max(len(tokens) - 1, 0))
    assert shown["hidden"] + sum(len(chip["ids"]) for chip in shown["chips"]) == len(tokens)

    for chip in drawn:
        read = Read(str(token(chip.label)))
        assert [tag for tag, _ in read.opened] == ["code", "bdi"] and read.said == visible(chip.label)
        assert "<" not in plain_text(chip.label)
    page = Read(str(rich("<p>{text} and <b>{piece}</b></p>", text=text, piece="".join(tokens.pieces))))
    assert [tag for tag, _ in page.opened] == ["p", "b"] and all(not attributes for _, attributes in page.opened)
    assert page.said == f"{text} and {''.join(tokens.pieces)}"
