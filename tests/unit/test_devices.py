"""Which device and which number format a model gets, and that on a device only what is shown travels. No GPU is needed: the
choice is tested with torch's answers replaced, the travelling with tensors that behave like those of another device."""

import mmap

import numpy as np
import pytest
import torch

from model_backend import ModelUnavailable
from model_backend.analysis.lattice import lattice
from model_backend.base import machine
from model_backend.hub import quantization
from model_backend.hub.devices import choose_device, choose_dtype
from model_backend.writing.beam import _BeamReader, beam_search
from tests.tiny_models import PROMPT


@pytest.fixture
def machine_with(monkeypatch):
    """A function: torch says that this machine has these GPUs."""

    def pretend(n_cuda: int = 0, mps: bool = False, capability: tuple[int, int] = (9, 0), macos: int = 15) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: n_cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: n_cuda)
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device=None: capability)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(torch.backends.mps, "is_macos_or_newer", lambda major, minor: macos >= major)

    return pretend


def test_the_best_device_comes_first(machine_with):
    for having, best in (
        ({}, "cpu"),
        ({"mps": True}, "mps"),
        ({"n_cuda": 1}, "cuda"),
        ({"n_cuda": 1, "mps": True}, "cuda"),
    ):
        machine_with(**having)
        assert choose_device() == choose_device(None) == best
        assert choose_device("cpu") == "cpu"


def test_a_device_by_its_name(machine_with):
    machine_with(n_cuda=2)
    assert [choose_device(name) for name in ("cuda", "cuda:0", "cuda:1")] == ["cuda", "cuda:0", "cuda:1"]
    for name in ("cuda:2", "cuda:-1", "cuda:x", "cuda:", "cpu:1", "mps", "CUDA", "", "cuda:٣"):
        with pytest.raises(ModelUnavailable) as error:
            choose_device(name)
        assert error.value.details["reason"] == "no_device" and "cuda, cpu" in error.value.hint


@pytest.mark.parametrize(
    ("having", "device", "dtype"),
    [
        ({}, "cpu", "float32"),
        ({"n_cuda": 1, "capability": (8, 0)}, "cuda", "bfloat16"),
        ({"n_cuda": 2, "capability": (9, 0)}, "cuda:1", "bfloat16"),
        ({"n_cuda": 1, "capability": (7, 5)}, "cuda", "float32"),
        ({"mps": True, "macos": 14}, "mps", "bfloat16"),
        ({"mps": True, "macos": 13}, "mps", "float32"),
    ],
)
def test_a_number_format_that_the_device_computes_in(machine_with, having, device, dtype):
    machine_with(**having)
    assert choose_dtype(None, device) == dtype
    assert choose_dtype("float16", device) == "float16"


def test_quantization_is_refused_where_it_cannot_be(monkeypatch):
    quantization.check_quantization(None, "cpu")
    for name, missing, words in (
        ("2-bit", (), "Choose one of these: 8-bit, 4-bit"),
        ("8-bit", ("bitsandbytes",), "pip install bitsandbytes accelerate"),
        ("4-bit", ("bitsandbytes", "accelerate"), "not installed here: bitsandbytes, accelerate"),
    ):
        monkeypatch.setattr(
            quantization, "find_spec", lambda package, missing=missing: None if package in missing else package
        )
        with pytest.raises(ModelUnavailable) as error:
            quantization.check_quantization(name, "cuda")
        assert words in str(error.value) and error.value.details["reason"] == "no_device"


def test_quantized_weights_go_straight_to_their_device():
    assert quantization.loading_options(None, "cuda", torch.bfloat16) == {}
    options = quantization.loading_options("4-bit", "cuda:1", torch.bfloat16)
    assert options["device_map"] == {"": "cuda:1"}
    config = options["quantization_config"]
    assert (
        config.load_in_4bit and config.bnb_4bit_quant_type == "nf4" and config.bnb_4bit_compute_dtype == torch.bfloat16
    )
    assert quantization.loading_options("8-bit", "cuda", torch.bfloat16)["quantization_config"].load_in_8bit


def test_what_this_program_holds_is_counted():
    pages = np.frombuffer(
        mmap.mmap(-1, 50_000_000), np.uint8
    )  # new pages: an array may get some that were held already
    before = machine.used_bytes("cpu")
    pages[:] = 1
    assert 40e6 < machine.used_bytes("cpu") - before < 80e6


class Elsewhere(torch.Tensor):
    """A tensor that lies on a device of its own: it has no numpy(), meets no tensor of the CPU, and is counted when it is
    fetched."""

    n_fetched = 0

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if function is torch.Tensor.cpu:
            Elsewhere.n_fetched += args[0].numel()
            return super().__torch_function__(function, types, args, kwargs).as_subclass(torch.Tensor)
        if function is torch.Tensor.numpy:
            raise TypeError("can't convert a tensor of another device to numpy: use Tensor.cpu() first")
        tensors = [a for a in args if isinstance(a, torch.Tensor)]
        if any(not isinstance(t, Elsewhere) and t.ndim for t in tensors):
            raise RuntimeError(f"{function.__name__}: expected all tensors on the same device")
        return super().__torch_function__(function, types, args, kwargs)


@pytest.fixture
def elsewhere(tiny, monkeypatch):
    """(a trace whose logits lie on another device, the same trace as it is)."""
    model = tiny("gpt2")
    there, here = model.trace(PROMPT), model.trace(PROMPT)
    readout, move, arange, is_there = model.readout, torch.Tensor.to, torch.arange, [False]

    def logits_there(hidden):
        is_there[0] = False  # the model itself runs where it is
        logits = readout(hidden)
        is_there[0] = True
        return logits.as_subclass(Elsewhere)

    def logits_here(hidden):
        is_there[0] = False
        return readout(hidden)

    def placed(tensor, device):
        return tensor.as_subclass(Elsewhere) if is_there[0] and isinstance(device, torch.device) else tensor

    # `.to(logits.device)` and `arange(device=logits.device)` bring a tensor there; torch calls both devices cpu here
    monkeypatch.setattr(torch.Tensor, "to", lambda tensor, *a, **k: placed(move(tensor, *a, **k), a[0] if a else None))
    monkeypatch.setattr(torch, "arange", lambda *a, **k: placed(arange(*a, **k), k.get("device")))
    monkeypatch.setattr(there, "logits_of", logits_there)
    monkeypatch.setattr(here, "logits_of", logits_here)
    Elsewhere.n_fetched = 0
    return there, here


def test_of_the_lens_only_the_best_travel(elsewhere):
    """Catches: the logits of all layers and positions sent to the CPU to be sorted there, 600 MB for GPT-2 at 256 tokens."""
    there, here = elsewhere
    table, expected = there.lens(3), here.lens(3)
    n_cells = table.entropy_bits.size
    assert Elsewhere.n_fetched == n_cells * (3 + 3 + 1)
    np.testing.assert_array_equal(table.top_ids, expected.top_ids)
    np.testing.assert_array_equal(table.top_probs, expected.top_probs)


def test_of_the_statistics_and_the_lattice_only_their_numbers_travel(elsewhere):
    there, here = elsewhere
    np.testing.assert_array_equal(there.ranks(), here.ranks())
    np.testing.assert_array_equal(there.surprisal_bits(), here.surprisal_bits())
    n_pos = len(there)
    assert Elsewhere.n_fetched == 3 * n_pos
    Elsewhere.n_fetched = 0
    found, expected = lattice(there, token_ids=(7,)), lattice(here, token_ids=(7,))
    np.testing.assert_array_equal(found.top_ids, expected.top_ids)
    np.testing.assert_array_equal(found.ranks, expected.ranks)
    assert Elsewhere.n_fetched == 6 * found.top_ids.size
    assert there.logits().dtype == np.float32 and Elsewhere.n_fetched == 6 * found.top_ids.size + 400


def test_of_a_beam_search_only_what_was_looked_at_travels(tiny, monkeypatch):
    """Catches: the logits of all beams sent to the CPU at each step to be sorted there."""
    model, width, n_steps = tiny("gpt2"), 3, 4
    *_, expected = beam_search(model, model.tokenize(PROMPT), width, n_steps)
    read, reorder, move, is_there = _BeamReader.logits_after, _BeamReader.reorder, torch.Tensor.to, [False]

    def logits_there(reader, ids):
        is_there[0] = False
        logits = read(reader, ids)
        is_there[0] = True
        return logits.as_subclass(Elsewhere)

    def reordered(reader, beams):
        is_there[0] = False  # the model itself runs where it is
        reorder(reader, beams)

    def moved(tensor, *args, **more):
        there = is_there[0] and args and isinstance(args[0], torch.device)
        return move(tensor, *args, **more).as_subclass(Elsewhere if there else torch.Tensor)

    monkeypatch.setattr(_BeamReader, "logits_after", logits_there)
    monkeypatch.setattr(_BeamReader, "reorder", reordered)
    monkeypatch.setattr(torch.Tensor, "to", moved)
    Elsewhere.n_fetched = 0
    *_, found = beam_search(model, model.tokenize(PROMPT), width, n_steps)
    assert found == expected
    assert 0 < Elsewhere.n_fetched <= n_steps * 3 * (2 * width + 4)
