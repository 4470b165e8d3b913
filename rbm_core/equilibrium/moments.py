"""Second and third moments of generated states against those of data."""

from __future__ import annotations

import math
from itertools import combinations

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError
from rbm_core.generators import Generator, integers, permutation

__all__ = [
    "draw_triples",
    "same_width",
    "second_moment_error",
    "second_moment_floor",
    "third_moment_error",
]

# A pass over triples holds this many products per row of data.
TRIPLES_AT_ONCE = 1000


def second_moment_error(data: Tensor, generated: Tensor) -> float:
    """ε⁽²⁾ = 2/(N(N-1)) Σ_{i<j} (C_data - C_gen)²_ij, C the covariance between visible units.

    Args:
        data: Rows, shape (n_samples, n_visible), n_visible at least 2.
        generated: States, shape (n_chains, n_visible).

    Returns:
        Mean squared difference of covariances. It cannot tell anything beyond pairs, nor the means,
        and noise alone puts it at `second_moment_floor`.

    Raises:
        ShapeError: If the two do not fit.

    Source: Decelle, Furtlehner & Seoane (2021), arXiv 2105.13889.
    """
    x, y = same_width(data, generated)
    difference = _covariance(x) - _covariance(y)
    i, j = torch.triu_indices(len(difference), len(difference), 1, device=x.device)
    return float(difference[i, j].square().mean())


def second_moment_floor(data: Tensor, n_generated: int) -> float:
    """Mean ε⁽²⁾ of n independent draws from the data's own law, to first order in 1 / n.

    Args:
        data: Rows, shape (n_samples, n_visible), n_visible at least 2.
        n_generated: Number of draws.
    """
    x, _same = same_width(data, data)
    centred = x - x.mean(0)
    covariance = _covariance(x)
    variance = centred.square().T @ centred.square() / len(x) - covariance.square()
    i, j = torch.triu_indices(len(variance), len(variance), 1, device=x.device)
    return float(variance[i, j].mean() / n_generated)


def draw_triples(n_visible: int, n_triples: int, generator: Generator) -> Tensor:
    """Choose triples of different visible units: all of them, or a random subset.

    Args:
        n_visible: Number of visible units, at least 3.
        n_triples: How many at most; when there are fewer in all, every triple is returned.
        generator: Advanced in place when a subset is drawn.

    Returns:
        Unit numbers, rising within each triple, no triple twice, shape (n, 3), int64.

    Raises:
        ConfigError: If there are too few units, or n_triples is below 1.
    """
    if n_visible < 3 or n_triples < 1:
        raise ConfigError(
            f"n_visible is {n_visible} and n_triples is {n_triples}; "
            "triples need at least 3 units, and at least 1 of them"
        )
    if math.comb(n_visible, 3) <= n_triples:
        return torch.tensor(list(combinations(range(n_visible), 3)))
    found = torch.empty(0, 3, dtype=torch.int64)
    while len(found) < n_triples:
        drawn = integers(n_visible, (n_triples, 3), generator).cpu().sort(1).values
        different = (drawn.diff(dim=1) > 0).all(1)
        found = torch.unique(torch.cat([found, drawn[different]]), dim=0)
    # `unique` sorts, so the surplus is dropped at random, not from the end.
    keep = permutation(len(found), generator).cpu()[:n_triples]
    return found[keep]


def third_moment_error(data: Tensor, generated: Tensor, triples: Tensor) -> float:
    """ε⁽³⁾, the mean of (C_data - C_gen)²_ijk over triples, C the third central moment.

    Args:
        data: Rows, shape (n_samples, n_visible).
        generated: States, shape (n_chains, n_visible).
        triples: From `draw_triples`; the same ones for every value that is to be compared.

    Returns:
        Mean squared difference. It cannot tell moments beyond the third, and with few rows it is
        mostly sampling noise.

    Raises:
        ShapeError: If data and generated do not fit.

    Source: Decelle, Furtlehner & Seoane (2021), arXiv 2105.13889.
    """
    x, y = same_width(data, generated)
    total = 0.0
    for block in triples.to(x.device).split(TRIPLES_AT_ONCE):
        total += float((_third(x, block) - _third(y, block)).square().sum())
    return total / len(triples)


def same_width(data: Tensor, generated: Tensor) -> tuple[Tensor, Tensor]:
    """Both sides in double precision on the CPU, checked against each other."""
    if data.ndim != 2 or generated.ndim != 2 or data.shape[1] != generated.shape[1]:
        raise ShapeError(
            f"data has shape {tuple(data.shape)} and generated {tuple(generated.shape)}; "
            "they must be (n_samples, n_visible) and (n_chains, n_visible)"
        )
    if data.shape[1] < 2 or 0 in (len(data), len(generated)):
        raise ShapeError(
            f"data has shape {tuple(data.shape)} and generated {tuple(generated.shape)}; "
            "they need a row each and at least 2 visible units"
        )
    return data.detach().cpu().double(), generated.detach().cpu().double()


def _covariance(x: Tensor) -> Tensor:
    centred = x - x.mean(0)
    return centred.T @ centred / len(x)


def _third(x: Tensor, triples: Tensor) -> Tensor:
    """Third central moments, shape (n_triples,)."""
    centred = x - x.mean(0)
    i, j, k = triples.T
    return (centred[:, i] * centred[:, j] * centred[:, k]).mean(0)
