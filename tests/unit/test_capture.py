"""What one forward pass captures belongs to that call."""

import threading
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import nn

from model_backend import SamplingSettings
from model_backend.engine.attention import additive_mask
from model_backend.engine.bands import Band, RelativeBias, compact_bias, compact_mask
from model_backend.engine.passes import during, find_blocks, prepare_blocks
from model_backend.engine.recording import Recording
from tests.tiny_models import network


def test_generation_and_the_lens_run_beside_a_trace(tiny):
    """A readout skips the blocks for its own thread only: text written meanwhile must not change."""
    model = tiny("llama")

    def write():
        return [step.token_id for step in model.generate("the dog", SamplingSettings(temperature=0), max_new_tokens=20)]

    expected = write()
    trace = model.trace("Hello World!")
    stop = threading.Event()

    def disturb():
        while not stop.is_set():
            model.readout(trace.stream()[-1])

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        assert all(write() == expected for _ in range(5))
    finally:
        stop.set()
        thread.join()


def test_one_trace_asked_by_many_threads_computes_once(tiny, monkeypatch):
    model = tiny("gpt2")
    trace = model.trace("the dog's bark")
    calls = []
    readout = model.readout
    monkeypatch.setattr(model, "readout", lambda hidden: calls.append(1) or readout(hidden))
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda _: trace.lens(4), range(8)))
    assert len(calls) == 1 and all(table is tables[0] for table in tables)


def test_a_block_that_adds_in_place_does_not_rewrite_what_was_kept():
    """Catches: the stream kept by reference, so that every layer shows the last one."""

    class AddsInPlace(nn.Module):
        def forward(self, hidden):
            return hidden.add_(1)

    recording, stream = Recording(), torch.ones(1, 2, 3)
    blocks = nn.ModuleList([AddsInPlace(), AddsInPlace()])
    prepare_blocks(blocks, "decoder")
    with during(recording):
        for block in blocks:
            stream = block(stream)
    assert [state[0, 0].item() for state in recording.stacks["decoder"].residual] == [1, 2, 3]


def test_nothing_is_left_behind_after_an_error(tiny):
    model = tiny("gpt2")
    try:
        with during(Recording()):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert model.trace("the dog").residual(0).shape[1] == 32


def test_a_prepared_network_computes_what_it_did_before(tiny):
    ids = torch.tensor([[1, 2, 3, 4]])
    for family in ("gpt2", "mistral", "gpt_oss", "bloom"):
        with torch.inference_mode():
            mine, plain = tiny(family).network(ids).logits, network(family)(ids).logits
        torch.testing.assert_close(mine, plain, atol=1e-5, rtol=1e-5)


def test_no_gradients_are_kept(tiny):
    trace = tiny("gpt2").trace("the dog")
    assert not any(t.requires_grad or t.grad_fn for t in map(trace.stream, trace.sides))


def test_masks_by_hand():
    """A window of 2 over 3 keys; two queries that are the last of three; a window to both sides."""
    assert Band(before=1).visible(3, 3, "cpu")[0, 0].int().tolist() == [[1, 0, 0], [1, 1, 0], [0, 1, 1]]
    assert Band(before=2).visible(2, 3, "cpu")[0, 0].int().tolist() == [[1, 1, 0], [1, 1, 1]]
    assert Band(before=0, after=1).visible(3, 3, "cpu")[0, 0].int().tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert additive_mask(None, True, 1, 5, "cpu") is None  # the newest token sees all
    assert additive_mask(None, False, 3, 3, "cpu") is None  # an encoder
    hidden = additive_mask(torch.tensor([[[[True, False]]]]), True, 1, 2, "cpu")
    assert hidden.tolist() == [[[[0.0, torch.finfo(torch.float32).min]]]]


def test_masks_and_biases_shrink_only_where_they_come_back_whole():
    """Catches: a mask that is no band, or a bias that is not relative, kept as if it were."""
    band = Band(before=2, after=1).visible(6, 6, "cpu")
    assert compact_mask(band) == Band(before=2, after=1)
    holed = band.clone()
    holed[0, 0, 3, 3] = False
    assert compact_mask(holed) is holed
    by_distance = torch.arange(8.0).reshape(1, 8) * torch.tensor([[1.0], [10.0]])  # 2 heads, 3 queries, 6 keys
    bias = RelativeBias(by_distance, n_query=3).expand()
    assert bias[0, 1].tolist() == [[20, 30, 40, 50, 60, 70], [10, 20, 30, 40, 50, 60], [0, 10, 20, 30, 40, 50]]
    torch.testing.assert_close(compact_bias(bias).by_distance, by_distance)
    bias[0, 0, 1, 1] += 1
    assert torch.equal(compact_bias(bias), bias)


def test_blocks_are_the_outermost_list_of_that_length():
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.experts = nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1)])

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.Module()
            self.inner.layers = nn.ModuleList([Block(), Block()])

    net = Net()
    assert find_blocks(net, 2) is net.inner.layers
    assert find_blocks(net, 5) is None
