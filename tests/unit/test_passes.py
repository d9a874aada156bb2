"""The protocol by which a forward pass is watched or changed: each law of engine/passes.py, and modes as somebody outside would
write them, against plain transformers with an ordinary hook that does the same."""

import threading
from collections.abc import Callable
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from torch import nn

from model_backend import SamplingSettings
from model_backend.engine.passes import PassMode, during, prepare_blocks, prepared_blocks
from model_backend.engine.recording import LayerRecording, Recording
from tests.tiny_models import CONFIGS, ENCODERS, PROMPT, RECORDED, TRANSLATORS, network
from tests.watching import CROSS_PROJECTIONS, MLP_PARTS, PROJECTIONS

# fused against plain attention, float32: sums of a few dozen terms in another order; a change of one block grows through two
TOLERANCE = dict(atol=2e-5, rtol=1e-5)
ATTENDING = (*RECORDED, *ENCODERS, *TRANSLATORS)
LAYER, HEAD = 1, 1


class Without(PassMode):
    """One block of the stack that predicts adds nothing. It runs all the same, for what it hands on beside the stream."""

    def __init__(self, side: str) -> None:
        self.side = side

    def block(self, call):
        before = call.hidden.clone()
        after = call.run()
        return before if (call.side, call.layer) == (self.side, LAYER) else after


class Skipped(PassMode):
    """One block does not run at all."""

    def block(self, call):
        return call.hidden if call.layer == LAYER else call.run()


class Steered(PassMode):
    """A vector is added to what leaves one block of the stack that predicts."""

    def __init__(self, side: str, vector: torch.Tensor) -> None:
        self.side, self.vector = side, vector

    def block(self, call):
        return call.run() + self.vector if (call.side, call.layer) == (self.side, LAYER) else call.run()


class WithoutHead(PassMode):
    """One head of one kind of attention writes nothing."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def attend(self, call):
        mixed = call.run()
        if (call.kind, call.layer) == (self.kind, LAYER):
            mixed = mixed.clone()
            mixed[:, :, HEAD] = 0
        return mixed


class Log(PassMode):
    """What was asked, in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []

    def block(self, call):
        self.asked.append(("block", call.side, call.layer))
        return call.run()

    def attend(self, call):
        self.asked.append(("attend", call.kind, call.layer))
        return call.run()


def inputs(family: str) -> dict[str, torch.Tensor]:
    given = {"input_ids": torch.tensor([[5, 9, 7, 30, 9, 11]])}
    return given | ({"decoder_input_ids": torch.tensor([[3, 8, 40, 8]])} if family in TRANSLATORS else {})


def predicting(family: str) -> str:
    return "encoder" if family in ENCODERS else "decoder"


def mine(model, *modes: PassMode) -> torch.Tensor:
    """Logits [pos, vocab] of a pass that follows `modes`."""
    with during(*modes):
        return model.network(**inputs(model.info.family), use_cache=False).logits[0].clone()


@contextmanager
def hooked(family: str, name: str, change: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]):
    """Plain transformers, what leaves the module of that name (its first tensor) changed: change(given, output)."""
    before = []

    def enters(module, args, kwargs):
        before[:] = [(args[0] if args else kwargs["hidden_states"]).clone()]

    def leaves(module, args, kwargs, output):
        if isinstance(output, tuple):
            return change(before[0], output[0]), *output[1:]
        return change(before[0], output)

    module = network(family).get_submodule(name)
    handles = [
        module.register_forward_pre_hook(enters, with_kwargs=True),
        module.register_forward_hook(leaves, with_kwargs=True),
    ]
    try:
        with torch.inference_mode():
            yield network(family)
    finally:
        for handle in handles:
            handle.remove()


def block_name(family: str) -> str:
    names = MLP_PARTS if family == "mamba" else PROJECTIONS
    start = names[family].partition(".{layer}")[0].format(side=predicting(family))
    return f"{start}.{LAYER}"


@pytest.mark.parametrize("family", CONFIGS)
def test_a_block_without_its_contribution(tiny, family):
    """Catches: another layer's block, a block of the other stack, a mode whose answer is not what the next block gets."""
    found = mine(tiny(family), Without(predicting(family)))
    with hooked(family, block_name(family), lambda given, output: given) as plain:
        torch.testing.assert_close(found, plain(**inputs(family), use_cache=False).logits[0], **TOLERANCE)
    assert not torch.allclose(found, mine(tiny(family)), **TOLERANCE)


@pytest.mark.parametrize("family", CONFIGS)
def test_a_steering_vector(tiny, family):
    model = tiny(family)
    vector = torch.linspace(-1, 2, model.info.d_model)
    found = mine(model, Steered(predicting(family), vector))
    with hooked(family, block_name(family), lambda given, output: output + vector) as plain:
        torch.testing.assert_close(found, plain(**inputs(family), use_cache=False).logits[0], **TOLERANCE)


@pytest.mark.parametrize("family", ATTENDING)
def test_a_head_that_writes_nothing(tiny, family):
    """In self-attention of the stack that predicts, and in cross-attention. Catches: heads and positions exchanged, a soft cap
    or a sink computed outside the mode."""
    model = tiny(family)
    tables = {predicting(family): PROJECTIONS} | ({"cross": CROSS_PROJECTIONS} if family in TRANSLATORS else {})
    for kind, names in tables.items():
        module = network(family).get_submodule(names[family].format(layer=LAYER, side=kind))
        width = module.weight.shape[0 if family == "gpt2" else 1]
        own = slice(HEAD * width // model.info.n_decoder_heads, (HEAD + 1) * width // model.info.n_decoder_heads)
        found = mine(model, WithoutHead(kind))

        def muted(module, args, own=own):
            mixed = args[0].clone()
            mixed[..., own] = 0
            return mixed, *args[1:]

        handle = module.register_forward_pre_hook(muted)
        try:
            with torch.inference_mode():
                expected = network(family)(**inputs(family), use_cache=False).logits[0]
        finally:
            handle.remove()
        torch.testing.assert_close(found, expected, **TOLERANCE)
        assert not torch.allclose(found, mine(model), **TOLERANCE)


@pytest.mark.parametrize("family", CONFIGS)
def test_watching_leaves_every_bit_as_it_was(tiny, family):
    model = tiny(family)
    plain = mine(model)
    for mode in (PassMode(), Recording(), LayerRecording(1), Log()):
        assert torch.equal(mine(model, mode), plain)
    assert torch.equal(mine(model, Log(), Recording(), PassMode()), plain)
    assert torch.equal(mine(model), plain)


@pytest.mark.parametrize("family", ("gpt2", "gemma2", "bloom", "bert", "mamba"))
def test_a_block_that_is_stood_in_for_does_not_run(tiny, family):
    model = tiny(family)
    ran = []
    _, block, _ = list(prepared_blocks(model.network))[LAYER]
    inner = next(module for module in block.modules() if isinstance(module, nn.Linear) or "Conv1D" in str(type(module)))
    handle = inner.register_forward_pre_hook(lambda module, args: ran.append(1))
    try:
        skipped = mine(model, Skipped())
        assert not ran
        assert torch.equal(skipped, mine(model, Without(predicting(family)))) and ran
    finally:
        handle.remove()


def test_the_order_of_questions(tiny):
    """A decoder; two stacks, self-attention before cross-attention; attention of their own or none: blocks alone."""
    expected = {
        "llama": [(what, "decoder", layer) for layer in range(3) for what in ("block", "attend")],
        "bert": [(what, "encoder", layer) for layer in range(3) for what in ("block", "attend")],
        "t5": [(what, "encoder", layer) for layer in range(3) for what in ("block", "attend")]
        + [
            (what, kind, layer)
            for layer in range(2)
            for what, kind in (("block", "decoder"), ("attend", "decoder"), ("attend", "cross"))
        ],
    } | {
        family: [("block", "decoder", layer) for layer in range(tiny(family).info.n_layers)]
        for family in ("gpt_neo", "bloom", "mamba")
    }
    for family, order in expected.items():
        log = Log()
        mine(tiny(family), log)
        assert log.asked == order, family


class Step(PassMode):
    """Applies a function to what leaves each block."""

    def __init__(self, change: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self.change = change

    def block(self, call):
        return self.change(call.run())


@pytest.fixture
def toy() -> nn.ModuleList:
    """One prepared block that adds 1."""

    class AddsOne(nn.Module):
        def forward(self, hidden_states, scale=1):
            return hidden_states + scale

    blocks = nn.ModuleList([AddsOne()])
    prepare_blocks(blocks, "decoder")
    return blocks


def test_a_later_mode_stands_outside_the_earlier_ones(toy):
    """By hand, from 1: the block gives 2; doubled 4, then 10 more: 14; the other way round 24."""
    double, ten = Step(lambda x: x * 2), Step(lambda x: x + 10)
    one = torch.ones(1, 1, 1)

    def given(*modes, alone=False):
        with during(*modes, alone=alone):
            return toy[0](one).item()

    assert (given(), given(double), given(double, ten), given(ten, double)) == (2, 4, 14, 24)
    with during(double):
        assert given(ten) == 14
        assert given(ten, alone=True) == 12 and given(alone=True) == 2
        assert given() == 4
    assert given() == 2


def test_what_a_mode_hands_to_run_is_what_the_inner_ones_get(toy):
    class From(PassMode):
        def block(self, call):
            return call.run(call.hidden + 100)

    class Elsewhere(PassMode):
        def block(self, call):
            return call.run(module=nn.Identity())

    seen = []
    watching = Step(lambda x: seen.append(x.item()) or x)
    with during(watching, From()):
        assert toy[0](torch.ones(1, 1, 1)).item() == 102
        assert toy[0](hidden_states=torch.ones(1, 1, 1), scale=3).item() == 104
    assert seen == [102, 104]
    with during(Elsewhere()):
        assert toy[0](torch.ones(1, 1, 1)).item() == 1


def test_an_answer_that_is_no_tensor_is_named(toy):
    class Forgets(PassMode):
        def block(self, call):
            call.run()

    with during(Forgets()), pytest.raises(TypeError, match=r"Forgets\.block"):
        toy[0](torch.ones(1, 1, 1))


@pytest.mark.parametrize("family", ("gpt2", "t5"))
def test_an_error_ends_the_pass_and_nothing_is_left(tiny, family):
    """No hook, no other forward, no mode: after an error and after any other pass."""
    model = tiny(family)

    def state():
        return [
            (name, id(module.__dict__.get("forward")), *map(len, (module._forward_hooks, module._forward_pre_hooks)))
            for name, module in model.network.named_modules()
        ]

    class Breaks(PassMode):
        def attend(self, call):
            if call.layer == LAYER:
                raise KeyboardInterrupt
            return call.run()

    before, plain = state(), mine(model)
    with pytest.raises(KeyboardInterrupt):
        mine(model, Recording(), Breaks())
    mine(model, Without("decoder"), WithoutHead("decoder"))
    assert state() == before
    assert torch.equal(mine(model), plain)


def test_another_thread_is_not_asked(tiny):
    """A whole pass of one thread while another stands inside a block that it changes."""
    model = tiny("gpt2")
    plain, inside, done, found = mine(model), threading.Event(), threading.Event(), []

    class Waits(PassMode):
        def block(self, call):
            inside.set()
            assert done.wait(60)
            return call.run() + 1

    def other():
        assert inside.wait(60)
        found.append(mine(model))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    changed = mine(model, Waits())
    thread.join()
    assert torch.equal(found[0], plain) and not torch.equal(changed, plain)


def test_a_trace_holds_the_change_and_what_is_worked_out_later_does_not_repeat_it(tiny):
    """Catches: the vector added once more by the pass that reads logits off the residual stream, inside the `with` or after."""
    model = tiny("llama")
    steered = Steered("decoder", torch.linspace(-1, 2, model.info.d_model))
    with during(steered):
        trace = model.trace([5, 9, 7, 30, 9, 11])
        inside = trace.logits()
    expected = mine(model, steered)[-1]
    np.testing.assert_allclose(inside, expected, **TOLERANCE)
    np.testing.assert_array_equal(trace.lens(1).top_ids[-1, -1], expected.argmax())
    plain = model.trace([5, 9, 7, 30, 9, 11])
    change = trace.residual(LAYER + 1) - plain.residual(LAYER + 1)
    np.testing.assert_allclose(change, np.broadcast_to(steered.vector, change.shape), atol=1e-5)


def test_a_block_run_again_for_its_attention_is_left_alone(tiny):
    """BLOOM's attention comes from a pass of its own. Catches: a mode that is asked there once more."""
    trace = tiny("bloom").trace([5, 9, 7, 30, 9, 11])
    with during(Step(lambda state: state * 0)):
        weights = trace.attention(LAYER)
    np.testing.assert_array_equal(weights, trace.attention(LAYER))


def test_the_attention_of_a_block_that_did_not_run_is_not_another_blocks(tiny):
    """Catches: records counted by how many there are."""
    model = tiny("llama")
    with during(Skipped()):
        trace = model.trace([5, 9, 7, 30, 9, 11])
    np.testing.assert_array_equal(trace.residual(LAYER), trace.residual(LAYER + 1))
    with pytest.raises(ValueError, match="did not run"):
        trace.attention(LAYER)
    with during(Without("decoder")):
        np.testing.assert_array_equal(trace.attention(2), model.trace([5, 9, 7, 30, 9, 11]).attention(2))


@pytest.mark.parametrize("family", ("gpt2", "bart"))
def test_a_text_is_written_under_a_change(tiny, family):
    """Token by token with a cache, against transformers' generate with a hook. Catches: modes that hold for the first step."""
    model = tiny(family)
    vector = 3 * torch.linspace(-1, 2, model.info.d_model)
    tokens = model.tokenize(PROMPT)
    settings = SamplingSettings(temperature=0)
    with during(Steered("decoder", vector)):
        found = [step.token_id for step in model.generate(tokens, settings, 8)]
    ids = torch.tensor(tokens.ids)[None]
    with hooked(family, block_name(family), lambda given, output: output + vector) as plain:
        written = plain.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, num_beams=1, max_new_tokens=8
        )[0].tolist()
    expected = written[1 if family == "bart" else len(tokens) :]
    assert found == expected[: len(found)] and len(found) == len(expected)
    assert found != [step.token_id for step in model.generate(tokens, settings, 8)]
