"""How near generated states are to data, moment by moment and neighbour by neighbour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError
from rbm_core.generators import Generator, integers, permutation
from rbm_core.gibbs import gibbs_step, noise
from rbm_core.rbm import RBM

__all__ = [
    "AdversarialAccuracy",
    "GenerationCurve",
    "adversarial_accuracy",
    "draw_triples",
    "generation_curve",
    "second_moment_error",
    "second_moment_floor",
    "third_moment_error",
]

# A pass over triples holds this many products per row of data.
TRIPLES_AT_ONCE = 1000


@dataclass(frozen=True)
class AdversarialAccuracy:
    """How well the nearest neighbour tells generated states from data.

    Attributes:
        generated: A_S, share of generated states whose nearest neighbour is generated.
        data: A_T, share of data rows whose nearest neighbour is data.
        error: ε_AAI = (A_S - ½)² + (A_T - ½)²; 0 when both mix perfectly, ½ at worst.
    """

    generated: float
    data: float
    error: float


@dataclass(frozen=True, eq=False, kw_only=True)
class GenerationCurve:
    """Quality of generated states against generation time; all tensors of shape (n_times,).

    Attributes:
        times: Gibbs steps from the start, rising, int64.
        second_moment_error: ε⁽²⁾.
        third_moment_error: ε⁽³⁾, over one fixed set of triples.
        adversarial_generated: A_S.
        adversarial_data: A_T.
        adversarial_error: ε_AAI.
        second_moment_floor: What ε⁽²⁾ would be on average for as many draws from the data's own
            law: a curve near it cannot be told from perfect.
    """

    times: Tensor
    second_moment_error: Tensor
    third_moment_error: Tensor
    adversarial_generated: Tensor
    adversarial_data: Tensor
    adversarial_error: Tensor
    second_moment_floor: float

    @property
    def best_time(self) -> int:
        """Generation time of the smallest ε⁽²⁾."""
        return int(self.times[self.second_moment_error.argmin()])


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
    x, y = _pair(data, generated)
    difference = _covariance(x) - _covariance(y)
    i, j = torch.triu_indices(len(difference), len(difference), 1, device=x.device)
    return float(difference[i, j].square().mean())


def second_moment_floor(data: Tensor, n_generated: int) -> float:
    """Mean ε⁽²⁾ of n independent draws from the data's own law, to first order in 1 / n.

    Args:
        data: Rows, shape (n_samples, n_visible), n_visible at least 2.
        n_generated: Number of draws.
    """
    x, _same = _pair(data, data)
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
    x, y = _pair(data, generated)
    total = 0.0
    for block in triples.to(x.device).split(TRIPLES_AT_ONCE):
        total += float((_third(x, block) - _third(y, block)).square().sum())
    return total / len(triples)


def adversarial_accuracy(data: Tensor, generated: Tensor) -> AdversarialAccuracy:
    """Adversarial accuracy: does the nearest neighbour come from the same side?

    Nearest in Euclidean distance (for bits: in flipped units) among all other rows of both sides;
    a tie counts one half.

    Args:
        data: Rows, shape (n, n_visible).
        generated: As many states, shape (n, n_visible), n at least 2.

    Returns:
        A_S and A_T with their error. Both are ½ for a perfect generator, near 1 when the sides lie
        apart, and near 0 when generated states are copies of data rows. It cannot tell which
        features are wrong, and in many dimensions it saturates at 1 early.

    Raises:
        ShapeError: If the two do not have the same shape, of at least 2 rows.

    Source: Yale et al. (2020), Generation and evaluation of privacy preserving synthetic health
        data; Decelle, Furtlehner & Seoane (2021) for ε_AAI.
    """
    x, y = _pair(data, generated)
    if len(x) != len(y) or len(x) < 2:
        raise ShapeError(
            f"data has {len(x)} rows and generated has {len(y)}; "
            "both need the same number, at least 2"
        )
    across = _squared_distances(x, y)
    a_s = _share_nearer(_others(y), across.amin(0))
    a_t = _share_nearer(_others(x), across.amin(1))
    return AdversarialAccuracy(a_s, a_t, (a_s - 0.5) ** 2 + (a_t - 0.5) ** 2)


def generation_curve(
    rbm: RBM,
    data: Tensor,
    times: Sequence[int],
    n_chains: int,
    generator: Generator,
    *,
    start: Tensor | None = None,
    n_triples: int = 10_000,
) -> GenerationCurve:
    """Follow ε⁽²⁾, ε⁽³⁾ and adversarial accuracy along chains that start from noise.

    A machine trained out of equilibrium is best near t = k of its training and gets worse later.

    Args:
        rbm: One machine, without replica axes.
        data: Bits to compare with, shape (n_samples, n_visible), n_visible at least 3.
        times: Gibbs steps at which to look, rising, from 0.
        n_chains: Chains, at least 2 and at most n_samples.
        generator: Advanced in place.
        start: Visible states to start at, shape (n_chains, n_visible); None means fair coins.
        n_triples: Triples that ε⁽³⁾ is averaged over at most.

    Returns:
        The curve. It cannot tell whether the chains are at equilibrium: a flat end may be a slow
        one, for which there is `two_start_test`.

    Raises:
        ConfigError: If times or n_chains are out of range.
        ShapeError: If the machine has replica axes, or data or start do not fit.

    Source: Decelle, Furtlehner & Seoane (2021), arXiv 2105.13889.
    """
    _require_one_machine(rbm)
    _require_times(times)
    if not 2 <= n_chains <= len(data):
        raise ConfigError(f"n_chains is {n_chains}; it must be from 2 to the {len(data)} rows")
    rows = data.to(rbm.weights)
    v = noise(rbm, n_chains, generator) if start is None else start.to(rbm.weights)
    if tuple(v.shape) != (n_chains, rbm.n_visible):
        raise ShapeError(
            f"start has shape {tuple(v.shape)}; it must be ({n_chains}, {rbm.n_visible})"
        )
    triples = draw_triples(rbm.n_visible, n_triples, generator)
    sample = rows[permutation(len(rows), generator).to(rows.device)[:n_chains]]
    readings, now = [], 0
    for time in times:
        for _ in range(time - now):
            v, _info = gibbs_step(rbm, v, generator)
        now = time
        neighbour = adversarial_accuracy(sample, v)
        readings.append(
            (
                second_moment_error(rows, v),
                third_moment_error(rows, v, triples),
                neighbour.generated,
                neighbour.data,
                neighbour.error,
            )
        )
    columns = torch.tensor(readings, dtype=torch.float64).T
    return GenerationCurve(
        times=torch.tensor(list(times)),
        second_moment_error=columns[0],
        third_moment_error=columns[1],
        adversarial_generated=columns[2],
        adversarial_data=columns[3],
        adversarial_error=columns[4],
        second_moment_floor=second_moment_floor(rows, n_chains),
    )


def _pair(data: Tensor, generated: Tensor) -> tuple[Tensor, Tensor]:
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


def _squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """Exact for bits, which keeps ties; shape (len(x), len(y))."""
    return x.square().sum(1)[:, None] + y.square().sum(1) - 2 * x @ y.T


def _others(x: Tensor) -> Tensor:
    """Squared distance of each row to the nearest other row of the same side."""
    return _squared_distances(x, x).fill_diagonal_(math.inf).amin(1)


def _share_nearer(same: Tensor, other: Tensor) -> float:
    return float(((same < other).double() + 0.5 * (same == other).double()).mean())


def _require_one_machine(rbm: RBM) -> None:
    if rbm.replica_shape:
        raise ShapeError(f"machine has replica axes {rbm.replica_shape}; take one with replica(i)")


def _require_times(times: Sequence[int]) -> None:
    if not times or min(times) < 0 or sorted(set(times)) != list(times):
        raise ConfigError(f"times are {list(times)}; they must be whole numbers rising from 0")
