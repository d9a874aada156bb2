"""How a forward pass can be watched or changed: the one protocol, for this program's own modes and for yours.

A network is prepared once, before it is shared (`prepare_blocks`; its attention is `attention_forward`). From then on every
block and every attention asks the modes that are set for this call. A mode is a subclass of `PassMode`:

    class Without(PassMode):                      # layer 3 adds nothing to the residual stream
        def block(self, call):
            return call.hidden if call.layer == 3 else call.run()

    class Steered(PassMode):                      # a vector is added to what leaves layer 3
        def block(self, call):
            return call.run() + self.vector if call.layer == 3 else call.run()

    class WithoutHead(PassMode):                  # head 5 of layer 3 writes nothing
        def attend(self, call):
            mixed = call.run()                    # [text, query, head, d_head]
            if call.layer == 3:
                mixed[:, :, 5] = 0
            return mixed

    with during(Without()):
        trace = model.trace("The dog")

The laws, each held by a test in tests/unit/test_passes.py:

1. Set for a call. Modes hold inside the `with`, in its thread alone: no other thread's pass sees them, and no module keeps
   anything of them. With none set a pass runs exactly as transformers wrote it.
2. Watching changes nothing. A mode that returns what `call.run()` gave leaves every number bit for bit as it was.
3. Standing in. What a mode returns takes the place of what the block or the attention would have given; if it never calls
   `run()`, that does not run, and nothing is recorded of its attention. What a block hands on beside the stream (T5: position
   biases) is then missing.
4. Order. `block` is asked layer by layer, the encoder's before the decoder's, and knows its side and layer; `attend` is asked
   inside the `run()` of its block, self-attention before cross-attention.
5. Several modes. A later one, in the same `during` or in one nested inside, stands outside the earlier ones: it is asked
   first, and its `run()` gives what they have made. `alone=True` leaves out those that were set around it.
6. What a mode raises ends the pass and reaches the caller.
7. Every family. `block` is asked in all; `attend` wherever attention goes through transformers' interface, which is everywhere
   but in GPT-Neo and BLOOM (their own arithmetic; before transformers 5.24 GPT-J and CodeGen too) and Mamba (none).

Passes inside `during` keep no gradients. `call.hidden` belongs to the pass: some families add to it in place, so keep a copy.
What a trace works out later from its residual stream (logits, lens) does not ask the modes again: they are in the stream.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

from model_backend.base.records import AttentionKind, Side
from model_backend.base.wanted import check_wanted
from model_backend.engine.attention import additive_mask, eager_function

ATTENTION_NAME = "tokenscope"


@dataclass(frozen=True, slots=True, eq=False)
class BlockCall:
    """A block that is about to run: block number `layer` (from 0) of the `n_layers` of a stack.

    `hidden` [text, pos, d_model] is the residual stream that enters; `args` and `kwargs` are what the block is given besides.
    """

    side: Side
    layer: int
    n_layers: int
    module: nn.Module
    hidden: torch.Tensor
    args: tuple
    kwargs: dict
    _run: Callable[["BlockCall"], torch.Tensor]

    def run(self, hidden: torch.Tensor | None = None, module: nn.Module | None = None) -> torch.Tensor:
        """What leaves the block [text, pos, d_model]: run on `hidden` if given, by `module` in its place if given."""
        hidden, module = self.hidden if hidden is None else hidden, module or self.module
        return self._run(replace(self, hidden=hidden, module=module))


@dataclass(frozen=True, slots=True, eq=False)
class AttentionCall:
    """An attention that is about to be computed, inside block number `layer`.

    query [text, head, query, d_head]; key, value [text, kv_head, key, d_head]; all after position encoding and any norm. While
    a text is written on, the keys and values are those of the whole text, the queries those of what is read now. `mask` is
    None or [1 or text, 1 or head, query, key] (bool: True is visible; float: added); `causal` counts where it is None.
    `extras` are what the family's arithmetic takes besides: position_bias, softcap, s_aux (sinks).
    """

    kind: AttentionKind
    layer: int
    module: nn.Module
    query: torch.Tensor
    key: torch.Tensor
    value: torch.Tensor
    mask: torch.Tensor | None
    causal: bool
    scaling: float | None
    extras: dict
    _run: Callable[["AttentionCall"], torch.Tensor]

    def run(
        self,
        query: torch.Tensor | None = None,
        key: torch.Tensor | None = None,
        value: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """What the heads mix, before the output projection: [text, query, head, d_head]; with other tensors where given."""
        given = {"query": query, "key": key, "value": value}
        return self._run(replace(self, **{name: tensor for name, tensor in given.items() if tensor is not None}))


class PassMode:
    """Watches or changes forward passes; see the module for the laws. As it stands it changes nothing."""

    def block(self, call: BlockCall) -> torch.Tensor:
        """What is to leave a block, [text, pos, d_model]."""
        return call.run()

    def attend(self, call: AttentionCall) -> torch.Tensor:
        """What the heads of an attention are to hand to the output projection, [text, query, head, d_head]."""
        return call.run()


_modes: ContextVar[tuple[PassMode, ...]] = ContextVar("tokenscope_modes", default=())  # the first stands innermost
_running: ContextVar["_Running | None"] = ContextVar("tokenscope_running", default=None)


@contextmanager
def during(*modes: PassMode, alone: bool = False) -> Iterator[None]:
    """Forward passes of this thread inside the `with` ask `modes`, and those set around it unless `alone`. No gradients."""
    token = _modes.set(modes if alone else _modes.get() + modes)
    try:
        with torch.inference_mode():
            yield
    finally:
        _modes.reset(token)


@dataclass(slots=True, eq=False)
class Place:
    """Where a prepared block stands, and the length of the tuple that it gives: 0 for a bare tensor, None before its first run."""

    side: Side
    layer: int
    n_layers: int
    n_outputs: int | None = None


@dataclass(slots=True, eq=False)
class _Running:
    """The block that runs now, and how many attentions have been computed in it."""

    side: Side
    layer: int
    n_attentions: int = 0


def find_blocks(network: nn.Module, n_layers: int) -> nn.ModuleList | None:
    """The list of transformer blocks: the outermost module list as long as the config has layers."""
    level = [network]
    while level:
        for module in level:
            if isinstance(module, nn.ModuleList) and len(module) == n_layers:
                return module
        level = [child for module in level for child in module.children()]
    return None


def prepare_blocks(blocks: nn.ModuleList, side: Side) -> None:
    """Let every block of a stack ask the modes before it runs. Done once a model, before it is shared."""
    for layer, block in enumerate(blocks):
        place = Place(side, layer, len(blocks))
        block.__dict__["prepared_place"] = place  # no parameter and no module
        block.forward = _asking(block, place)


def prepared_blocks(network: nn.Module) -> Iterator[tuple[str, nn.Module, Place]]:
    """(name in the network, block, its place) of every prepared block."""
    for name, module in network.named_modules():
        place = module.__dict__.get("prepared_place")
        if place is not None:
            yield name, module, place


def _asking(block: nn.Module, place: Place) -> Callable:
    """The forward of a prepared block."""
    forward = block.forward

    @functools.wraps(forward)
    def ask(*args, **kwargs):
        check_wanted()
        modes = _modes.get()
        if not modes:
            return forward(*args, **kwargs)
        beside = (None,) * max(0, (place.n_outputs or 0) - 1)
        by_name = not args  # how this family hands the stream over

        def compute(call: BlockCall) -> torch.Tensor:
            nonlocal beside
            run = forward if call.module is block else call.module
            with _inside(call):
                if by_name:
                    output = run(hidden_states=call.hidden, **call.kwargs)
                else:
                    output = run(call.hidden, *call.args, **call.kwargs)
            is_bare = torch.is_tensor(output)  # else a tuple, in OpenAI GPT a list
            place.n_outputs = 0 if is_bare else len(output)
            beside = () if is_bare else output[1:]
            return output if is_bare else output[0]

        hidden = kwargs.pop("hidden_states") if by_name else args[0]
        run = _through([mode.block for mode in modes], compute)
        state = run(BlockCall(place.side, place.layer, place.n_layers, block, hidden, args[1:], kwargs, run))
        return (state, *beside) if place.n_outputs else state

    return ask


@contextmanager
def _inside(call: BlockCall) -> Iterator[None]:
    token = _running.set(_Running(call.side, call.layer))
    try:
        yield
    finally:
        _running.reset(token)


def _through(
    asked: list[Callable[[Any], torch.Tensor]], run: Callable[[Any], torch.Tensor]
) -> Callable[[Any], torch.Tensor]:
    """`run` behind all that are asked, the first innermost."""
    for ask in asked:
        run = functools.partial(_ask_one, ask, run)
    return run


def _ask_one(ask: Callable[[Any], torch.Tensor], run: Callable[[Any], torch.Tensor], call: Any) -> torch.Tensor:
    answer = ask(replace(call, _run=run))
    if not torch.is_tensor(answer):
        raise TypeError(f"{getattr(ask, '__qualname__', ask)} should return a tensor, but returned {answer!r}")
    return answer


def attention_forward(
    module, query, key, value, attention_mask, scaling=None, dropout=0.0, is_causal=None, position_bias=None, **kwargs
):
    """The attention function of every prepared model: torch's fused kernel, asking the modes first.

    Shapes are those of AttentionCall. The fused kernel knows neither soft caps (Gemma 2) nor sinks (GPT-OSS); there the
    family's own eager arithmetic runs.
    """
    causal = is_causal if is_causal is not None else getattr(module, "is_causal", True)
    extras = {"position_bias": position_bias, "softcap": kwargs.get("softcap"), "s_aux": kwargs.get("s_aux")}
    extras = {name: extra for name, extra in extras.items() if extra is not None}

    def compute(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        if "softcap" in extras or "s_aux" in extras:
            mask = additive_mask(attention_mask, causal, query.shape[2], key.shape[2], query.device)
            mask = None if mask is None else mask.to(query.dtype)
            return eager_function(module)(module, query, key, value, mask, scaling=scaling, **extras)[0]
        return sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout=dropout, scaling=scaling,
            is_causal=is_causal, position_bias=position_bias, **kwargs,
        )[0]  # fmt: skip

    running, modes = _running.get(), _modes.get()
    if not modes or running is None:  # nobody asks, or it stands outside the blocks
        return compute(query, key, value), None
    kind = "cross" if running.n_attentions else running.side
    running.n_attentions += 1
    run = _through([mode.attend for mode in modes], lambda call: compute(call.query, call.key, call.value))
    call = AttentionCall(
        kind, running.layer, module, query, key, value, attention_mask, causal, scaling, extras, run
    )  # fmt: skip
    return run(call), None


AttentionInterface.register(ATTENTION_NAME, attention_forward)
AttentionMaskInterface.register(ATTENTION_NAME, sdpa_mask)  # without it padded and windowed masks arrive as None
