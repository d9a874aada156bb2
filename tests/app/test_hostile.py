"""Addresses and texts that mean harm, and what a shared run does not do: never an exception, never another model."""

import json

import pytest

from model_backend.engine import loading
from model_backend.hub import catalogue
from pages.common import door, server_settings, state
from pages.common.page_map import PAGES
from pages.tokens import comparing
from tests import tiny_models

MARKUP = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
TEXTS = {
    "markup": MARKUP + '"><svg onload=window.pwned=1>',
    "markdown": "[x](javascript:window.pwned=1) ![x](x) `c` **b** :red[r] $\\href{javascript:window.pwned=1}{x}$ <b>x</b>",
    "templates": "{{7*7}} {} {0} {n} {name.__class__} %s %(x)s ${x} \\n \\u003cb\\u003e",
    "odd characters": "a\u202eb\u2066c\0d\x1b[31m \ufeff\u2028 Z̸̢a̴͇l̷̰g̵͉o̶ 👩‍👩‍👧‍👦🏴‍☠️ \U0001f1e9 \ud7ff\uffff",
}
WRONG = {
    "nothing": "", "huge": "9" * 5_000, "negative": "-1", "nan": "nan", "infinite": "1e999", "tiny": "1e-320", "markup": MARKUP,
    "large": "999999999", "a list": "1,2,3,,x", "path": "../../../../etc/passwd", "full width": "１",
}  # fmt: skip


@pytest.fixture
def shared(monkeypatch):
    """A run that its owner shares: two models, texts of at most 60 characters, at most 30 new tokens."""
    for name, value in {
        "SHARED": "1", "MODELS": "bundled/storyteller,bundled/cloze", "MAX_CHARACTERS": "60", "MAX_NEW_TOKENS": "30",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"TOKENSCOPE_{name}", value)
    _read_settings_anew()
    yield
    monkeypatch.undo()
    _read_settings_anew()


def _read_settings_anew() -> None:
    server_settings.settings.cache_clear()
    door.desk.clear()


@pytest.mark.parametrize("raw", WRONG.values(), ids=WRONG.keys())
def test_every_field_of_the_address_may_be_wrong(open_screen, raw):
    """All fields but the model at once, on a screen that uses most of them."""
    key = PAGES[list(WRONG.values()).index(raw) % len(PAGES)].key
    wrong = {name: raw for name in state.FIELDS if name not in ("model", "lang")}
    at = open_screen(key, **wrong, nosuch=raw, lang="tlh")
    assert not at.exception, [e.message for e in at.exception]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_hostile_texts_are_text_on_every_screen(open_screen, page):
    text = list(TEXTS.values())[PAGES.index(page) % len(TEXTS)]
    at = open_screen(page.key, prompt=text, target=text, words=text)
    assert not at.exception, [e.message for e in at.exception]
    bodies = "".join(html.proto.body for html in at.get("html"))
    assert "<img src=x" not in bodies and "<script" not in bodies and "<svg onload" not in bodies


@pytest.mark.parametrize("name", [*TEXTS.values(), WRONG["nothing"], WRONG["huge"], WRONG["path"]])
def test_hostile_model_names_are_refused_as_text(open_screen, name):
    at = open_screen("home", model=name)
    assert not at.exception, [e.message for e in at.exception]
    bodies = "".join(html.proto.body for html in at.get("html"))
    assert "<img src=x" not in bodies and "<script" not in bodies


@pytest.mark.parametrize("way", ["folder", "hub id", "another bundled model", "a path to a bundled model"])
def test_a_shared_run_opens_no_model_by_its_address(open_screen, shown, shared, tmp_path, monkeypatch, way):
    folder = str(tiny_models.save(tmp_path / "model"))
    name = {
        "folder": folder, "hub id": "openai-community/gpt2", "another bundled model": "bundled/assistant",
        "a path to a bundled model": str(catalogue.BUNDLED / "assistant"),
    }[way]  # fmt: skip
    monkeypatch.setattr(loading, "open_model", lambda *args, **options: pytest.fail("it was opened"))
    text = shown(open_screen("tokens", model=name))
    assert "This model is not offered here" in text and "bundled/storyteller, bundled/cloze" in text


def test_a_shared_run_offers_its_list_alone(open_screen, shared):
    at = open_screen("tokens")
    at.button(key="model_picker").click().run()
    assert not at.exception and not [field for field in at.text_input if field.key == "model_other"]
    data = [json.loads(part.proto.json) for part in at.get("bidi_component") if part.proto.json]
    (table,) = [table for table in data if isinstance(table, dict) and "models" in table]
    assert [row["name"] for row in table["models"]] == ["bundled/storyteller", "bundled/cloze"]


def test_a_listed_folder_is_described_by_its_files(shared, tmp_path, monkeypatch):
    folder = str(tiny_models.save(tmp_path / "ours", "bert"))
    monkeypatch.setenv("TOKENSCOPE_MODELS", folder)
    _read_settings_anew()
    (choice,), elsewhere = door.desk().choices()
    entry, n_parameters = choice.entry, door.open_model(folder).info.n_parameters
    assert (entry.title, entry.kind, entry.max_positions, elsewhere) == ("ours", "encoder", 64, [])
    assert n_parameters <= entry.n_parameters < 2 * n_parameters


def test_a_shared_run_reads_no_tokenizer_by_its_path(shared, tmp_path):
    """The list of names takes new ones only in a private run, but a page can be made to send anything."""
    cut = comparing.named_cut("The dog", str(tiny_models.save(tmp_path / "model")))
    assert not cut.is_available and "This server does not offer the model" in cut.reason
    assert comparing.named_cut("The dog", "bundled/assistant").is_available


def test_a_shared_run_bounds_texts_and_steps(open_screen, shown, shared):
    text = shown(open_screen("prediction", prompt="word " * 20))
    assert "The text is longer than this server reads" in text and "100 characters" in text and "at most 60" in text
    at = open_screen("generation", prompt="The dog")
    (length,) = [field for field in at.number_input if field.key == "generation_length"]
    assert length.max == 30
