"""The three places where a small decoder loses its time on a CPU, written as autograd functions.

Measured on two cores with AMX at [4096 tokens, d_model 384]: PyTorch's flash attention backward costs twice the plain
matrix products, tanh-GELU costs as much as its matrix product, and a float32 [tokens, vocab] logit matrix does not fit
into any cache. Each function computes the same mathematics as the torch operation named in its docstring; tests compare.
"""

import functools
import math
import shutil

import torch
from torch import Tensor
from torch.nn import functional as F

GELU_A = 2.0 * math.sqrt(2.0 / math.pi)
GELU_C = 0.044715


@functools.cache
def product_type(device: str = "cpu") -> torch.dtype:
    """The type to multiply in: bfloat16 where the hardware does (GPUs, AMX, AVX-512 BF16), else float32.

    A CPU that has to emulate bfloat16 takes some fifty times as long with it (measured on AVX2).
    """
    if device != "cpu":
        return torch.bfloat16
    native = any(there is True for name, there in torch.cpu.get_capabilities().items() if "bf16" in name)
    return torch.bfloat16 if native else torch.float32


class _CausalAttention(torch.autograd.Function):
    """softmax(q kᵀ · scale + causal mask) v with the weights kept for the way back; all [batch·head, pos, d_head]."""

    @staticmethod
    def forward(ctx, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        n = q.shape[1]
        scale = q.shape[-1] ** -0.5
        mask = torch.full((n, n), float("-inf"), dtype=q.dtype, device=q.device).triu(1)  # [query, key]
        weights = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scale).softmax(-1)  # [batch·head, query, key]
        ctx.save_for_backward(q, k, v, weights)
        return torch.bmm(weights, v)

    @staticmethod
    def backward(ctx, grad: Tensor):
        q, k, v, weights = ctx.saved_tensors
        scale = q.shape[-1] ** -0.5
        grad_v = torch.bmm(weights.transpose(1, 2), grad)
        grad_weights = torch.bmm(grad, v.transpose(1, 2))
        grad_scores = torch.ops.aten._softmax_backward_data(grad_weights, weights, -1, weights.dtype)
        grad_q = torch.bmm(grad_scores, k).mul_(scale)
        grad_k = torch.bmm(grad_scores.transpose(1, 2), q).mul_(scale)
        return grad_q, grad_k, grad_v


def causal_attention(qkv: Tensor, n_heads: int) -> Tensor:
    """Multi-head causal self-attention of `F.scaled_dot_product_attention(..., is_causal=True)`.

    qkv [batch, pos, 3·d_model] -> [batch, pos, d_model]
    """
    batch, n, width = qkv.shape
    d_model = width // 3
    q, k, v = qkv.view(batch, n, 3, n_heads, d_model // n_heads).permute(2, 0, 3, 1, 4)  # [batch, head, pos, d_head]
    if qkv.device.type == "cuda":
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    else:
        flat = (t.reshape(batch * n_heads, n, -1) for t in (q, k, v))
        mixed = _CausalAttention.apply(*flat).view(batch, n_heads, n, -1)
    return mixed.transpose(1, 2).reshape(batch, n, d_model)


def _gelu_forward(x: Tensor) -> Tensor:
    """tanh-GELU by the logistic function: 0.5·x·(1 + tanh u) = x·sigmoid(2u)."""
    wide = x.float()
    return (wide * torch.sigmoid(GELU_A * wide * (1.0 + GELU_C * wide * wide))).to(x.dtype)


def _gelu_backward(grad: Tensor, x: Tensor) -> Tensor:
    wide = x.float()
    square = wide * wide
    gate = torch.sigmoid(GELU_A * wide * (1.0 + GELU_C * square))
    slope = gate * (1.0 + wide * (1.0 - gate) * GELU_A * (1.0 + 3.0 * GELU_C * square))
    return (grad.float() * slope).to(x.dtype)


@functools.cache
def _gelu_kernels():
    """The pair above, compiled into one loop each where a C++ compiler is at hand (2.4 times as fast), else as it is."""
    if shutil.which("g++") is None:
        return _gelu_forward, _gelu_backward
    return torch.compile(_gelu_forward, dynamic=False), torch.compile(_gelu_backward, dynamic=False)


class _FusedGelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return _gelu_kernels()[0](x)

    @staticmethod
    def backward(ctx, grad: Tensor) -> Tensor:
        return _gelu_kernels()[1](grad, *ctx.saved_tensors)


def gelu(x: Tensor, fused: bool = False) -> Tensor:
    """`F.gelu(x, approximate="tanh")`, shape kept; `fused` uses the compiled kernels (worth the 30 s only for a long run)."""
    return _FusedGelu.apply(x) if fused else F.gelu(x, approximate="tanh")


class _LinearCrossEntropy(torch.autograd.Function):
    """Loss and both gradients in one pass over chunks of positions, so that no [all positions, vocab] matrix is kept."""

    @staticmethod
    def forward(ctx, hidden: Tensor, weight: Tensor, targets: Tensor, chunk: int) -> Tensor:
        counted = (targets >= 0).to(hidden.dtype).unsqueeze(1)  # [pos, 1]
        n_counted = counted.float().sum().clamp(min=1.0)
        grad_hidden = torch.empty_like(hidden)
        grad_weight = torch.zeros_like(weight, dtype=torch.float32)
        loss = torch.zeros((), dtype=torch.float32, device=hidden.device)
        for start in range(0, len(hidden), chunk):
            part = slice(start, start + chunk)
            h, keep, label = hidden[part], counted[part], targets[part].clamp(min=0).unsqueeze(1)
            probs = (h @ weight.t()).softmax(-1)  # [chunk, vocab]
            right = probs.gather(1, label)
            loss -= (right.float().clamp(min=1e-30).log() * keep.float()).sum()
            probs[torch.arange(len(h), device=h.device).unsqueeze(1), label] = (
                right - 1.0
            )  # now d loss / d logits, up to keep / n
            grad_hidden[part] = (probs @ weight) * keep
            grad_weight += (probs.t() @ (h * keep)).float()
        ctx.save_for_backward(grad_hidden, grad_weight, n_counted)
        return loss / n_counted

    @staticmethod
    def backward(ctx, grad: Tensor):
        grad_hidden, grad_weight, n_counted = ctx.saved_tensors
        factor = grad / n_counted
        weight_grad = (grad_weight * factor).to(grad_hidden.dtype)
        return grad_hidden * factor.to(grad_hidden.dtype), weight_grad, None, None


def linear_cross_entropy(hidden: Tensor, weight: Tensor, targets: Tensor, chunk: int = 4096) -> Tensor:
    """Mean of `F.cross_entropy(hidden @ weight.T, targets, ignore_index=-100)`, in nats.

    hidden [pos, d_model], weight [vocab, d_model], targets [pos] (negative: not counted) -> scalar
    """
    return _LinearCrossEntropy.apply(hidden, weight, targets, chunk)
