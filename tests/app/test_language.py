"""The language of the screen: every word of ours is translated, on every screen."""

import re

import pytest

from model_backend.base.languages import SENTENCES
from pages.common import glossary, text
from pages.common.page_map import BY_KEY
from scripts import messages
from tests.app.words_shown import texts

PROMPTS = {
    "storyteller": "The dog's bark was",
    "cloze": "Paris is the capital of [MASK].",
    "interpreter": "I have two dogs.",
}
SCREENS = [(key, model) for key in BY_KEY for model in PROMPTS]
# what stays as it is: data, names, text to be edited
DATA = re.compile(
    r"glossary\.terms\[\]\.(key|sources|anchor)|glossary\.page|token_inspector\.chips.*\.name"
    r"|language_cost\.rows\[\]\.(native|sentence)"
    r"|(prompt|presets?)\.examples\[\]\.text|toolbar\.(languages|pages|language)"
    r"|(text_input|text_area|number_input)\.(value|default)|writer\.speed$|figure\.data\[\]\.mode"
    r"|cuts\.rows\[\]\.(name|title)|\.rows\[\]\.(label|guess)$"
)
NAMES = re.compile(
    r"“[^”]*”|&lt;pad>|^(UMAP|t-SNE)$|OpenAI \w+|Token(?=scope|$)|\b(Hugging Face|GPT-\w+ and GPT-\w+)\b"
)
PROMPTS_OF_OURS = (
    "Once upon a",
    "The opposite of hot is",
    "My favourite thing is",
    "one, two, three, four,",
    *SENTENCES,
)
WIDE = {code: code + 0xFEE0 for code in range(ord("A"), ord("z") + 1) if chr(code).isalpha()}


class WideLetters:
    """A catalogue that translates into wide letters, "Tokens" into "Ｔｏｋｅｎｓ", and leaves tags and gaps alone."""

    def gettext(self, sentence: str) -> str:
        parts = re.split(r"(<[^>]*>|\{[^{}]*\}|&\w+;)", sentence)
        return "".join(part if part[:1] in ("<", "{", "&") else part.translate(WIDE) for part in parts)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every English sentence of the catalogue."""
    ids = [message.id for message in messages.template() if message.id]
    return {sentence for id in ids for sentence in (id if isinstance(id, tuple) else (id,))}


def english(shown: list[tuple[str, str]], prompt: str, known: set[str]) -> list[tuple[str, str]]:
    """What is English there and no data: two words in a row, or a single one that the catalogue knows."""
    known = {sentence for sentence in known if re.search("[A-Za-z]{2}", re.sub(r"{[^}]*}", "", sentence))}
    found = []
    for place, raw in shown:
        said = NAMES.sub("", raw.replace(prompt, "")).strip()
        if (
            said
            and not said.startswith(PROMPTS_OF_OURS)
            and not DATA.search(place)
            and (re.search(r"[A-Za-z]{2,}[ ,:;]+[A-Za-z]{2,}", said) or said in known)
        ):
            found.append((place, raw))
    return found


@pytest.mark.parametrize(("key", "model"), SCREENS, ids=lambda part: part)
def test_no_word_of_ours_stays_english(open_screen, monkeypatch, known, key, model):
    monkeypatch.setattr(text, "_catalogue", lambda language: WideLetters())
    monkeypatch.setattr(glossary, "_entries", glossary._entries.__wrapped__)  # kept words would outlive this test
    at = open_screen(key, model=f"bundled/{model}", prompt=PROMPTS[model])
    assert not at.exception, [e.message for e in at.exception]
    shown = list(texts(at))
    assert any("Ｔｅｘｔ" in said for _, said in shown)
    assert not english(shown, PROMPTS[model], known)


def test_english_is_found_where_it_is():
    shown = [
        ("html", "ｔｗｏ words here"),
        ("button.label", "Play"),
        ("html", "Ｐｌａｙ"),
        ("bars.rows[].label", " dog"),
    ]
    assert english(shown, "a prompt", {"Play"}) == shown[:2]


def test_a_screen_in_chinese(open_screen, shown):
    at = open_screen("prediction", lang="zh", prompt="word " * 400)
    said = shown(at)
    assert "文本太长，这个模型一次读不完" in said and re.search(
        "这段文本有 40. 个词元；bundled/storyteller 最多只能读 256 个。", said
    )
    at.button(key="error_keep_last").click().run()
    assert "接下来是什么？" in shown(at) and not at.exception


def test_the_language_changes_while_a_screen_is_in_use(open_screen, shown):
    at = open_screen("tokens", prompt="The dog")
    at.selectbox(key="tokens_language_tokenizer").set_value("plain bytes").run()  # an option that has another name then
    assert "How would others cut it?" in shown(at) and not at.exception
    at.query_params["lang"] = "zh"
    at.run()
    assert not at.exception, [e.message for e in at.exception]
    assert "别的分词器会怎么切？" in shown(at) and "How would" not in shown(at)
