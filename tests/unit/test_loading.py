"""open_model: what it finds, how it decides, and every failure in plain words."""

import json
import pickle
import socket
import time

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import RwkvConfig, RwkvForCausalLM

from model_backend import BackendError, ModelUnavailable, OutOfMemory, UnsupportedArchitecture, open_model
from model_backend.engine import building
from model_backend.hub import catalogue
from model_backend.hub import download as hub
from model_backend.hub.catalogue import CatalogueEntry
from model_backend.hub.finding import find_folder
from tests import tiny_models
from tests.tiny_models import network


def _reason(name, **options) -> str:
    """The reason why it cannot be opened; message and hint are whole sentences."""
    with pytest.raises(ModelUnavailable) as error:
        open_model(str(name), **options)
    assert error.value.message.endswith(".") and error.value.hint[-1] in ".?"
    return error.value.details["reason"]


def _edit_config(folder, **changes):
    path = folder / "config.json"
    config = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in config.items() if value is not None}))


def test_info_of_a_llama(tiny):
    """Catches: key-value heads taken for heads, the head size computed where the config states it (Qwen 3), shared
    weights counted twice (Gemma 2 ties its output matrix)."""
    info = tiny("llama").info
    assert (info.kind, info.family, info.n_layers, info.n_heads, info.n_kv_heads) == ("decoder", "llama", 3, 4, 2)
    assert (info.d_model, info.d_head, info.vocab_size, info.max_positions) == (32, 8, 400, 64)
    assert (info.device, info.dtype) == ("cpu", "float32")
    assert tiny("qwen3").info.d_head == 16
    per_block = 3 * 32 * 64 + 2 * 32 * 32 + 2 * 32 * 16 + 2 * 32
    assert info.n_parameters == 2 * 400 * 32 + 3 * per_block + 32
    assert tiny("gemma2").info.n_parameters == sum(p.numel() for p in set(network("gemma2").parameters()))
    assert tiny("bert").info.kind == "encoder" and tiny("bloom").info.max_positions == 2048


def test_embedding_matrices(tiny):
    model = tiny("llama")
    assert model.embedding_matrix().shape == model.unembedding_matrix().shape == (400, 32)
    assert torch.equal(torch.tensor(model.embedding_matrix()), network("llama").model.embed_tokens.weight)
    assert torch.equal(torch.tensor(model.unembedding_matrix()), network("llama").lm_head.weight)
    with pytest.raises(ValueError):
        model.embedding_matrix()[0, 0] = 1


def test_half_precision_files_open_as_float32_and_bfloat16_on_request(tiny_folder):
    weights = load_file(tiny_folder / "model.safetensors")
    save_file({k: v.half() for k, v in weights.items()}, tiny_folder / "model.safetensors", metadata={"format": "pt"})
    _edit_config(tiny_folder, dtype="float16")
    model = open_model(str(tiny_folder))
    assert model.info.dtype == "float32" and model.network.dtype == torch.float32
    small = open_model(str(tiny_folder), dtype="bfloat16", device="cpu")
    assert small.network.dtype == torch.bfloat16 and small.trace("the dog").logits().dtype == "float32"
    # eight bits of mantissa: the third digit
    torch.testing.assert_close(small.trace("the dog").attention(0).sum(-1).tolist(), [[1.0] * 3] * 4, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    "name",
    ["", " ", "a\0b", "\ud800", "x" * 10_000, "../..", "..", "bundled/../..", "bundled/nothing", "a/b/c", "/no/such/folder",
     "./nothing", "what is this?", "~nobody/model", "owner/model;rm", "<b>", "\n"],
)  # fmt: skip
def test_names_that_name_nothing(name):
    assert _reason(name) == "unknown"


def test_a_folder_far_down_opens(tiny_folder, tmp_path):
    """Catches: a path that is too long to be shown whole taken for one that cannot be."""
    far = tmp_path / ("a" * 60) / ("b" * 60)
    far.mkdir(parents=True)
    (far / "model").symlink_to(tiny_folder)
    assert find_folder(str(far / "model")) == far / "model"


def test_close_names_are_suggested(monkeypatch, tmp_path):
    entry = CatalogueEntry("bundled/storyteller", "S", "decoder", "bundled", 1, 1, "MIT", "", ("en",), tmp_path)
    monkeypatch.setattr(catalogue, "entries", lambda: (entry,))
    for name in ("storyteler", "bundled/storytellr", "Storyteller"):
        with pytest.raises(ModelUnavailable) as error:
            open_model(name)
        assert (
            error.value.details["suggestions"] == ["bundled/storyteller"] and "bundled/storyteller" in error.value.hint
        )


def test_an_offline_machine_says_so_at_once(monkeypatch):
    """Catches: half a minute of retries. The second case has no offline flag, only no network."""
    start = time.perf_counter()
    assert _reason("openai-community/gpt2-that-is-not-here") == "offline"
    monkeypatch.setattr(hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    with socket.socket() as taken:  # a port that nobody listens on
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr(hub.constants, "ENDPOINT", f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert _reason("openai-community/gpt2-that-is-not-here") == "offline"
    assert time.perf_counter() - start < 5 * hub.CONNECT_SECONDS


def test_a_cached_hub_model_opens_without_a_network(monkeypatch, tmp_path):
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "models--someone--tiny"
    tiny_models.save(repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    monkeypatch.setattr(hub.constants, "HF_HUB_CACHE", str(tmp_path))
    download = hub.snapshot_download
    monkeypatch.setattr(hub, "snapshot_download", lambda *a, **k: download(*a, **k, cache_dir=tmp_path))
    model = open_model("someone/tiny")
    assert model.info.name == "someone/tiny" and model.info.revision == commit


def test_gated_and_absent_repositories(monkeypatch):
    import httpx2
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    monkeypatch.setattr(hub, "is_online", lambda: True)
    for error_class, reason in ((GatedRepoError, "gated"), (RepositoryNotFoundError, "unknown")):

        def refuse(*args, error_class=error_class, local_files_only=False, **options):
            if local_files_only:
                raise hub.LocalEntryNotFoundError("not cached")
            raise error_class("no", response=httpx2.Response(401, request=httpx2.Request("GET", "https://example.org")))

        monkeypatch.setattr(hub, "snapshot_download", refuse)
        assert _reason("someone/private") == reason


def test_folders_that_are_not_whole(tiny_folder, tmp_path):
    (tmp_path / "empty").mkdir()
    assert _reason(tmp_path / "empty") == "broken"
    weights = tiny_folder / "model.safetensors"
    whole = weights.read_bytes()

    weights.write_bytes(whole[: len(whole) // 2])
    assert _reason(tiny_folder) == "broken"
    weights.write_bytes(b"\xff" * 100)
    assert _reason(tiny_folder) == "broken"
    weights.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(ModelUnavailable, match="pointer"):
        open_model(str(tiny_folder))
    weights.unlink()
    assert _reason(tiny_folder) == "no_weights"

    (tiny_folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": "model-1.safetensors"}}))
    assert _reason(tiny_folder) == "no_weights"
    (tiny_folder / "model.safetensors.index.json").write_text("[")
    assert _reason(tiny_folder) == "broken"
    (tiny_folder / "model.safetensors.index.json").unlink()

    weights.write_bytes(whole)
    (tiny_folder / "config.json").write_text("{")
    assert _reason(tiny_folder) == "broken"


def test_pickles_are_refused_and_not_run(tiny_folder, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "pwned"), "w"))

    (tiny_folder / "model.safetensors").unlink()
    (tiny_folder / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    assert _reason(tiny_folder) == "pickle_only"
    assert not (tmp_path / "pwned").exists()


def test_tokenizers_missing_or_damaged(tiny_folder):
    (tiny_folder / "tokenizer.json").write_text("{}")
    assert _reason(tiny_folder) == "no_tokenizer"
    (tiny_folder / "tokenizer.json").unlink()
    assert _reason(tiny_folder) == "no_tokenizer"
    (tiny_folder / "tokenizer_config.json").unlink()
    assert _reason(tiny_folder) == "no_tokenizer"


def test_weights_that_do_not_fit(tiny_folder):
    """A shape that differs, and a weight that is missing: transformers would fill it with random numbers in silence."""
    _edit_config(tiny_folder, vocab_size=401)
    assert _reason(tiny_folder) == "broken"
    _edit_config(tiny_folder, vocab_size=400)
    weights = load_file(tiny_folder / "model.safetensors")
    del weights["transformer.h.1.mlp.c_fc.weight"]
    save_file(weights, tiny_folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelUnavailable, match="random"):
        open_model(str(tiny_folder))


def test_architectures_that_cannot_be_shown(tiny_folder):
    for changes in (
        dict(model_type="no-such-type"),
        dict(model_type="no-such-type", auto_map={"AutoConfig": "own.Config"}),
        dict(model_type="vit", architectures=["ViTForImageClassification"]),
        dict(model_type="whisper", architectures=["WhisperForConditionalGeneration"], is_encoder_decoder=True),
    ):
        folder = tiny_folder
        before = (folder / "config.json").read_text()
        _edit_config(folder, **changes)
        with pytest.raises(BackendError) as error:
            open_model(str(folder))
        assert isinstance(error.value, UnsupportedArchitecture) and error.value.hint, changes
        (folder / "config.json").write_text(before)


def test_a_bert_is_an_encoder_although_transformers_would_build_a_decoder(tmp_path):
    folder = tiny_models.save(tmp_path / "bert", "bert")
    assert open_model(str(folder)).info.kind == "encoder"


def test_no_code_of_a_repository_runs(tiny_folder, tmp_path):
    (tiny_folder / "own.py").write_text(f"open({str(tmp_path / 'pwned')!r}, 'w')\n")
    _edit_config(
        tiny_folder, model_type="own", auto_map={"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"}
    )
    with pytest.raises(UnsupportedArchitecture):
        open_model(str(tiny_folder))
    assert not (tmp_path / "pwned").exists()


def test_devices_and_formats_that_are_not_there(tiny_folder):
    assert _reason(tiny_folder, device="cuda:99") == "no_device"
    assert _reason(tiny_folder, device="quantum") == "no_device"
    assert _reason(tiny_folder, dtype="int3") == "no_device"


def test_running_out_of_memory_while_loading(tiny_folder, monkeypatch):
    def full(*args, **options):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(building.AutoModelForCausalLM, "from_pretrained", full)
    with pytest.raises(OutOfMemory) as error:
        open_model(str(tiny_folder))
    assert error.value.hint


def test_a_tokenizer_that_cuts_long_texts_is_told_not_to(tiny_folder):
    """Some published tokenizers carry a length at which they cut in silence."""
    path = tiny_folder / "tokenizer.json"
    description = json.loads(path.read_text())
    description["truncation"] = dict(direction="Right", max_length=4, strategy="LongestFirst", stride=0)
    path.write_text(json.dumps(description))
    assert len(open_model(str(tiny_folder)).tokenize("a b c d e f g")) > 7


def test_a_family_that_would_forget_what_it_read_is_refused(tmp_path):
    """RWKV keeps its state under a name of its own: with the usual cache each step would see one token. Catches: text
    written by a model that reads nothing, shown as its own."""
    config = RwkvConfig(vocab_size=400, hidden_size=32, num_hidden_layers=2, attention_hidden_size=32)
    model = RwkvForCausalLM(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0)) * 0.3)
    model.save_pretrained(tmp_path)
    tiny_models.byte_level().save_pretrained(tmp_path)
    with pytest.raises(UnsupportedArchitecture, match="cannot be kept"):
        open_model(str(tmp_path))
