"""What chains generate as time goes on: nearest neighbours, and all measures along a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.equilibrium.moments import (
    draw_triples,
    same_width,
    second_moment_error,
    second_moment_floor,
    third_moment_error,
)
from rbm_core.errors import ConfigError, ShapeError, require_one_machine, require_rising
from rbm_core.generators import Generator, permutation
from rbm_core.machine.gibbs import gibbs_step, noise
from rbm_core.machine.rbm import RBM

__all__ = [
    "AdversarialAccuracy",
    "GenerationCurve",
    "adversarial_accuracy",
    "generation_curve",
]


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
    x, y = same_width(data, generated)
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

    A machine trained out of equilibrium is best near t = k of its training and gets worse later:
    `training_time_memory` says whether it does, which the lowest point of the curve does not.

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
    require_one_machine(rbm.replica_shape)
    require_rising("times", times)
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


def _squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """Exact for bits, which keeps ties; shape (len(x), len(y))."""
    return x.square().sum(1)[:, None] + y.square().sum(1) - 2 * x @ y.T


def _others(x: Tensor) -> Tensor:
    """Squared distance of each row to the nearest other row of the same side."""
    return _squared_distances(x, x).fill_diagonal_(math.inf).amin(1)


def _share_nearer(same: Tensor, other: Tensor) -> float:
    return float(((same < other).double() + 0.5 * (same == other).double()).mean())
