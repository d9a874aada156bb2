"""The model menu: what it offers and says before anything is loaded, and what happens when one is chosen."""

import json

import pytest

from model_backend import ModelUnavailable
from model_backend.base.progress import LoadingProgress
from model_backend.base.records import MachineMemory
from model_backend.engine import loading
from model_backend.hub import catalogue, fitting
from model_backend.serving import choosing
from pages.common import door, model_menu, waiting
from tests import tiny_models


def _menu(at) -> dict[str, dict]:
    """The rows of the open menu by the model's name, and under "" the heads."""
    at.button(key="model_picker").click().run()
    assert not at.exception and len(at.get("dialog")) == 1
    data = [json.loads(part.proto.json) for part in at.get("bidi_component")]
    tables = [table for table in data if isinstance(table, dict) and "models" in table]
    return {
        row["name"]: row | {"group": table["title"], "head": table["head"]}
        for table in tables
        for row in table["models"]
    }


def test_the_menu_says_everything_before_loading(open_screen):
    rows = _menu(open_screen("tokens"))
    assert set(rows) == {entry.name for entry in (*catalogue.entries(), *catalogue.hub_entries())}
    now = rows["bundled/storyteller"]
    assert now["group"] == "On this machine" and now["open"] is None and now["state"] == "in use"
    gpt2, entry = rows["openai-community/gpt2"], catalogue.describe("openai-community/gpt2")
    assert gpt2["group"] == "From the Hugging Face hub" and gpt2["head"][3] == "To download"
    needed = fitting.size(fitting.memory_needed(entry))
    assert gpt2["cells"] == ["writes on", "124 million", "548 MB", "mit", needed]
    assert "huggingface.co/google/gemma-3-1b-pt" in rows["google/gemma-3-1b-pt"]["hint"] and not gpt2["hint"]


def test_what_does_not_fit_is_shown_but_cannot_be_chosen(open_screen, monkeypatch):
    monkeypatch.setattr(choosing, "memory", lambda *_: MachineMemory("cpu", 0, 1_000_000_000))
    rows = _menu(open_screen("tokens"))
    for entry in catalogue.hub_entries():
        row, needed = rows[entry.name], fitting.memory_needed(entry)
        verdict = "too_big" if needed > 1e9 else "tight" if needed > 0.8e9 else "fits"
        assert (row["verdict"], row["open"]) == (verdict, None if verdict == "too_big" else "Download")
    assert {row["verdict"] for row in rows.values()} == {"fits", "tight", "too_big"}
    assert rows["Qwen/Qwen3-8B"]["state"] == "too big" and rows["Qwen/Qwen3-8B"]["fit"] == "no"


def test_another_model_is_opened_by_its_folder(open_screen, tmp_path):
    folder = str(tiny_models.save(tmp_path / "model", "gpt2"))
    at = open_screen("tokens")
    at.button(key="model_picker").click().run()
    at.text_input(key="model_other").set_value(folder).run()
    at.run()
    assert not at.exception and not at.get("dialog")
    assert at.session_state["_shared"]["model"] == folder
    assert door.info_if_open(folder).family == "gpt2"


def test_a_model_that_does_not_fit_after_all_is_told_with_both_numbers(open_screen, shown, tmp_path, monkeypatch):
    folder = str(tiny_models.save(tmp_path / "model", "gpt2"))
    monkeypatch.setattr(loading, "free_bytes", lambda device: 50_000_000)
    text = shown(open_screen("tokens", model=folder))
    assert "This model is too big for the memory that is free" in text and "50 MB are free" in text
    with pytest.raises(ModelUnavailable):
        door.open_model(folder)
    assert door.info_if_open(folder) is None


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (LoadingProgress("download", 0, 0), "Asking the model hub …"),
        (LoadingProgress("download", 274_000_000, 548_000_000), "Downloading: 274 MB of 548 MB"),
        (LoadingProgress("read", 1_200_000_000, 2_470_000_000), "Reading the weights: 1.2 GB of 2.5 GB"),
        (LoadingProgress("prepare", 0, 0), "Trying the model out …"),
    ],
)
def test_progress_in_words(progress, words):
    assert waiting.progress_words(progress) == words


def test_numbers_in_words():
    assert [model_menu.parameters(n) for n in (70_426_624, 999_885_952, 8_030_261_248)] == [
        "70 million", "1.0 billion", "8.0 billion",
    ]  # fmt: skip
    assert model_menu.kind_words("encoder") == "fills gaps"
