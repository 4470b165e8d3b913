"""The matrix products of the hot loops, on the faster of torch's two CPU libraries.

Torch sends float32 products to MKL, which uses no AVX-512 on a processor that is not Intel's;
oneDNN, which torch carries as well, does. Measured on one core, 64×784 times 784×500: 490 µs by MKL
and 235 µs by oneDNN on an AMD EPYC with AVX-512 (Zen 5), 776 and 907 µs on one with AVX2 (Zen 3),
where a gradient takes 741 and 1081 µs. So oneDNN is for AVX-512 alone; and as a call costs it some
12 µs, small products stay with MKL there too. The two differ in the last bits only. Which one runs
depends on the processor's features and the sizes, never on a clock, so a run repeats itself on the
machine it ran on.

Products of bits do without either: `rbm_core.machine.bit_products`.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

__all__ = ["affine", "contrast_states", "transposed"]

# Multiplications from which oneDNN's fixed cost is repaid (measured: at 1.0 million they are even,
# at 1.6 million oneDNN takes two thirds). Tall results, such as a gradient, are even later.
ONEDNN_MIN = 2**20
ONEDNN_MIN_TALL = 2**22
# A product with a transposed view of 784×500 weights costs 28 µs more than with a copy, the copy
# 150 µs; the bits that come out are the same.
COPY_REPAID = 10


def affine(bias: Tensor, states: Tensor, weights: Tensor, out: Tensor) -> Tensor:
    """Write states @ weights + bias into `out`, with or without a replica axis.

    Args:
        bias: Shape (..., n_out).
        states: Shape (..., n_chains, n_in).
        weights: Shape (..., n_in, n_out); any strides.
        out: Shape (..., n_chains, n_out).

    Returns:
        `out`.
    """
    if states.ndim == 2:
        if _suits_onednn(states, states.numel() * weights.shape[1], ONEDNN_MIN):
            return out.copy_(_onednn(states, weights.t(), bias))
        return torch.addmm(bias, states, weights, out=out)
    return torch.baddbmm(bias.unsqueeze(-2), states, weights, out=out)


def contrast_states(
    data: tuple[Tensor, Tensor], model: tuple[Tensor, Tensor], out: Tensor
) -> Tensor:
    """Write the mean of v hᵀ over the data minus its mean over the model into `out`.

    Args:
        data: Visible states (..., n_chains, n_visible) and hidden means (..., n_chains, n_hidden).
        model: The same of the chains.
        out: Shape (..., n_visible, n_hidden).

    Returns:
        `out`.
    """
    v_t, model_v_t = data[0].transpose(-1, -2), model[0].transpose(-1, -2)
    share = 1 / v_t.shape[-1]
    if out.ndim == 2:
        if _suits_onednn(out, out.numel() * v_t.shape[-1], ONEDNN_MIN_TALL):
            of_data, of_model = _onednn(v_t, data[1].t()), _onednn(model_v_t, model[1].t())
            return torch.sub(of_data, of_model, out=out).mul_(share)
        torch.addmm(out, v_t, data[1], beta=0, alpha=share, out=out)
        return out.addmm_(model_v_t, model[1], alpha=-share)
    torch.baddbmm(out, v_t, data[1], beta=0, alpha=share, out=out)
    return out.baddbmm_(model_v_t, model[1], alpha=-share)


def transposed(weights: Tensor, n_chains: int, n_products: int) -> Tensor:
    """Return weightsᵀ for products with the states of some chains, a copy where that is repaid.

    Args:
        weights: Shape (..., n_in, n_out).
        n_chains: Rows in each product.
        n_products: How many products are to come.
    """
    view = weights.transpose(-1, -2)
    large = _suits_onednn(weights, weights.numel() * n_chains, ONEDNN_MIN)
    return view.contiguous() if large and view.ndim == 2 and n_products >= COPY_REPAID else view


def _suits_onednn(like: Tensor, n_multiplications: int, least: int) -> bool:
    return (
        n_multiplications >= least
        and like.dtype == torch.float32
        and like.device.type == "cpu"
        and _has_fast_onednn()
    )


@cache
def _has_fast_onednn() -> bool:
    """Whether the processor has AVX-512, and torch the operator that its own compiler uses."""
    return (
        torch.backends.cpu.get_cpu_capability() == "AVX512"
        and torch.backends.mkldnn.is_available()
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
    )


def _onednn(left: Tensor, right_t: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return left @ right_tᵀ + bias, contiguous."""
    result: Tensor = torch.ops.mkldnn._linear_pointwise(left, right_t, bias, "none", [], "")
    return result
