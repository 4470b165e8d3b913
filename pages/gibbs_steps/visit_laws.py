"""The law that a walk's visits obey, and how much distance to it chance alone explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbm_core import (
    RBM,
    clamp_mask,
    held_distribution,
    independent_floor,
    total_variation,
    transition_matrix,
    walk_floor,
)

__all__ = ["ChanceBounds", "Floats", "VisitLaw", "chance_bounds", "distance", "visit_law"]

Floats = NDArray[np.float64]

# An eigenvalue decomposition of 256 states takes 10 ms; beyond that the second bound is left out.
MAX_BOUND_UNITS = 8
# Points of the bounds' curves.
N_MOMENTS = 40


@dataclass(frozen=True, eq=False, kw_only=True)
class VisitLaw:
    """What visits tend to while the held units stay as they are.

    Attributes:
        exact: Probability of each visible state, shape (2**n_visible,).
        matrix: Transition matrix of one step, or None for machines above 8 visible units.
    """

    exact: Floats
    matrix: Tensor | None


@dataclass(frozen=True, eq=False, kw_only=True)
class ChanceBounds:
    """What the distance comes to by chance, on average at most, shape (n_moments,).

    Attributes:
        n: The numbers of steps.
        independent: For independent draws.
        walk: For one correlated walk, or None for machines above 8 visible units.
    """

    n: Floats
    independent: Floats
    walk: Floats | None


def visit_law(rbm: RBM, v: Tensor, held: Sequence[int]) -> VisitLaw:
    """Return the law of a machine's visits.

    Args:
        rbm: The machine.
        v: Gives the values of the held units, shape (n_visible,).
        held: Units that are held.
    """
    clamp = clamp_mask(rbm.n_visible, held)
    return VisitLaw(
        exact=cast("Floats", held_distribution(rbm, v, clamp).numpy()),
        matrix=transition_matrix(rbm, clamp) if rbm.n_visible <= MAX_BOUND_UNITS else None,
    )


def distance(visits: NDArray[np.int64], law: Floats) -> float:
    """Total variation between visits and their law; NaN before the first visit."""
    n = int(visits.sum())
    if n < 1:
        return float("nan")
    return float(total_variation(torch.from_numpy(visits / n), torch.from_numpy(law)))


def chance_bounds(law: VisitLaw, n_max: int) -> ChanceBounds:
    """Bound the mean distance that chance alone explains, at 1 to n_max steps.

    Args:
        law: The law of the visits.
        n_max: The last number of steps.
    """
    n = np.unique(np.geomspace(1, max(n_max, 2), N_MOMENTS).round())
    moments, exact = torch.from_numpy(n), torch.from_numpy(law.exact)
    return ChanceBounds(
        n=n,
        independent=independent_floor(exact, moments).numpy(),
        walk=None if law.matrix is None else walk_floor(law.matrix, exact, moments).numpy(),
    )
