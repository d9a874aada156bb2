"""Muon for the matrices inside the blocks, AdamW for embeddings, norms and biases.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/): Nesterov momentum whose matrix is replaced by the
nearest semi-orthogonal one, found by five Newton-Schulz steps. Matrices of one shape go through the steps together as a
batch, and a joined query-key-value matrix is treated as its three parts; both are what `torch.optim.Muon` does not do
(docs/decisions.md).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.fast_ops import product_type

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # the quintic's coefficients in the post


def orthogonalise(batch: Tensor, steps: int = 5) -> Tensor:
    """[n, rows, cols] with rows <= cols -> the same shape with singular values near 1 (between about 0.7 and 1.2)."""
    a, b, c = NEWTON_SCHULZ
    dtype = product_type(batch.device.type)
    x = batch.to(dtype)
    x = x / x.norm(dim=(1, 2), keepdim=True, dtype=torch.float32).clamp(min=1e-7).to(dtype)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix of a block: [in, out], or [out, in] with `out_first` (nn.Linear); `n_joined` equal parts along `out`."""

    parameter: nn.Parameter
    n_joined: int = 1
    out_first: bool = False

    def parts(self, tensor: Tensor) -> tuple[Tensor, ...]:
        """Views of a tensor of the parameter's shape, each [in, out]."""
        return (tensor.mT if self.out_first else tensor).chunk(self.n_joined, 1)


class Network(nn.Module):
    """What can be trained here."""

    def loss(self, *arrays: Tensor) -> Tensor:
        """The mean loss of a batch, a scalar in nats per target."""
        raise NotImplementedError

    def block_matrices(self) -> list[Matrix]:
        """The matrices that Muon trains."""
        raise NotImplementedError

    def n_parameters(self) -> int:
        """How many numbers are trained; what several parts share counts once."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


class Muon(torch.optim.Optimizer):
    def __init__(self, matrices: list[Matrix], lr: float = 0.02, momentum: float = 0.95, weight_decay: float = 0.01):
        super().__init__(
            [matrix.parameter for matrix in matrices], {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        )
        self.matrices = {id(matrix.parameter): matrix for matrix in matrices}

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            waiting: dict[tuple[int, int], list[tuple[Tensor, Tensor, bool]]] = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1.0 - group["momentum"])
                update = p.grad.lerp(buffer, group["momentum"])
                parts = self.matrices[id(p)].parts
                for weight, piece in zip(parts(p.data), parts(update), strict=True):
                    tall = piece.shape[0] > piece.shape[1]
                    piece = piece.mT if tall else piece
                    waiting.setdefault((piece.shape[0], piece.shape[1]), []).append((weight, piece, tall))
            for items in waiting.values():
                self._apply(group, items)

    @staticmethod
    def _apply(group: dict, items: list[tuple[Tensor, Tensor, bool]]) -> None:
        updates = orthogonalise(torch.stack([piece for _, piece, _ in items]))
        for (weight, _, tall), update in zip(items, updates, strict=True):
            n_in, n_out = weight.shape
            weight.mul_(1.0 - group["lr"] * group["weight_decay"])
            weight.add_(
                (update.mT if tall else update).to(weight.dtype), alpha=-group["lr"] * max(1.0, n_out / n_in) ** 0.5
            )


def build_optimisers(model: Network, muon_lr: float, adam_lr: float) -> list[torch.optim.Optimizer]:
    """Muon over `model.block_matrices()`, AdamW over all else; every group keeps its peak rate as `peak_lr` for the schedule."""
    matrices = model.block_matrices()
    taken = {id(matrix.parameter) for matrix in matrices}
    rest = [p for p in model.parameters() if p.requires_grad and id(p) not in taken]
    fused = all(p.device.type in ("cpu", "cuda") for p in rest)
    pair = [
        Muon(matrices, lr=muon_lr),
        torch.optim.AdamW(rest, lr=adam_lr, betas=(0.9, 0.95), weight_decay=0.0, fused=fused),
    ]
    for optimiser in pair:
        for group in optimiser.param_groups:
            group["peak_lr"] = group["lr"]
    return pair


def set_rate(optimisers: list[torch.optim.Optimizer], factor: float) -> None:
    """Every group's rate becomes its peak rate times `factor` (0 … 1)."""
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["lr"] = group["peak_lr"] * factor
