"""Singular values of the weights, and how their vectors line up with the data's directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError, require_one_machine
from rbm_core.machine.rbm import RBM

__all__ = ["Alignment", "bulk_edge", "svd_pca_alignment", "weight_singular_values"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Alignment:
    """Left singular vectors of the weights matched with principal directions of the data.

    Attributes:
        overlap: |cosine| of each singular vector (row) with each direction (column), both in
            descending order of their values, shape (n_modes, n_modes), float64.
        match: Direction that each singular vector is matched with, shape (n_modes,), int64.
        matched: Overlap of each matched pair, shape (n_modes,).
        singular_values: Of the weights, descending, shape (n_modes,).
        variances: Of the data along its directions, descending, shape (n_modes,).
    """

    overlap: Tensor
    match: Tensor
    matched: Tensor
    singular_values: Tensor
    variances: Tensor


def weight_singular_values(rbm: RBM) -> Tensor:
    """Singular values of the weights.

    Args:
        rbm: The machine.

    Returns:
        Descending, shape (..., min(n_visible, n_hidden)), float64, on the CPU.

    Source: Decelle, Fissore & Furtlehner (2017), Spectral dynamics of learning in RBMs,
        arXiv 1708.02917: modes leave the bulk one after another as they are learned.
    """
    values: Tensor = torch.linalg.svdvals(rbm.weights.detach().cpu().double())
    return values


def bulk_edge(rbm: RBM, weight_std: float | None = None) -> Tensor:
    """Largest singular value that independent random weights would have, σ(√n_visible + √n_hidden).

    Args:
        rbm: The machine.
        weight_std: σ of the noise: the initial one of the recipe. None guesses it from the median
            singular value, which learned modes hardly move while they are few; where most modes
            are learned the guess drifts upwards (digits, 64 × 100: from 0.18 to 0.46).

    Returns:
        The edge of the Marchenko-Pastur bulk, shape of the replica axes, float64, on the CPU. It
        is an asymptotic law: of small noise matrices one in seven exceeds it (64 × 100), but
        hardly any by 5 %. A value well above it has grown in training, which does not make it a
        mode of the data: with the plain gradient the hidden units' common answer to the mean image
        leaves the bulk first. A value below it may still be a learned mode, too weak to tell.

    Raises:
        ConfigError: If weight_std is negative.

    Source: Marchenko & Pastur (1967); Decelle et al. (2017).
    """
    weights = rbm.weights.detach().cpu().double()
    if weight_std is None:
        middle = torch.linalg.svdvals(weights).quantile(0.5, dim=-1)
        sigma = middle / _median_of_noise(rbm.n_visible, rbm.n_hidden)
    elif weight_std >= 0:
        sigma = weights.new_full(rbm.replica_shape, float(weight_std))
    else:
        raise ConfigError(f"weight_std is {weight_std}; it must be at least 0")
    edge: Tensor = sigma * (rbm.n_visible**0.5 + rbm.n_hidden**0.5)
    return edge


def _median_of_noise(n_visible: int, n_hidden: int) -> float:
    """Median singular value of a large matrix of independent unit weights."""
    small, large = sorted((n_visible, n_hidden))
    low, high = large**0.5 - small**0.5, large**0.5 + small**0.5
    s = np.linspace(low, high, 20_001)[1:]
    density = np.sqrt((high**2 - s**2) * (s**2 - low**2)) / s  # of s, not of s², up to a factor
    share = np.cumsum(density) / density.sum()
    return float(s[np.searchsorted(share, 0.5)])


def svd_pca_alignment(rbm: RBM, data: Tensor, n_modes: int | None = None) -> Alignment:
    """Match the weights' left singular vectors with the principal directions of the data.

    Both bases have unit columns. The pairs are the optimal assignment: the one-to-one matching with
    the largest sum of |cosine|, not a greedy swap of rows.

    Args:
        rbm: One machine, without replica axes.
        data: Rows in [0, 1], shape (n_samples, n_visible), at least 2.
        n_modes: Leading modes to match; None takes as many as both bases have.

    Returns:
        The overlaps and the matching. It cannot tell a mode that was learned as a mixture from one
        that was not learned: vectors of nearly equal values turn freely into each other.

    Raises:
        ShapeError: If the machine has replica axes or the data do not fit.
        ConfigError: If n_modes is out of range.
    """
    require_one_machine(rbm.replica_shape)
    if data.ndim != 2 or data.shape[1] != rbm.n_visible or len(data) < 2:
        raise ShapeError(
            f"data has shape {tuple(data.shape)}; it must be (n_samples, {rbm.n_visible}) "
            "with at least 2 samples"
        )
    from scipy.optimize import linear_sum_assignment  # half a second: only when it is wanted

    rows = data.detach().cpu().double()
    left, values, _right = torch.linalg.svd(
        rbm.weights.detach().cpu().double(), full_matrices=False
    )
    _rows, spreads, directions = torch.linalg.svd(rows - rows.mean(0), full_matrices=False)
    most = min(left.shape[1], directions.shape[0])
    n = most if n_modes is None else n_modes
    if not 1 <= n <= most:
        raise ConfigError(f"n_modes is {n_modes}; it must be from 1 to {most}")
    overlap = (left[:, :n].T @ directions[:n].T).abs()
    row, column = linear_sum_assignment(overlap.numpy(), maximize=True)
    match = torch.from_numpy(np.asarray(column)[np.argsort(row)])
    return Alignment(
        overlap=overlap,
        match=match,
        matched=overlap[torch.arange(n), match],
        singular_values=values[:n],
        variances=(spreads.square() / (len(rows) - 1))[:n],
    )
