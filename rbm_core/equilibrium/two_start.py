"""Chains from data and chains from noise: do they forget where they began?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.equilibrium.principal_axes import principal_axes
from rbm_core.errors import ConfigError, ShapeError, require_one_machine
from rbm_core.generators import Generator, integers
from rbm_core.machine.gibbs import gibbs_step, noise
from rbm_core.machine.rbm import RBM

__all__ = ["Agreement", "TwoStartResult", "two_start_test"]

# Chains that are stuck lie far apart and so widen the very error that their means are compared
# with: the means alone call them agreed. R̂ sees them (Gelman & Rubin: near 1.1 is acceptable).
R_HAT_LIMIT = 1.1


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Whether an observable forgot where its chains began.

    Attributes:
        from_data: Mean over the second half of the chains from data.
        from_noise: The same of the chains from noise.
        std_error: Standard error of their difference, from the spread between chains.
        r_hat: Potential scale reduction over all chains of both starts, near 1 when they agree;
            NaN when no chain moves.
    """

    from_data: float
    from_noise: float
    std_error: float
    r_hat: float

    @property
    def agrees(self) -> bool:
        """Whether the means differ by at most 3 standard errors and R̂ is at most 1.1."""
        difference = abs(self.from_data - self.from_noise)
        return self.r_hat <= R_HAT_LIMIT and difference <= 3 * self.std_error  # false for NaN


@dataclass(frozen=True, eq=False, kw_only=True)
class TwoStartResult:
    """Chains from data and chains from noise, side by side.

    Attributes:
        free_energy: Agreement of the free energy, in nats.
        activity: Agreement of the share of visible units that are on.
        projection: Agreement of the projection on the first principal axis of the data, where
            their modes lie apart; None when all rows of the data are equal.
        free_energy_data: Mean free energy of the chains from data after each step, step 0 first,
            shape (n_gibbs_steps + 1,).
        free_energy_noise: The same of the chains from noise.
    """

    free_energy: Agreement
    activity: Agreement
    projection: Agreement | None
    free_energy_data: Tensor
    free_energy_noise: Tensor

    @property
    def agrees(self) -> bool:
        """Whether every observable agrees."""
        observables = (self.free_energy, self.activity, self.projection)
        return all(one.agrees for one in observables if one is not None)


def two_start_test(
    rbm: RBM,
    data: Tensor,
    generator: Generator,
    *,
    n_gibbs_steps: int = 1000,
    n_chains: int = 100,
) -> TwoStartResult:
    """Run chains from data and from noise, and see whether they forget where they began.

    Means are over the second half of the chains.

    Args:
        rbm: One machine, without replica axes.
        data: Rows, shape (n_samples, n_visible).
        generator: Advanced in place.
        n_gibbs_steps: Steps of each chain, at least 4.
        n_chains: Chains of each start, at least 2.

    Returns:
        Both means of three observables with their spread. Disagreement shows that the chains are
        not at equilibrium. Agreement cannot show that they are: a mode that neither start reaches
        stays unseen, so do modes that differ in none of the three (apart along another axis than
        the data's first), and with few chains a small difference hides in the error.

    Raises:
        ConfigError: If a count is too small.
        ShapeError: If the machine has replica axes or the data do not fit.

    Source: Gelman & Rubin (1992), Inference from Iterative Simulation Using Multiple Sequences.
    """
    require_one_machine(rbm.replica_shape)
    if n_gibbs_steps < 4 or n_chains < 2:
        raise ConfigError(
            f"n_gibbs_steps is {n_gibbs_steps} and n_chains is {n_chains}; "
            "they must be at least 4 and 2"
        )
    if data.ndim != 2 or data.shape[1] != rbm.n_visible:
        raise ShapeError(
            f"data has shape {tuple(data.shape)}; it must be (n_samples, {rbm.n_visible})"
        )
    rows = integers(len(data), (n_chains,), generator).to(data.device)
    axis = principal_axes(data, 1).directions[:, 0].to(rbm.weights)
    spread = bool((data != data[0]).any())
    v = torch.cat([data[rows].to(rbm.weights), noise(rbm, n_chains, generator)])
    path = [_observe(rbm, v, axis)]
    for _ in range(n_gibbs_steps):
        v, _info = gibbs_step(rbm, v, generator)
        path.append(_observe(rbm, v, axis))
    energies, activities, projections = torch.stack(path, -1).double().cpu()
    return TwoStartResult(
        free_energy=_agreement(energies, n_chains),
        activity=_agreement(activities, n_chains),
        projection=_agreement(projections, n_chains) if spread else None,
        free_energy_data=energies[:n_chains].mean(0),
        free_energy_noise=energies[n_chains:].mean(0),
    )


def _observe(rbm: RBM, v: Tensor, axis: Tensor) -> Tensor:
    """Free energy, activity and projection of each chain, shape (3, n_chains)."""
    return torch.stack([rbm.free_energy(v), v.mean(-1), v @ axis])


def _agreement(path: Tensor, n_chains: int) -> Agreement:
    """Compare the second halves of two groups of chains, path (2 n_chains, n_steps + 1)."""
    late = path[:, path.shape[1] // 2 :]
    means = late.mean(1)
    data, start = means[:n_chains], means[n_chains:]
    within = late.var(1).mean()
    length = late.shape[1]
    r_hat = ((length - 1) / length + means.var() / within).sqrt() if within > 0 else math.nan
    return Agreement(
        from_data=float(data.mean()),
        from_noise=float(start.mean()),
        std_error=float(((data.var() + start.var()) / n_chains).sqrt()),
        r_hat=float(r_hat),
    )
