"""The cascade of transitions: modes of the weights that grow, turn critical and split the data."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.equilibrium.autocorrelation import (
    AutocorrelationTime,
    integrated_autocorrelation_time,
)
from rbm_core.equilibrium.principal_axes import principal_axes
from rbm_core.equilibrium.spectrum import svd_pca_alignment
from rbm_core.errors import ShapeError, require_whole
from rbm_core.generators import Generator
from rbm_core.machine.gibbs import gibbs_chain
from rbm_core.machine.rbm import RBM

__all__ = ["Cascade", "cascade", "mean_field_variances", "mode_memory"]

# Damped steps that bring the mean field to its fixed point within 1e-7, at transitions too.
N_MEAN_FIELD_STEPS = 500


@dataclass(frozen=True, eq=False, kw_only=True)
class Cascade:
    """Modes of a film and of what its machines show at equilibrium; float64, on the CPU.

    Attributes:
        singular_values: s_α of the weights, descending, shape (n_frames, n_modes).
        critical_values: s_α at which the mean field would turn unstable along this mode,
            1 / √(u²·D_v · w²·D_h), same shape: 4.1 on digits at first.
        mean_field_values: s̃_α, singular values of D_v^½ W D_h^½, same shape; the mean field's
            susceptibility is 1 / (1 - s̃²), which diverges where s̃ reaches 1.
        susceptibility: χ_α, variance of u_α·v over the equilibrium states divided by u²·D_v, that
            of independent units in the mean field, same shape; 1 before a mode has been learned.
        kurtosis: Fourth moment of u_α·v over the square of its variance, same shape: 3 for one
            bell, down to 1 for two points.
        match: Principal axis of the data that each mode is matched with, same shape, int64.
        overlap: |cosine| with it, same shape.
        axis_variance: Variance of the equilibrium states along each principal axis divided by
            that of the data, shape (n_frames, n_modes).
    """

    singular_values: Tensor
    critical_values: Tensor
    mean_field_values: Tensor
    susceptibility: Tensor
    kurtosis: Tensor
    match: Tensor
    overlap: Tensor
    axis_variance: Tensor


def cascade(film: RBM, data: Tensor, samples: Tensor, n_modes: int = 4) -> Cascade:
    """Follow the modes of a film through their transitions.

    Args:
        film: Machines of one run by age, replicas along one axis.
        data: Training rows, shape (n_samples, n_visible).
        samples: Equilibrium states of each, shape (n_frames, n, n_visible), as a ladder with all
            frames as rungs gives them.
        n_modes: Leading modes.

    Raises:
        ShapeError: If film, data and samples do not belong together.
        ConfigError: If n_modes is out of range.

    Bias: Susceptibilities and variances carry the sampling error of the states, √(2 / n) and more.
        Singular vectors of nearly equal values turn freely into each other, the match with them.

    Source: Bachtis, Biroli, Decelle & Seoane (2024), Cascade of phase transitions in the training
        of energy-based models, arXiv 2405.14689; Decelle et al. (2017), arXiv 1708.02917.
    """
    n_frames = len(film.weights)
    if len(film.replica_shape) != 1 or tuple(samples.shape[::2]) != (n_frames, film.n_visible):
        raise ShapeError(
            f"film has replica axes {film.replica_shape} and samples have shape "
            f"{tuple(samples.shape)}; they must be (n_frames,) and (n_frames, n, n_visible)"
        )
    require_whole("n_modes", n_modes, most=min(film.n_visible, film.n_hidden))
    weights = film.weights.detach().cpu().double()
    left, values, right = torch.linalg.svd(weights, full_matrices=False)
    u, w = left[..., :n_modes], right[..., :n_modes, :].transpose(-1, -2)
    spread_v, spread_h = mean_field_variances(film)
    independent = _along(u, spread_v)
    states = samples.detach().cpu().double()
    along = (states - states.mean(1, keepdim=True)) @ u
    variance = along.square().mean(1)
    axes = principal_axes(data, n_modes)
    found = [svd_pca_alignment(film.replica(t), data, n_modes) for t in range(n_frames)]
    scaled = spread_v.sqrt()[..., None] * weights * spread_h.sqrt()[:, None]
    return Cascade(
        singular_values=values[:, :n_modes],
        critical_values=(independent * _along(w, spread_h)).rsqrt(),
        mean_field_values=torch.linalg.svdvals(scaled)[:, :n_modes],
        susceptibility=variance / independent,
        kurtosis=along.pow(4).mean(1) / variance.square(),
        match=torch.stack([one.match for one in found]),
        overlap=torch.stack([one.matched for one in found]),
        axis_variance=(states @ axes.directions).var(1, correction=0) / axes.variances,
    )


def mean_field_variances(rbm: RBM) -> tuple[Tensor, Tensor]:
    """Variances m (1 - m) of both layers at the fixed point of the mean field.

    m_v = σ(b_v + W m_h), m_h = σ(b_h + Wᵀ m_v), reached from m_v = σ(b_v) in damped steps.

    Args:
        rbm: The machine.

    Returns:
        Of the visible units, shape (..., n_visible), and of the hidden ones, (..., n_hidden);
        float64, on the CPU. Beyond a transition there are several fixed points, and this is one.
    """
    weights, b_v, b_h = (p.detach().cpu().double() for p in rbm.parameters())
    mean_v = torch.sigmoid(b_v)
    mean_h = torch.sigmoid(b_h)
    for _ in range(N_MEAN_FIELD_STEPS):
        mean_h = torch.sigmoid(b_h + (mean_v.unsqueeze(-2) @ weights).squeeze(-2))
        pulled = torch.sigmoid(b_v + (weights @ mean_h.unsqueeze(-1)).squeeze(-1))
        mean_v = (mean_v + pulled) / 2
    return mean_v * (1 - mean_v), mean_h * (1 - mean_h)


def mode_memory(
    film: RBM, start: Tensor, generator: Generator, *, n_gibbs_steps: int = 400, mode: int = 0
) -> list[AutocorrelationTime]:
    """Autocorrelation time of u_α·v along Gibbs chains of each machine of a film.

    Args:
        film: Machines by age, replicas along one axis.
        start: Equilibrium states of each, shape (n_frames, n_chains, n_visible).
        generator: Advanced in place.
        n_gibbs_steps: Steps, at least 2; times above a fiftieth of them are marked as not reliable.
        mode: α, counted from 0.

    Raises:
        ConfigError: If a number is out of range.
    """
    require_whole("n_gibbs_steps", n_gibbs_steps, least=2)
    require_whole("mode", mode, least=0, most=min(film.n_visible, film.n_hidden) - 1)
    u = torch.linalg.svd(film.weights, full_matrices=False)[0][..., mode, None]
    chain = gibbs_chain(film, start.to(film.weights), n_gibbs_steps, generator)
    path = torch.stack([(v @ u).squeeze(-1) for v in chain], -1)  # (n_frames, n_chains, n_steps)
    return [integrated_autocorrelation_time(series) for series in path]


def _along(directions: Tensor, spread: Tensor) -> Tensor:
    """Variance along directions (..., n_units, n_modes) of independent units, (..., n_modes)."""
    return (spread.unsqueeze(-2) @ directions.square()).squeeze(-2)
