"""The way from the residual stream to logits as one linear map, with the scale of each norm frozen.

A norm divides by the size of what it is given; with that one number held fixed (Elhage et al. 2021, "A Mathematical
Framework for Transformer Circuits") it is a linear map, and a logit is a sum over the vectors that add up to the residual
stream. What a family does after its final norm (projection, output matrix, bias, scale, soft cap) is not copied here: the
model's own output layer runs without its norm and is differentiated.
"""

import threading
import weakref
from dataclasses import dataclass

import torch
from torch import nn

from model_backend.analysis.dissection import twin
from model_backend.base.errors import UnsupportedArchitecture
from model_backend.base.memory import memory_guard
from model_backend.base.records import ModelKind
from model_backend.base.sentences import Sentence
from model_backend.engine.network import PreparedNetwork
from model_backend.engine.passes import during, prepared_blocks
from model_backend.engine.readout import Readout, standing_in


@dataclass(frozen=True, slots=True, eq=False)
class FrozenNorm:
    """A norm at one vector: norm(x) = gain · (x - mean(x) if centres) / size + offset, in float64; gain, offset [d_model]."""

    gain: torch.Tensor
    offset: torch.Tensor
    centres: bool
    size: float

    @classmethod
    def at(cls, norm: nn.Module, x: torch.Tensor) -> "FrozenNorm":
        """The norm's numbers, read off its answers, so that it does not matter how a family writes its gain (Gemma: 1 + w).

        x [d_model] is what it was given. Raises UnsupportedArchitecture if the form above does not give norm(x).
        """
        with torch.inference_mode():
            weight = next(norm.parameters(), x)
            device, dtype, width = weight.device, weight.dtype, len(x)
            pattern = torch.ones(width, device=device)
            pattern[::2] = -1.0
            pattern = (pattern - pattern.mean()) / pattern.std(correction=0)
            ask = torch.stack(
                [torch.zeros_like(pattern), pattern * 1e3, torch.full_like(pattern, 1e3), x.float().to(device)]
            )
            nothing, waves, level, normed = norm(ask[None].to(dtype))[0].cpu().double()
            gain = (waves - nothing) / pattern.cpu().double()
            centres = bool((level - nothing).norm() < 0.1 * gain.norm())
            vector = x.cpu().double()
            shaped = (vector - vector.mean() if centres else vector) * gain
            size = float((shaped * shaped).sum() / (shaped * (normed - nothing)).sum())
        frozen = cls(gain, nothing, centres, size)
        error = (frozen(vector) + nothing - normed).norm() / normed.norm()
        if not error < (1e-3 if dtype == torch.float32 else 3e-2):
            raise UnsupportedArchitecture(
                "The norm {module} is of a kind that is not known here.",
                "Choose a model of a common family: GPT-2, Llama, Qwen, Gemma.",
                module=type(norm).__name__,
            )
        return frozen

    def __call__(self, parts: torch.Tensor) -> torch.Tensor:
        """What each of parts [n, d_model] becomes, without the offset (which belongs to no part)."""
        parts = parts.cpu().double()
        if self.centres:
            parts = parts - parts.mean(-1, keepdim=True)
        return parts * self.gain / self.size

    def back(self, direction: torch.Tensor) -> torch.Tensor:
        """The vector [d_model] before the norm whose product with x is that of `direction` with self(x)."""
        back = direction * self.gain / self.size
        return back - back.mean() if self.centres else back


_forward_mode = threading.Lock()  # torch counts the levels of forward differentiation for the whole process


class OutputMap:
    """What stands between a model's last block and its logits. One a model: `output_map(model)`."""

    def __init__(self, model: PreparedNetwork) -> None:  # keeps no reference to the model, so that it can be forgotten
        self._kind: ModelKind = model.info.kind
        self._width = model.info.d_model
        self._device, self._dtype = model.device, model.network.dtype
        blocks = [block for _, block, _ in prepared_blocks(model.network)]
        self._network = twin(model.network, shared=blocks)
        self.norm = self._take_norm_out()

    def linear(self, vectors: torch.Tensor) -> torch.Tensor:
        """The logits [n, vocab] float32 that vectors [n, d_model] after the final norm add, before any soft cap."""
        vectors = vectors.to(self._device, self._dtype)
        with _forward_mode, memory_guard(Sentence("predicting")), torch.inference_mode(False):
            vectors = vectors.clone()  # one that autograd may use
            return torch.func.jvp(self._run, (torch.zeros_like(vectors),), (vectors,))[1].detach().float().cpu()

    def affine(self, token_id: int) -> tuple[torch.Tensor, float]:
        """(w [d_model] float64, b): the token's logit before any soft cap is w · x + b for a vector x after the final norm."""
        with memory_guard(Sentence("predicting")), torch.inference_mode(False), torch.enable_grad():
            zeros = self._zeros().requires_grad_()
            logit = self._run(zeros)[0, token_id]
            (gradient,) = torch.autograd.grad(logit, zeros)
            return gradient[0].cpu().double(), float(logit.detach())

    def _zeros(self) -> torch.Tensor:
        return torch.zeros(1, self._width, device=self._device, dtype=self._dtype)

    def _run(self, hidden: torch.Tensor) -> torch.Tensor:
        """[n, d_model] where the last block's output would be -> logits [n, vocab]."""
        inputs = standing_in(self._kind, hidden)
        with during(Readout(hidden[None]), alone=True), torch.inference_mode(False):
            return self._network(**inputs, use_cache=False).logits[0]

    def _take_norm_out(self) -> nn.Module | None:
        """Replace the norm that the last block's output enters by one that does nothing; returns it, None if there is none."""
        width, found = self._width, []
        probe = torch.linspace(-1, 1, width, device=self._device, dtype=self._dtype)[None]
        handles = [
            module.register_forward_pre_hook(
                lambda module, args, name=name: (
                    found.append(name)
                    if args
                    and torch.is_tensor(args[0])
                    and args[0].shape[-1:] == (width,)
                    and torch.equal(args[0][0], probe)
                    else None
                )
            )
            for name, module in self._network.named_modules()
            if "norm" in type(module).__name__.lower()
        ]
        self._run(probe)
        for handle in handles:
            handle.remove()
        if not found:
            return None
        parent, _, name = found[0].rpartition(".")
        parent = self._network.get_submodule(parent)
        norm = parent._modules[name]
        parent._modules[name] = nn.Identity()
        return norm


_maps: "weakref.WeakKeyDictionary[PreparedNetwork, OutputMap]" = weakref.WeakKeyDictionary()
_building = threading.Lock()


def output_map(model: PreparedNetwork) -> OutputMap:
    """The output map of a model, built once."""
    with _building:
        if model not in _maps:
            _maps[model] = OutputMap(model)
        return _maps[model]
