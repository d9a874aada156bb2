"""What happens inside one forward pass, kept for that call alone.

A model is prepared once (`prepare_blocks`, and the attention function registered here); afterwards every forward pass
asks a context variable what to do. Threads have their own context, so two passes never see each other's tensors, and a
pass with nothing set runs exactly as transformers wrote it.

Three things can be asked of a pass:
- `Recording`: run it and keep the residual stream, the queries and the keys, of each stack of blocks for itself.
- `Readout`: skip the blocks and put given residual vectors where the last block's output would be. What remains is the
  model's own way from the residual stream to logits (final norm, output matrix, bias, scale, soft cap) in its own code.
- `Replay`: run one block alone on a given input, for what transformers itself returns of it.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import nn
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

from model_backend.base.wanted import check_wanted
from model_backend.engine.attention import AttentionRecord, additive_mask, eager_function
from model_backend.engine.bands import compact_bias, compact_mask

ATTENTION_NAME = "tokenscope"


class StackRecording:
    """One stack of blocks, on the CPU in the model's dtype: residual [layer + 1] of [pos, d_model], one AttentionRecord a
    layer for its self-attention and, in the decoder of an encoder-decoder, one a layer for its cross-attention.

    `n_outputs` is the length of a block's output tuple, 0 if bare. `n_blocks` is how many will run, where that is known:
    then the whole stream gets its room at once, and is not copied a second time when it is put together.
    """

    def __init__(self, n_blocks: int = 0) -> None:
        self.residual: list[torch.Tensor] = []
        self._n_blocks = n_blocks
        self._room: torch.Tensor | None = None
        self.attention: list[AttentionRecord] = []
        self.cross_attention: list[AttentionRecord] = []
        self.n_outputs = 0

    def keep_state(self, state: torch.Tensor) -> None:
        """Add [pos, d_model] to the stream; a copy, because some families add to it in place."""
        i = len(self.residual)
        if self._room is None:
            self._room = torch.empty(self._n_blocks + 1, *state.shape, dtype=state.dtype)
        if i < len(self._room) and (state.shape, state.dtype) == (self._room.shape[1:], self._room.dtype):
            self.residual.append(self._room[i].copy_(state))
        else:
            self._room = self._room[:0]
            self.residual.append(state.to("cpu", copy=True))

    def stream(self) -> torch.Tensor:
        """The residual stream [layer + 1, pos, d_model]."""
        return self._room if len(self._room) == len(self.residual) else torch.stack(self.residual)

    def keep(self, record: AttentionRecord) -> None:
        """Put a record with the block that runs now: its first is self-attention, its second cross-attention."""
        block = len(self.residual) - 1
        (self.attention if len(self.attention) == block else self.cross_attention).append(record)


class Recording:
    """Keeps one StackRecording a side, "encoder", "decoder" or both, of each text that the pass reads: `rows`.

    `lengths` are the numbers of tokens of the texts, where shorter ones are padded on the right to the longest; None is a
    text as long as the pass. What stands behind a text is not kept.
    """

    def __init__(self, lengths: Sequence[int | None] = (None,)) -> None:
        self.rows: list[dict[str, StackRecording]] = [{} for _ in lengths]
        self._lengths = lengths
        self._compact: dict[tuple[int, int], tuple[torch.Tensor, object]] = {}
        self._running = ""

    @property
    def stacks(self) -> dict[str, StackRecording]:
        """The recordings of the first text, or of the only one, by side."""
        return self.rows[0]

    def expect(self, side: str, n_blocks: int) -> None:
        """Say how many blocks the stack of that side has, before the first of them runs."""
        if side not in self.stacks:
            for stacks in self.rows:
                stacks[side] = StackRecording(n_blocks)

    def block(self, side: str, forward: Callable, args: tuple, kwargs: dict) -> object:
        """Run a block; keep what leaves it, and what enters the first."""
        self._running = side
        if side not in self.stacks or not self.stacks[side].residual:
            self._keep_states(args[0] if args else kwargs["hidden_states"])
        output = forward(*args, **kwargs)
        self._keep_states(output[0] if isinstance(output, tuple) else output)
        for stacks in self.rows:
            stacks[side].n_outputs = len(output) if isinstance(output, tuple) else 0
        return output

    def _keep_states(self, hidden: torch.Tensor) -> None:
        """Add [text, pos, d_model] to the streams of the stack that runs now."""
        for row, (stacks, length) in enumerate(zip(self.rows, self._lengths, strict=True)):
            stacks.setdefault(self._running, StackRecording()).keep_state(hidden[row, :length])

    def attend(self, module, query, key, mask, causal, scaling, extras) -> None:
        """Keep the queries and keys [text, head, pos, d_head] of the attention that runs now."""
        for row, (stacks, length) in enumerate(zip(self.rows, self._lengths, strict=True)):
            of_text = dict(extras)
            if (bias := extras.get("position_bias")) is not None:
                of_text["position_bias"] = self._once(compact_bias, bias, row)
            stacks[self._running].keep(
                AttentionRecord.of(
                    module, query[row, :, :length], key[row, :, :length],
                    None if mask is None else self._once(compact_mask, mask, row), causal, scaling, of_text,
                )
            )  # fmt: skip

    def _once(self, compact: Callable, square: torch.Tensor, row: int) -> object:
        """The compact form of one text's part of a mask or bias [1 or text, …, query, key]; one tensor is handed to many
        layers."""
        if (id(square), row) not in self._compact:
            first, length = row if len(square) > 1 else 0, self._lengths[row]
            part = square[first : first + 1, ..., :length, :length]
            self._compact[id(square), row] = square, compact(part)  # the tensor too, so that its id stays its own
        return self._compact[id(square), row][1]


class Readout:
    """Every block passes `hidden` [1, pos, d_model] on; `n_outputs` is the length of a block's output tuple, 0 if bare."""

    def __init__(self, hidden: torch.Tensor, n_outputs: int) -> None:
        self.output = (hidden, *[None] * (n_outputs - 1)) if n_outputs else hidden

    def block(self, side: str, forward: Callable, args: tuple, kwargs: dict) -> object:
        """Stand in for a block without running it."""
        return self.output

    def values(self, module: nn.Module, value: torch.Tensor) -> None:
        """Called by attention that runs in this mode with its value [1, kv_head, key, d_head]; nothing is kept here."""


class Replay(Readout):
    """Run block number `layer` alone, on `hidden` [1, pos, d_model]; the others stand aside."""

    def __init__(self, hidden: torch.Tensor, n_outputs: int, layer: int) -> None:
        super().__init__(hidden, n_outputs)
        self.hidden, self.layer, self.n_calls = hidden, layer, 0

    def block(self, side: str, forward: Callable, args: tuple, kwargs: dict) -> object:
        """Run the block if its turn has come, else stand in for it."""
        self.n_calls += 1
        if self.n_calls - 1 != self.layer:
            return self.output
        if args:
            return forward(self.hidden, *args[1:], **kwargs)
        return forward(**{**kwargs, "hidden_states": self.hidden})


_mode: ContextVar[Recording | Readout | None] = ContextVar("tokenscope_mode", default=None)


@contextmanager
def during(mode: Recording | Readout | None) -> Iterator[None]:
    """Forward passes of this thread inside the `with` follow `mode`, without gradients (inference mode is per thread)."""
    token = _mode.set(mode)
    try:
        with torch.inference_mode():
            yield
    finally:
        _mode.reset(token)


def find_blocks(network: nn.Module, n_layers: int) -> nn.ModuleList | None:
    """The list of transformer blocks: the outermost module list as long as the config has layers."""
    level = [network]
    while level:
        for module in level:
            if isinstance(module, nn.ModuleList) and len(module) == n_layers:
                return module
        level = [child for module in level for child in module.children()]
    return None


def prepare_blocks(blocks: nn.ModuleList, side: str) -> None:
    """Let every block of the "encoder" or "decoder" ask the context variable before it runs. Done once a model, before it
    is shared."""
    for block in blocks:
        block.forward = _asking(block.forward, side, len(blocks))


def _asking(forward: Callable, side: str, n_blocks: int) -> Callable:
    @functools.wraps(forward)
    def ask(*args, **kwargs):
        check_wanted()
        mode = _mode.get()
        if mode is None:
            return forward(*args, **kwargs)
        if isinstance(mode, Recording):
            mode.expect(side, n_blocks)
        return mode.block(side, forward, args, kwargs)

    return ask


def attention_forward(
    module, query, key, value, attention_mask, scaling=None, dropout=0.0, is_causal=None, position_bias=None, **kwargs
):
    """The attention function of every prepared model: torch's fused kernel, with queries and keys recorded on request.

    query [text, head, query, d_head]; key, value [text, kv_head, key, d_head], after position encoding and any norm. The fused
    kernel knows neither soft caps (Gemma 2) nor sinks (GPT-OSS); there the family's own eager arithmetic runs.
    """
    causal = is_causal if is_causal is not None else getattr(module, "is_causal", True)
    extras = {"position_bias": position_bias, "softcap": kwargs.get("softcap"), "s_aux": kwargs.get("s_aux")}
    extras = {name: extra for name, extra in extras.items() if extra is not None}
    mode = _mode.get()
    if isinstance(mode, Recording):
        mode.attend(module, query, key, attention_mask, causal, scaling, extras)
    elif mode is not None:
        mode.values(module, value)
    if "softcap" in extras or "s_aux" in extras:
        mask = additive_mask(attention_mask, causal, query.shape[2], key.shape[2], query.device)
        mask = None if mask is None else mask.to(query.dtype)
        output, _ = eager_function(module)(module, query, key, value, mask, scaling=scaling, **extras)
        return output, None
    return sdpa_attention_forward(
        module, query, key, value, attention_mask, dropout=dropout, scaling=scaling,
        is_causal=is_causal, position_bias=position_bias, **kwargs,
    )  # fmt: skip


AttentionInterface.register(ATTENTION_NAME, attention_forward)
AttentionMaskInterface.register(ATTENTION_NAME, sdpa_mask)  # without it padded and windowed masks arrive as None
