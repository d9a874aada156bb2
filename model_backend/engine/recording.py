"""The mode that keeps what a forward pass computes: the residual stream, the queries and the keys."""

from collections.abc import Callable, Sequence

import torch

from model_backend.base.records import Side
from model_backend.engine.attention import AttentionRecord
from model_backend.engine.bands import compact_bias, compact_mask
from model_backend.engine.passes import AttentionCall, BlockCall, PassMode


class StackRecording:
    """One stack of blocks, on the CPU in the model's dtype: residual [layer + 1] of [pos, d_model], the AttentionRecord
    of each layer's self-attention and, in the decoder of an encoder-decoder, of its cross-attention, by layer.

    `n_blocks` will run: the whole stream gets its room at once, and is not copied a second time when it is put together.
    """

    def __init__(self, n_blocks: int) -> None:
        self.residual: list[torch.Tensor] = []
        self._n_blocks = n_blocks
        self._room: torch.Tensor | None = None
        self.attention: dict[int, AttentionRecord] = {}
        self.cross_attention: dict[int, AttentionRecord] = {}

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
        room = self._room
        return room if room is not None and len(room) == len(self.residual) else torch.stack(self.residual)


class Recording(PassMode):
    """Keeps one StackRecording a side, "encoder", "decoder" or both, of each text that the pass reads: `rows`.

    `lengths` are the numbers of tokens of the texts, where shorter ones are padded on the right to the longest; None is a
    text as long as the pass. What stands behind a text is not kept.
    """

    def __init__(self, lengths: Sequence[int | None] = (None,)) -> None:
        self.rows: list[dict[Side, StackRecording]] = [{} for _ in lengths]
        self._lengths = lengths
        self._compact: dict[tuple[int, int], tuple[torch.Tensor, object]] = {}

    @property
    def stacks(self) -> dict[Side, StackRecording]:
        """The recordings of the first text, or of the only one, by side."""
        return self.rows[0]

    def block(self, call: BlockCall) -> torch.Tensor:
        """Run a block; keep what leaves it, and what enters the first."""
        if call.side not in self.stacks:
            for stacks in self.rows:
                stacks[call.side] = StackRecording(call.n_layers)
            self._keep_states(call.side, call.hidden)
        state = call.run()
        self._keep_states(call.side, state)
        return state

    def attend(self, call: AttentionCall) -> torch.Tensor:
        """Keep the queries and keys of an attention."""
        side: Side = "decoder" if call.kind == "cross" else call.kind
        for row, (stacks, length) in enumerate(zip(self.rows, self._lengths, strict=True)):
            extras = dict(call.extras)
            if (bias := extras.get("position_bias")) is not None:
                extras["position_bias"] = self._once(compact_bias, bias, row)
            mask = None if call.mask is None else self._once(compact_mask, call.mask, row)
            record = AttentionRecord.of(
                call.module, call.query[row, :, :length], call.key[row, :, :length],
                mask, call.causal, call.scaling, extras,
            )  # fmt: skip
            stack = stacks[side]
            (stack.cross_attention if call.kind == "cross" else stack.attention)[call.layer] = record
        return call.run()

    def _keep_states(self, side: Side, hidden: torch.Tensor) -> None:
        """Add [text, pos, d_model] to the streams of a stack."""
        for row, (stacks, length) in enumerate(zip(self.rows, self._lengths, strict=True)):
            stacks[side].keep_state(hidden[row, :length])

    def _once(self, compact: Callable, square: torch.Tensor, row: int) -> object:
        """The compact form of one text's part of a mask or bias [1 or text, …, query, key]; one tensor is handed to many
        layers."""
        if (id(square), row) not in self._compact:
            first, length = row if len(square) > 1 else 0, self._lengths[row]
            part = square[first : first + 1, ..., :length, :length]
            self._compact[id(square), row] = square, compact(part)  # the tensor too, so that its id stays its own
        return self._compact[id(square), row][1]


class LayerRecording(PassMode):
    """Keeps the residual stream of all texts at one layer, `state` [text, pos, d_model] on the model's device: 0 is what enters
    the first block, otherwise what leaves block number layer - 1. The pass should have one stack."""

    state: torch.Tensor

    def __init__(self, layer: int) -> None:
        self.layer = layer

    def block(self, call: BlockCall) -> torch.Tensor:
        """Run a block as it is; keep a copy, because some families add to the stream in place."""
        if call.layer == self.layer == 0:
            self.state = call.hidden.clone()
        state = call.run()
        if call.layer == self.layer - 1:
            self.state = state.clone()
        return state
