"""The catalogue of translations is complete, and the backend's words can be translated."""

import copy
import gettext
import pickle

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from model_backend import BackendError, PromptTooLong
from model_backend.base.sentences import Sentence, fill
from pages.common import text
from scripts import messages

RUN = "run `make messages`, then translate what it says is missing"


def ids(catalogue: Catalog) -> set:
    return {message.id for message in catalogue if message.id}


@pytest.fixture(scope="module")
def template() -> Catalog:
    """What stands in the source now."""
    return messages.template()


def test_the_template_holds_every_sentence_of_the_source(template):
    with messages.TEMPLATE.open("rb") as file:
        assert ids(read_po(file)) == ids(template), RUN


@pytest.mark.parametrize("path", messages.languages(), ids=lambda path: path.parts[-3])
def test_a_language_is_complete(template, path):
    catalogue = messages.read(path)
    assert ids(catalogue) == ids(template), RUN
    assert not catalogue.obsolete
    wrong = [f"{message.id!r} {what}" for message, what in messages.complaints(catalogue)]
    assert not wrong, "\n".join(wrong)
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    kept = {key: said for key, said in compiled._catalog.items() if key}
    written = {(m.id[0], i): said for m in catalogue if m.pluralizable for i, said in enumerate(m.string)}
    written |= {m.id: m.string for m in catalogue if m.id and not m.pluralizable}
    assert kept == written, RUN


def test_every_language_of_the_switch_has_its_words():
    assert set(text.LANGUAGES) == set(text.TAGS)
    folders = {path.parts[-3].replace("_", "-") for path in messages.languages()}
    assert folders == {tag for name, tag in text.TAGS.items() if name != text.DEFAULT_LANGUAGE}
    assert text._catalogue("zh").gettext("Tokens") == "词元"
    assert text._catalogue("zh").ngettext("{n} token", "{n} tokens", 1) == "{n} 个词元"


@pytest.mark.parametrize(
    ("asked", "given"), [("zh-CN", "zh"), ("zh-TW", "zh"), ("zh", "zh"), ("de-AT", "en"), (None, "en"), ("", "en")]
)
def test_the_browser_says_the_language(asked, given):
    assert text.of_browser(asked) == given


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('t("One.")', ["One."]),
        ('t("One " "and two.", n=1)', ["One and two."]),
        ('rich("<b>{n}</b>" if many else "none")', ["<b>{n}</b>", "none"]),
        ('tn("{n} dog", "{n} dogs", 3)', [("{n} dog", "{n} dogs")]),
        ('raise PromptTooLong("Long.", "Shorten it.", n=3)', ["Long.", "Shorten it."]),
        ('Page("key", "file.py", "Title", "Question?")', ["Title", "Question?"]),
        ("t(title)", []),
        ('other("No.")', []),
    ],
)
def test_sentences_are_found(source, found):
    assert list(messages.sentences(source, "page.py")) == found


@pytest.mark.parametrize("source", ['t(f"{n} dogs")', 't("a " + b)', 'raise BackendError(f"{n} dogs", "Fewer.")'])
def test_a_glued_sentence_is_refused(source):
    with pytest.raises(messages.Glued):
        list(messages.sentences(source, "page.py"))


@pytest.mark.parametrize(
    ("id", "string", "what"),
    [
        ("Yes.", "", "is missing"),
        (("{n} dog", "{n} dogs"), ("{n} 只狗",), None),
        (("{n} dog", "{n} dogs"), ("{n} 只狗", "{n} 只狗"), "is missing"),
        ("{n:,} of {all}", "{all} 中的 {n:,}", None),
        ("{n:,} of {all}", "{all} 中的 {n}", "has other gaps"),
        ("<b>{n}</b> dogs", "{n} 只狗", "has other tags"),
        ('<a href="x">dogs</a>', '<a href="y">狗</a>', "has other tags"),
    ],
)
def test_a_bad_translation_is_found(id, string, what):
    catalogue = Catalog(locale="zh_CN")
    catalogue.add(id, string)
    assert [found for _, found in messages.complaints(catalogue)] == ([what] if what else [])


def test_an_unchecked_translation_is_found():
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("Yes.", "是。", flags=["fuzzy"])
    assert [found for _, found in messages.complaints(catalogue)] == ["is marked fuzzy"]


def test_a_sentence_can_be_said_in_another_language():
    words = gettext.translation("tokenscope", str(messages.LOCALE), languages=["zh_CN"]).gettext
    error = PromptTooLong(
        "The text has {n_tokens:,} tokens; {name} takes at most {max_positions:,}.", "Choose different words.",
        n_tokens=1200, max_positions=256, name="{n_tokens}",
    )  # fmt: skip
    assert error.message == "The text has 1,200 tokens; {n_tokens} takes at most 256."
    assert str(error) == f"{error.message} {error.hint}" and error.details["n_tokens"] == 1200
    for same in (error, pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert same.message.said(words) == "这段文本有 1,200 个词元；{n_tokens} 最多只能读 256 个。"
    nested = Sentence("There is too little memory for {what}.", what=Sentence("predicting"))
    assert nested == "There is too little memory for predicting." and nested.said(words) == "内存不够：预测。"


def test_a_finished_sentence_stays_as_it_is():
    error = BackendError("“{x}” is {no} word: {", word="y")
    assert error.message == "“{x}” is {no} word: {" == fill(error.message.template, error.details)
    assert error.hint == "" and str(error) == error.message
