"""How far the states a chain has visited may stray from the law it obeys."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.exact.enumeration import visible_distribution
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import enumerate_states

__all__ = ["held_distribution", "independent_floor", "total_variation", "walk_floor"]

# Below this n (1 - λ) the closed form of the correlation sum loses digits; its series does not.
SERIES_BELOW = 1e-4


def held_distribution(rbm: RBM, v: Tensor, clamp: Tensor) -> Tensor:
    """p(v given the held units): zero where a state disagrees with them.

    Args:
        rbm: The machine, at most 20 visible units.
        v: Gives the values of the held units, shape (n_visible,).
        clamp: Boolean mask of held visible units, shape (n_visible,).

    Returns:
        Probabilities in counting order, shape (2**n_visible,), float64.

    Raises:
        SizeError: If there are more than 20 visible units.
    """
    law = visible_distribution(rbm)
    agree = (enumerate_states(rbm.n_visible)[:, clamp] == v.double()[clamp]).all(-1)
    law = torch.where(agree.to(law.device), law, 0.0)
    return law / law.sum()


def total_variation(p: Tensor, q: Tensor) -> Tensor:
    """Total-variation distance of two distributions, half the sum of |p - q|.

    Args:
        p: Probabilities, shape (..., n_states).
        q: Probabilities, shape (..., n_states).
    """
    return (p - q).abs().sum(-1) / 2


def independent_floor(law: Tensor, n_draws: Tensor) -> Tensor:
    """Distance that independent draws keep from their own law, Σ√(p (1 - p) / n) / 2.

    **Bias.** A root mean square stands for each mean of |p̂ - p|, so it is an upper bound of the
    expected total variation, about a quarter above it when n is large.

    Args:
        law: Probabilities, shape (n_states,).
        n_draws: Numbers of draws, shape (n_moments,).

    Returns:
        Distances, shape (n_moments,), float64.
    """
    spread = torch.sqrt(law.double() * (1 - law.double())).sum()
    return spread / (2 * torch.sqrt(n_draws.double()))


def walk_floor(matrix: Tensor, law: Tensor, n_steps: Tensor) -> Tensor:
    r"""The same distance for one chain that starts at equilibrium: its draws are correlated.

    Var(p̂_i) = [p_i (1 - p_i) + 2 Σ_{k=1}^{n-1} (1 - k/n) p_i ((T^k)_ii - p_i)] / n, exact at
    every n through the eigenvalues of T; the floor is Σ_i √Var(p̂_i) / 2.

    **Bias.** An upper bound of the expected total variation, as `independent_floor` is.

    Args:
        matrix: Transition matrix of a reversible chain, shape (n_states, n_states).
        law: Its stationary distribution, shape (n_states,); states of probability 0 are left out.
        n_steps: Numbers of steps counted, shape (n_moments,), each at least 1.

    Returns:
        Distances, shape (n_moments,), float64.

    Source: Levin, Peres & Wilmer, Markov Chains and Mixing Times, section 12.1 (the spectral form
    of T^k for a reversible chain).
    """
    there = law > 0
    p = law.double()[there]
    root = p.sqrt()
    symmetric = matrix.double()[there][:, there] * root[:, None] / root[None]
    eigenvalues, vectors = torch.linalg.eigh((symmetric + symmetric.T) / 2)
    # The largest eigenvalue is 1 and belongs to the law itself: it carries no correlation.
    eigenvalues, vectors = eigenvalues[:-1].clamp(0.0, 1.0), vectors[:, :-1]
    n = n_steps.double()
    sums = _correlation_sums(eigenvalues, n)  # (n_moments, n_states - 1)
    variance = (p * (1 - p) + 2 * p * (sums @ vectors.square().T)) / n[:, None]
    distances: Tensor = variance.clamp_min(0.0).sqrt().sum(-1) / 2
    return distances


def _correlation_sums(eigenvalues: Tensor, n: Tensor) -> Tensor:
    """Σ_{k=1}^{n-1} (1 - k/n) λ^k, shape (n_moments, n_eigenvalues)."""
    n = n[:, None]
    gap = (1 - eigenvalues)[None]
    series = (n - 1) / 2 * (1 - gap * (n + 1) / 3)
    safe = gap.clamp_min(1e-300)
    power = torch.exp(n * torch.log1p(-safe.clamp_max(1.0)))
    closed = eigenvalues / safe - eigenvalues * (1 - power) / (n * safe.square())
    sums: Tensor = torch.where(n * gap < SERIES_BELOW, series, closed)
    return sums
