"""What one forward pass captures belongs to that call."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import nn

from model_backend import SamplingSettings
from model_backend.attention import _band, additive_mask
from model_backend.capture import Recording, during, find_blocks
from tests.tiny_models import network

PROMPTS = ["the dog", "Hello World!", "a b c d e f", "naïve café", "two  spaces", "日本語", "12345", "\n\n\t"]


def _numbers(trace) -> list[np.ndarray]:
    return [trace.residual(3), trace.attention(1), trace.logits(), trace.surprisal_bits(), trace.query(2), trace.key(0)]


def test_eight_threads_get_exactly_their_own_numbers(tiny):
    """Catches: hooks that write to the module, so that one session draws another's tensors."""
    for family in ("gpt2", "gemma2", "bloom"):
        model = tiny(family)
        alone = [model.trace(prompt) for prompt in PROMPTS]
        start = threading.Barrier(8)

        def work(prompt, model=model, start=start):
            start.wait()
            return [model.trace(prompt) for _ in range(5)]

        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(work, PROMPTS))
        for expected, traces in zip(alone, together, strict=True):
            for trace in traces:
                assert trace.tokens.text == expected.tokens.text
                np.testing.assert_array_equal(trace.attention(0), expected.attention(0))
                if family != "bloom":
                    for mine, theirs in zip(_numbers(trace), _numbers(expected), strict=True):
                        np.testing.assert_array_equal(mine, theirs)


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
            trace._memory.clear()
            trace.lens(3)

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
    recording, stream = Recording(), torch.ones(1, 2, 3)
    for _ in range(2):
        recording.block(lambda hidden: hidden.add_(1), (stream,), {})
    assert [state[0, 0].item() for state in recording.residual] == [1, 2, 3]


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
    assert not trace._residual.requires_grad and trace._residual.grad_fn is None


def test_masks_by_hand():
    """A window of 2 over 3 keys; and two queries that are the last of three."""
    assert _band(3, 3, 2, "cpu")[0, 0].int().tolist() == [[1, 0, 0], [1, 1, 0], [0, 1, 1]]
    assert _band(2, 3, 3, "cpu")[0, 0].int().tolist() == [[1, 1, 0], [1, 1, 1]]
    assert additive_mask(None, True, 1, 5, "cpu") is None  # the newest token sees all
    assert additive_mask(None, False, 3, 3, "cpu") is None  # an encoder
    hidden = additive_mask(torch.tensor([[[[True, False]]]]), True, 1, 2, "cpu")
    assert hidden.tolist() == [[[[0.0, torch.finfo(torch.float32).min]]]]


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
