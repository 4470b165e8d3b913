"""Cheap relatives of the likelihood: pseudo-likelihood and reconstruction error."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.errors import ShapeError
from rbm_core.generators import Generator, integers
from rbm_core.machine.rbm import RBM
from rbm_core.machine.softplus import softplus

__all__ = ["mean_image_error", "pseudo_log_likelihood", "reconstruction_error"]


def pseudo_log_likelihood(rbm: RBM, v: Tensor, generator: Generator | None = None) -> Tensor:
    """Mean pseudo-log-likelihood of data, Σ_i log p(v_i given the other units).

    p(v_i given the others) = σ(F(v with unit i flipped) - F(v)).

    Args:
        rbm: The machine.
        v: Data in {0, 1}, shape (n_samples, n_visible).
        generator: None sums over all units, exactly, at the cost of n_visible free energies. Given,
            one unit is drawn for each row and its term taken n_visible times; advanced in place.

    Returns:
        Nats per sample, shape of the replica axes. It cannot tell whether the machine gives mass
        to states far from the data: only neighbours one flip away are looked at.

    Raises:
        ShapeError: If v is not (n_samples, n_visible).

    Bias: None with a generator, as an estimate of the exact sum. As an estimate of the
        log-likelihood it is biased, and lies above it or below it.

    Source: Besag (1975), Statistical Analysis of Non-Lattice Data; the estimate by one unit a row
        as in Marlin et al. (2010), Inductive Principles for RBM Learning.
    """
    _require_rows(rbm, v)
    v = v.to(rbm.weights).expand(*rbm.replica_shape, *v.shape)
    field = rbm.hidden_field(v)
    here = softplus(field).sum(-1)
    if generator is not None:
        unit = integers(rbm.n_visible, (v.shape[-2],), generator).to(v.device)
        return rbm.n_visible * _flip_terms(rbm, v, field, here, unit).mean(-1)
    total = torch.zeros_like(here)
    for i in range(rbm.n_visible):
        unit = torch.full((v.shape[-2],), i, device=v.device)
        total += _flip_terms(rbm, v, field, here, unit)
    return total.mean(-1)


def reconstruction_error(rbm: RBM, v: Tensor) -> Tensor:
    """Mean squared difference per unit between data and one mean-field pass, v → mean h → mean v.

    No draw is made, so the same machine and data give the same number.

    Args:
        rbm: The machine.
        v: Data in [0, 1], shape (n_samples, n_visible).

    Returns:
        Mean squared error per unit, shape of the replica axes. It cannot tell how well the machine
        generates: one that copies its input scores 0.

    Raises:
        ShapeError: If v is not (n_samples, n_visible).
    """
    _require_rows(rbm, v)
    v = v.to(rbm.weights).expand(*rbm.replica_shape, *v.shape)
    return (rbm.mean_v_given_h(rbm.mean_h_given_v(v)) - v).square().mean((-2, -1))


def mean_image_error(v: Tensor) -> Tensor:
    """Mean squared difference per unit between data and their mean: what no reconstruction costs.

    Args:
        v: Data in [0, 1], shape (n_samples, n_visible).

    Returns:
        Mean squared error per unit, the line that `reconstruction_error` has to get under.
    """
    return (v - v.mean(-2, keepdim=True)).square().mean((-2, -1))


def _flip_terms(rbm: RBM, v: Tensor, field: Tensor, here: Tensor, unit: Tensor) -> Tensor:
    """log p(v_i given the others) with i = unit[row], shape (..., n_samples).

    Flipping moves every hidden field by ±W_i, so no state is built anew.
    """
    rows = torch.arange(v.shape[-2], device=v.device)
    sign = 1 - 2 * v[..., rows, unit]  # +1 where the flip turns the unit on
    moved = field + sign.unsqueeze(-1) * rbm.weights[..., unit, :]
    gain = softplus(moved).sum(-1) - here + sign * rbm.visible_bias[..., unit]
    return F.logsigmoid(-gain)


def _require_rows(rbm: RBM, v: Tensor) -> None:
    if v.ndim != 2 or v.shape[-1] != rbm.n_visible:
        raise ShapeError(f"v has shape {tuple(v.shape)}; it must be (n_samples, {rbm.n_visible})")
