"""Blocks run once more with every module watched: what a trace does not keep (values, parts, MLP activations).

A pass of the same tokens is repeated up to the last block that is wanted; blocks before it stand aside where the recorded
residual stream can take their place. A wanted block runs as a private twin: the same weights, but module objects of its own,
so that hooks on it are seen by this call alone. What leaves the twin must be what the trace recorded.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeGuard

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from model_backend.base.errors import UnsupportedArchitecture
from model_backend.base.families import OwnAttention, family_of
from model_backend.base.memory import memory_guard
from model_backend.base.records import Side
from model_backend.base.sentences import Sentence
from model_backend.engine.passes import AttentionCall, BlockCall, PassMode, during
from model_backend.engine.rounding import same_states
from model_backend.engine.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One module's run: its name inside the block, its first tensor in and out as [row, width] float32 on the CPU (empty, [0, 0],
    if there is none)."""

    name: str
    module: nn.Module
    given: torch.Tensor
    output: torch.Tensor


@dataclass(slots=True, eq=False)
class AttentionRun:
    """One attention of a block: value [kv_head, key, d_head], and the call of its output projection (W_O).

    query and key [head, pos, d_head] are there only in the families whose attention a trace does not record.
    """

    module_name: str
    value: torch.Tensor
    query: torch.Tensor = field(default_factory=lambda: torch.empty(0))
    key: torch.Tensor = field(default_factory=lambda: torch.empty(0))
    projection: Call | None = None


@dataclass(slots=True, eq=False)
class BlockRun:
    """What one block did: before and after [row, d_model], its calls in order of completion, its attentions in order.

    `kwargs` are what the block was given besides the residual stream, `modules` its own by name, `dtype` is the number format it ran in.
    """

    layer: int
    dtype: torch.dtype
    before: torch.Tensor
    after: torch.Tensor = field(default_factory=lambda: torch.empty(0, 0))
    calls: list[Call] = field(default_factory=list)
    attention: list[AttentionRun] = field(default_factory=list)
    kwargs: dict = field(default_factory=dict)
    modules: dict[str, nn.Module] = field(default_factory=dict)


def twin(module: nn.Module, shared: Iterable[nn.Module] = ()) -> nn.Module:
    """A copy of the module objects with the same parameters and buffers and no hooks; `shared` modules stay themselves.

    An instance's own `forward` (the wrapper of `prepare_blocks`) is left off, so that the class's runs.
    """
    shared_ids = {id(other) for other in shared}

    def copied(original: nn.Module) -> nn.Module:
        if id(original) in shared_ids:
            return original
        other = type(original).__new__(type(original))
        other.__dict__.update({name: value for name, value in original.__dict__.items() if name != "forward"})
        for hooks in [name for name in other.__dict__ if name.endswith("_hooks")]:
            other.__dict__[hooks] = OrderedDict()
        other.__dict__["_modules"] = {
            name: None if child is None else copied(child) for name, child in original._modules.items()
        }
        return other

    return copied(module)


def is_linear(module: nn.Module) -> TypeGuard[nn.Linear | Conv1D]:
    """Whether a module is one matrix (and perhaps a bias)."""
    return isinstance(module, nn.Linear | Conv1D)


def matrix(module: nn.Module) -> torch.Tensor:
    """The matrix of a linear module as [in, out], float32."""
    if not is_linear(module) or not module.weight.is_floating_point():
        raise UnsupportedArchitecture(
            "The weights of {module} cannot be read as one matrix.",
            "Its other screens work; for this one choose another model.",
            module=type(module).__name__,
        )
    return (module.weight if isinstance(module, Conv1D) else module.weight.T).detach().float()


def bias(module: nn.Module) -> torch.Tensor:
    """The bias of a linear module [out], zeros if it has none."""
    found, weight = getattr(module, "bias", None), matrix(module)
    return torch.zeros(weight.shape[1], device=weight.device) if found is None else found.detach().float()


class _Finished(Exception):
    """The last wanted block has run; the rest of the pass is not needed."""


class Dissection(PassMode):
    """The mode of a pass in which some blocks of one side run as watched twins."""

    def __init__(
        self,
        side: Side,
        layers: Iterable[int],
        stand_ins: torch.Tensor | None,
        row: int | None,
        own_attention: OwnAttention | None,
    ) -> None:
        self.side, self.layers, self.stand_ins, self.row = side, set(layers), stand_ins, row
        self.own_attention = own_attention
        self.runs: list[BlockRun] = []
        self._names: dict[int, str] = {}

    def block(self, call: BlockCall) -> torch.Tensor:
        """Run a block plainly, put the recorded stream in its place, or run its twin and watch."""
        if call.side != self.side:
            return call.run()
        if call.layer not in self.layers:
            if self.stand_ins is None:
                return call.run()
            return self.stand_ins[call.layer + 1].clone()[None]  # a copy: some families add to the stream in place
        run = BlockRun(call.layer, call.hidden.dtype, self._rows(call.hidden), kwargs=call.kwargs)
        self.runs.append(run)
        state = call.run(module=self._watched(twin(call.module)))
        run.after = self._rows(state)
        if call.layer == max(self.layers):
            raise _Finished
        return state

    def attend(self, call: AttentionCall) -> torch.Tensor:
        """Keep the values of the attention that runs in the twin."""
        if id(call.module) in self._names:
            self._run.attention.append(AttentionRun(self._names[id(call.module)], call.value[0].float().cpu()))
        return call.run()

    @property
    def _run(self) -> BlockRun:
        """The run of the block that is watched now."""
        return self.runs[-1]

    def _watched(self, block: nn.Module) -> nn.Module:
        self._names = {id(module): name for name, module in block.named_modules()}
        self._run.modules = dict(block.named_modules())
        for name, module in self._run.modules.items():
            if name:
                module.register_forward_hook(self._hook(name), with_kwargs=True)
            if self.own_attention is not None and hasattr(type(module), self.own_attention.method):
                self._watch_own_attention(module, name, self.own_attention)
        return block

    def _hook(self, name: str):
        def hook(module, args, kwargs, output):
            given = next((value for value in (*args, *kwargs.values()) if torch.is_tensor(value)), None)
            output = output[0] if isinstance(output, tuple) and output else output
            call = Call(name, module, self._rows(given), self._rows(output))
            self._run.calls.append(call)
            waiting = self._run.attention and self._run.attention[-1].projection is None
            if waiting and is_linear(module) and call.output.numel():
                self._run.attention[-1].projection = call

        return hook

    def _watch_own_attention(self, module: nn.Module, name: str, own: OwnAttention) -> None:
        original = getattr(module, own.method)

        def watched(*args, **kwargs):
            result = original(*args, **kwargs)
            query, key, value = (result if own.gives else args)[:3]
            query, key, value = (tensor[0].float().cpu() for tensor in (query, key, value))
            self._run.attention.append(AttentionRun(name, value, query, key))
            return result

        setattr(module, own.method, watched)

    def _rows(self, tensor: object) -> torch.Tensor:
        """A tensor [1, pos, width] or [pos, width] as a copy [row, width]: all rows, or the one that is wanted; [0, 0] of
        anything else."""
        if not isinstance(tensor, torch.Tensor) or not tensor.is_floating_point():
            return torch.empty(0, 0)
        if tensor.ndim == 3 and tensor.shape[0] == 1:
            tensor = tensor[0]
        if tensor.ndim != 2:
            return torch.empty(0, 0)
        if self.row is not None:
            if self.row >= len(tensor):
                return torch.empty(0, 0)
            tensor = tensor[self.row : self.row + 1]
        return tensor.float().to("cpu", copy=True)  # a copy, because it may be changed in place


def dissect(trace: Trace, layers: Iterable[int], side: Side | None = None, row: int | None = None) -> list[BlockRun]:
    """Run blocks of a trace once more and keep what their modules did, at all positions or at one (`row`).

    side "encoder" or "decoder" is the stack; None the one that predicts. The cost is one forward pass of the tokens, or of
    one block where its forerunners can stand aside. Raises UnsupportedArchitecture if the block does not give again what
    was recorded, and for quantized weights: who asks goes on with the matrices, whose bytes are no numbers of the model.
    """
    if trace.info.quantization:
        raise UnsupportedArchitecture(
            "This needs the matrices of the layers as numbers, and here they are stored in few bits.",
            "It is there when the program runs without the setting quantization.",
        )
    model = trace.model
    side = side or trace.predicting
    residual = trace.stream(side)
    stand_ins = residual.to(model.device) if model.hands_on_stream_alone(side) else None
    mode = Dissection(side, layers, stand_ins, row, family_of(trace.info.family).own_attention)
    inputs = {"input_ids": model.ids_tensor(trace.tokens.ids)}
    if trace.target_tokens is not None:
        inputs["decoder_input_ids"] = model.ids_tensor(trace.target_tokens.ids)
    with memory_guard(Sentence("looking into a layer")), during(mode, alone=True), contextlib.suppress(_Finished):
        model.network.base_model(**inputs, use_cache=False)
    for run in mode.runs:
        recorded = residual[run.layer + 1].float()
        recorded = recorded if row is None else recorded[row : row + 1]
        if not same_states(run.after, recorded, model.network.dtype):
            raise UnsupportedArchitecture(
                "A layer of {model_type} models cannot be run on its own.",
                "Its other screens work; for this one choose another model.",
                model_type=trace.info.family,
            )
    return mode.runs
