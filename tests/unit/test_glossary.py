"""The glossary and the help: each word once, each reference known, each place there, and no picture promised that no screen has."""

import re
from pathlib import Path

import pytest

from pages.common import glossary
from pages.common.guides import KINDS, guide_of
from pages.common.literature import SOURCES, cited, short
from pages.common.page_map import BESIDE, BY_KEY, PAGES

ROOT = Path(__file__).parents[2]
GUIDES = [(page.key, kind) for page in PAGES for kind in KINDS]
NEEDED = [
    "token",
    "tokenizer",
    "vocabulary",
    "byte-pair encoding",
    "merge",
    "special token",
    "embedding",
    "vector",
    "cosine",
    "dot product",
    "PCA",
    "UMAP",
    "t-SNE",
    "trustworthiness",
    "attention",
    "head",
    "query",
    "key",
    "value",
    "mask",
    "softmax",
    "residual stream",
    "layer norm",
    "MLP",
    "neuron",
    "logit",
    "logit lens",
    "attribution",
    "probability",
    "log-probability",
    "nat",
    "bit",
    "entropy",
    "surprisal",
    "perplexity",
    "cross-entropy loss",
    "temperature",
    "top-k",
    "top-p",
    "min-p",
    "repetition penalty",
    "presence penalty",
    "frequency penalty",
    "greedy",
    "seed",
    "sampling",
    "beam search",
    "length penalty",
    "KV cache",
    "prefill",
    "context window",
    "chat template",
    "system prompt",
    "end token",
    "encoder",
    "decoder",
    "encoder-decoder",
    "cross-attention",
    "masked language model",
    "pseudo-log-likelihood",
    "position encoding",
    "rotary",
    "ALiBi",
    "grouped-query attention",
    "sliding window",
    "mixture of experts",
    "parameter",
    "FLOP",
    "quantisation",
    "rollout",
    "attention sink",
    "induction head",
]


def test_every_word_that_the_screens_use_has_one_entry():
    forms = [form.lower() for entry in glossary.TERMS for form in entry.names.split("|")]
    assert len(forms) == len(set(forms))
    assert {word.lower() for word in NEEDED} <= set(forms)
    assert len(glossary.BY_TERM) == len(glossary.TERMS)


def test_entries_are_short_whole_sentences_with_known_sources_and_a_screen():
    for entry in glossary.TERMS:
        n_sentences = len(re.findall(r"[.!?](?= |$)", entry.meaning.replace("e ≈ 2.7", "")))
        assert 1 <= n_sentences <= 3, entry.key
        assert entry.meaning.endswith("."), entry.key
        assert entry.screen in {page.key for page in PAGES}
        assert all(source in SOURCES for source, _ in entry.references)
    used = {source for entry in glossary.TERMS for source, _ in entry.references}
    used |= {source for key, kind in GUIDES for source, _ in guide_of(key, kind).literature}
    assert used == set(SOURCES)


def test_a_reference_is_written_out_and_escaped():
    assert short(("vaswani2017", "§ 3.2.1")) == "Vaswani et al. 2017, § 3.2.1"
    assert cited(("wu2016", "§ 7")) == (
        '<span lang="en">Wu et al. (2016). <a href="https://arxiv.org/abs/1609.08144" target="_blank" rel="noreferrer"><cite>'
        "Google&#39;s Neural Machine Translation System: Bridging the Gap between Human and Machine Translation</cite></a>. "
        "arXiv, § 7.</span>"
    )


def test_a_marked_word_can_be_reached_by_keyboard_and_names_its_entry():
    assert glossary.term("kv cache") == (
        '<span class="ts-term" data-term="kv cache" role="button" tabindex="0">KV cache</span>'
    )


@pytest.mark.parametrize(("key", "kind"), GUIDES)
def test_a_guide_names_known_words_sources_and_cards_of_its_screen(key, kind):
    guide = guide_of(key, kind)
    assert len(set(guide.looking)) == len({preset.key for preset in guide.presets}) == 3
    assert set(guide.words) <= set(glossary.BY_TERM)
    assert all(source in SOURCES for source, _ in guide.literature)
    sources = [ROOT / BY_KEY[key].file, *(ROOT / "pages" / key).glob("*.py")]
    code = "".join(path.read_text("utf-8") for path in sources if path.name != "guide.py")
    for preset in guide.presets:
        assert f'"{preset.card}"' in code
        assert all(f'"{widget}"' in code or re.search(r"_\d+$", widget) for widget in preset.widgets)


def test_the_glossary_can_be_reached_but_is_no_station():
    (page,) = BESIDE
    assert BY_KEY["glossary"] is page and page not in PAGES
    assert (ROOT / page.file).is_file() and page.url_path == "Glossary"
