"""How much a model needs, how much is free, and that a model that does not fit is refused before it is loaded."""

import json
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file, save_file

from model_backend import ModelUnavailable, open_model
from model_backend.base import machine
from model_backend.base.progress import LoadingProgress, Meter, download_bar
from model_backend.engine import loading
from model_backend.hub import catalogue, fitting
from model_backend.hub import download as hub
from model_backend.hub.checkpoint import count_numbers, count_whole, weight_files
from tests import tiny_models


@pytest.mark.parametrize("family", ["gpt2", "llama", "qwen3", "bert", "distilbert", "t5", "bart"])
def test_numbers_per_token_are_those_of_a_trace(tiny, tmp_path, family):
    """The config alone says what a real trace then keeps; catches grouped heads and d_head ≠ d_model / heads forgotten."""
    model = tiny(family)
    config = json.loads((tiny_models.save(tmp_path, family) / "config.json").read_text())
    tokens = model.tokenize("the dog's bark was")
    trace = model.trace(tokens, tokens) if model.info.kind == "encoder-decoder" else model.trace(tokens)
    kept = trace.nbytes / 4
    expected = fitting.numbers_per_token(config) * len(tokens)
    if model.info.kind == "encoder-decoder":  # the decoder may read a start token more, and have fewer heads
        assert kept == pytest.approx(expected, rel=0.25)
    else:
        assert kept == expected


def test_memory_needed_by_hand():
    """Pythia 70M: 70,426,624 numbers; a token keeps 7 · 512 + 6 · 16 · 64 = 9,728."""
    entry = catalogue.describe("EleutherAI/pythia-70m")
    assert entry.numbers_per_token == 9_728
    weights, trace = 70_426_624 * 4, 9_728 * 512 * 4
    assert fitting.memory_needed(entry) == pytest.approx(weights * 1.05 + trace + 100e6, abs=2)
    assert fitting.memory_needed(entry, "cuda") == pytest.approx((weights * 1.05 + trace) / 2 + 100e6, abs=2)


def test_verdicts():
    entry = catalogue.describe("openai-community/gpt2")
    needed = fitting.memory_needed(entry)
    for free, verdict in ((needed - 1, "too_big"), (needed, "tight"), (2 * needed, "fits")):
        fit = fitting.fits(entry, free=free)
        assert (fit.verdict, fit.needed_bytes, fit.free_bytes, fit.device) == (verdict, needed, free, "cpu")
    assert fitting.judge(1, None, "cpu").verdict == "unknown"


def test_free_memory_is_what_the_system_says(monkeypatch):
    """Catches: a container's limit above what the system has, a system that does not say, pages counted as bytes."""
    assert 0 < machine.free_bytes("cpu") < 1 << 50
    monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: SimpleNamespace(available=42_000, free=10_000))
    for limit, free in ((None, 42_000), (50_000, 42_000), (30_000, 30_000), (0, 0)):
        monkeypatch.setattr(machine, "_free_in_cgroup", lambda limit=limit: limit)
        assert machine.free_bytes("cpu") == free

    def silent():
        raise FileNotFoundError("/proc/meminfo")

    monkeypatch.setattr(machine.psutil, "virtual_memory", silent)
    assert machine.free_bytes("cpu") == 0
    monkeypatch.setattr(machine, "_free_in_cgroup", lambda: None)
    assert machine.free_bytes("cpu") is None


def test_the_narrowest_cgroup_counts(tmp_path):
    """Catches: the limit of an outer group overlooked, `max` taken for a number, file cache counted as used."""
    outer, inner = tmp_path / "a", tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    for folder, limit, used in ((outer, "1000", "700"), (inner, "max", "600")):
        (folder / "memory.max").write_text(limit + "\n")
        (folder / "memory.current").write_text(used + "\n")
        (folder / "memory.stat").write_text("anon 500\ninactive_file 50\n")
    files = "memory.max", "memory.current", "inactive_file"
    assert machine.cgroup_left(tmp_path, "/a/b", *files) == 350
    (outer / "memory.max").write_text("max\n")
    assert machine.cgroup_left(tmp_path, "/a/b", *files) is None


def test_a_model_that_does_not_fit_is_refused_before_it_is_read(monkeypatch, tiny_folder):
    monkeypatch.setattr(loading, "free_bytes", lambda device: 100_000_000)
    monkeypatch.setattr(loading, "network_of", lambda *args: pytest.fail("it was read"))
    with pytest.raises(ModelUnavailable) as error:
        open_model(str(tiny_folder))
    details = error.value.details
    assert details["reason"] == "too_big" and details["free_bytes"] == 100_000_000 < details["needed_bytes"]
    assert "100 MB of memory" in error.value.message and "100 MB are free" in error.value.message


def test_a_listed_hub_model_that_does_not_fit_is_not_even_downloaded(monkeypatch):
    monkeypatch.setattr(loading, "free_bytes", lambda device: 8_000_000_000)
    monkeypatch.setattr(loading, "find_folder", lambda *args: pytest.fail("it was fetched"))
    with pytest.raises(ModelUnavailable, match=r"needs 35\.2 GB of memory, and 8\.0 GB are free"):
        open_model("Qwen/Qwen3-8B")


def test_counting_numbers_leaves_out_masks_and_copies(tmp_path):
    save_file(
        {"w": torch.ones(2, 3), "h.attn.masked": torch.ones(4, 4, dtype=torch.bool), "lm_head.weight": torch.ones(5)},
        tmp_path / "model.safetensors",
    )
    files = weight_files(tmp_path, "x")
    assert count_numbers(files) == 11 and count_numbers(files, is_tied=True) == 6


def test_what_few_bits_leave_as_it_is(tmp_path):
    """Embeddings, experts and what is no matrix keep their format: here 14 + 12 + 8 + 3 of 43 numbers."""
    shapes = {"wte.weight": (7, 2), "h.0.experts.1.w1.weight": (3, 4), "h.0.experts": (2, 2, 2), "h.0.ln": (3,)}
    tensors = {name: torch.ones(shape) for name, shape in (shapes | {"h.0.c_fc.weight": (2, 3)}).items()}
    save_file(tensors, tmp_path / "model.safetensors")
    files = weight_files(tmp_path, "x")
    assert count_numbers(files) == 43 and count_whole(files, vocab_size=7) == 37
    weights = 37 * 2 + 6 * fitting.QUANTIZED_BYTES["4-bit"]
    needed = fitting.bytes_needed(43, 0, 1, "bfloat16", "4-bit", 37)
    assert needed == pytest.approx(weights * 1.05 + 100e6, abs=2)


@pytest.fixture
def sharded(tmp_path):
    """A tiny llama in several files."""
    tiny_models.save(tmp_path, "llama")
    (tmp_path / "model.safetensors").unlink()
    tiny_models.network("llama").save_pretrained(tmp_path, max_shard_size="60KB")
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 2
    return tmp_path


def test_reading_is_counted_to_the_end(sharded, tiny):
    """Monotone, in steps of the tensors, and the last count is the total; and what was read is what the file holds."""
    heard: list[LoadingProgress] = []
    model = open_model(str(sharded), progress=heard.append)
    reading = [message for message in heard if message.stage == "read"]
    done = [message.done_bytes for message in reading]
    total = sum(file.stat().st_size for file in sharded.glob("*.safetensors"))
    assert {message.total_bytes for message in reading} == {total}
    assert done == sorted(done) and done[0] == 0 and done[-1] == total
    weights = [load_file(file) for file in sorted(sharded.glob("*.safetensors"))]
    n_tensors = sum(map(len, weights))
    assert len(set(done)) >= n_tensors
    assert heard[-1].stage == "prepare"
    for name, weight in weights[0].items():
        assert torch.equal(model.network.state_dict()[name], weight)


def test_an_exception_of_the_listener_ends_the_reading(sharded):
    class Enough(Exception):
        pass

    def listen(progress):
        if progress.done_bytes > progress.total_bytes / 2:
            raise Enough

    with pytest.raises(Enough):
        open_model(str(sharded), progress=listen)
    assert open_model(str(sharded)).info.n_layers == 3  # nothing is left behind that would hinder


def test_downloading_is_counted(monkeypatch, tmp_path):
    """A downloader that drives its bars as huggingface_hub 2.4 does: three bars, totals that grow, several files."""
    heard: list[LoadingProgress] = []

    def snapshot_download(name, *, tqdm_class=None, local_files_only=False, **options):
        if local_files_only:
            raise hub.LocalEntryNotFoundError("not cached")
        network = tqdm_class(desc="Downloading bytes", total=0, initial=0, unit="B", unit_scale=True)
        disk = tqdm_class(desc="Reconstructing (incomplete total...)", total=0, initial=0, unit="B", unit_scale=True)
        with tqdm_class(desc="Fetching 2 files", total=2) as files:
            for size in (300, 700):
                disk.total = (disk.total or 0) + size
                network.total = (network.total or 0) + size
                disk.refresh()
            for _ in range(10):
                network.update(90)
                disk.update(100)
            files.update(2)
        disk.set_description("Reconstruction complete")
        return str(tiny_models.save(tmp_path))

    monkeypatch.setattr(hub, "is_online", lambda: True)
    monkeypatch.setattr(hub, "snapshot_download", snapshot_download)
    open_model("someone/tiny", progress=heard.append)
    downloads = [message for message in heard if message.stage == "download"]
    assert [message.done_bytes for message in downloads][-10:] == list(range(100, 1001, 100))
    assert downloads[-1] == LoadingProgress("download", 1000, 1000)
    assert [message.stage for message in heard].index("read") > len(downloads) - 1


def test_the_bar_suits_the_installed_hub():
    """The downloader's own way of making bars must take the class."""
    from huggingface_hub.utils.tqdm import _create_progress_bar

    heard = []
    bar = _create_progress_bar(
        cls=download_bar(Meter(heard.append)),
        log_level=20,
        name="x",
        desc="Reconstructing",
        total=10,
        initial=0,
        unit="B",
    )
    bar.update(10)
    bar.set_postfix_str("1 MB/s", refresh=False)
    bar.close()
    assert heard[-1].done_bytes == 10


def test_what_torch_keeps_for_itself_on_a_gpu_is_free(monkeypatch):
    memory = {"cuda:1": (700, 50, 20)}  # free for all, reserved by torch, in use
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (memory[device][0], 1000))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda device: memory[device][1])
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: memory[device][2])
    assert machine.free_bytes("cuda:1") == 730 and machine.used_bytes("cuda:1") == 20


def test_apples_gpu_shares_the_memory_of_all(monkeypatch):
    monkeypatch.setattr(machine, "_free_of_system", lambda: 500)
    monkeypatch.setattr(machine, "_free_in_cgroup", lambda: None)
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 400)
    for used, free in (100, 300), (450, 0):
        monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda used=used: used)
        monkeypatch.setattr(torch.mps, "current_allocated_memory", lambda used=used: used)
        assert machine.free_bytes("mps") == free and machine.used_bytes("mps") == used


def test_the_limits_around_a_process_are_looked_up_in_both_versions_of_cgroups(monkeypatch):
    lines = "12:cpu,memory:/docker/a\n3:cpuset:/x\n0::/user.slice/b:c\n"
    monkeypatch.setattr(
        machine.Path, "read_text", lambda self, encoding: lines if str(self) == "/proc/self/cgroup" else 1 / 0
    )
    asked = []

    def left(root, inside, *files):
        asked.append((str(root), inside, *files))
        return {"/docker/a": 70, "/user.slice/b:c": 50}[inside]

    monkeypatch.setattr(machine, "cgroup_left", left)
    assert machine._free_in_cgroup() == 50
    assert asked == [
        ("/sys/fs/cgroup/memory", "/docker/a", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ("/sys/fs/cgroup", "/user.slice/b:c", "memory.max", "memory.current", "inactive_file"),
    ]
