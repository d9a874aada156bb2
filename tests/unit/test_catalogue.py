"""The catalogue tells what the folders hold."""

import pytest
import torch
from safetensors.torch import save_file

from model_backend import open_model
from model_backend.hub import catalogue


def test_entries_are_what_is_there():
    for entry in catalogue.entries():
        assert entry.path.is_dir() and (entry.path / "model.safetensors").is_file()
        assert catalogue.find(entry.name) == entry
        assert entry.bytes_on_disk >= (entry.path / "model.safetensors").stat().st_size
        info = open_model(entry.name).info
        assert info.kind == entry.kind
        # stored and held differ a little: a Marian computes its positions, and stores an output bias that is no parameter
        assert info.n_parameters == pytest.approx(entry.n_parameters, rel=0.01 if info.family == "marian" else 0)
    assert catalogue.find("bundled/nothing") is None


def test_an_entry_exists_only_with_its_weights(monkeypatch, tmp_path):
    monkeypatch.setattr(catalogue, "BUNDLED", tmp_path)
    assert catalogue.entries() == ()
    folder = tmp_path / "storyteller"
    folder.mkdir()
    assert catalogue.entries() == ()
    save_file({"a": torch.zeros(2, 3), "b": torch.zeros(5)}, folder / "model.safetensors")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\nlanguage:\n- en\n- de\n---\n# A title: not a key\n")
    (entry,) = catalogue.entries()
    assert entry.name == "bundled/storyteller" and entry.n_parameters == 11
    assert (entry.licence, entry.languages) == ("apache-2.0", ("en", "de"))
    assert entry.bytes_on_disk == sum(file.stat().st_size for file in folder.iterdir())


@pytest.mark.parametrize(
    ("card", "licence", "languages"),
    [
        (b"---\nlicense: mit\nlanguage: [en, no]\n---\n", "mit", ("en", "no")),
        (b"\xef\xbb\xbf---\r\nlicense: mit  # free\r\nlanguage: 'de'\r\n---\r\n", "mit", ("de",)),
        (b"---\nlicense:\nlanguage: {en: 1}\ntags: [1, true]\n---\n", "", ()),
        (b"---\nlicense: [mit\n---\n", "", ()),
        (b"---\n- mit\n---\n", "", ()),
        (b"---\nlicense: mit\nname: \xff\xfe\n---\n", "", ()),
        (b"---\nlicense: " + b"[" * 1000 + b"\n---\n", "", ()),
        (b"# Only words\n", "", ()),
        (b"", "", ()),
        (None, "", ()),
    ],
)
def test_a_card_is_read_as_yaml_and_a_broken_one_is_none(card, licence, languages, tmp_path):
    """Catches: Norwegian taken for False, a mark of byte order taken for text, an error where the card is broken."""
    (tmp_path / "README.md").mkdir() if card is None else (tmp_path / "README.md").write_bytes(card)
    entry = catalogue.of_folder("a model", tmp_path)
    assert (entry.licence, entry.languages) == (licence or "see its model card", languages)


def test_bundled_models_say_what_they_need_and_hub_models_are_described_without_being_here():
    for entry in catalogue.entries():
        assert entry.max_positions == open_model(entry.name).info.max_positions and entry.numbers_per_token > 0
    gpt2 = catalogue.describe("openai-community/gpt2")
    assert (gpt2.source, gpt2.path, gpt2.licence) == ("hub", None, "mit")
    assert gpt2 in catalogue.hub_entries() and catalogue.find(gpt2.name) is None
    assert catalogue.describe("nobody/nothing") is None
