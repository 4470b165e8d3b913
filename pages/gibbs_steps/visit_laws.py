"""The law that a walk's visits obey, and the distance that sampling alone explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from pages.gibbs_steps.walk import Walk
from rbm_core import (
    RBM,
    clamp_mask,
    held_distribution,
    independent_floor,
    total_variation,
    transition_matrix,
    walk_floor,
)

__all__ = ["Floors", "distance", "floors", "visit_law"]

Floats = NDArray[np.float64]

# An eigenvalue decomposition of 256 states takes 10 ms; beyond that the second floor is left out.
MAX_FLOOR_UNITS = 8
# Points of the floors' curves.
N_MOMENTS = 40


@dataclass(frozen=True, eq=False, kw_only=True)
class Floors:
    """Distances that sampling alone explains, at some numbers of steps, shape (n_moments,).

    Attributes:
        n: The numbers of steps.
        independent: For independent draws.
        walk: For one correlated walk, or None for machines above 8 visible units.
    """

    n: Floats
    independent: Floats
    walk: Floats | None


def visit_law(rbm: RBM, walk: Walk) -> Floats:
    """Exact law of the visible states under the present holds, shape (2**n_visible,)."""
    clamp = clamp_mask(rbm.n_visible, walk.held)
    return cast("Floats", held_distribution(rbm, torch.from_numpy(walk.v), clamp).numpy())


def distance(visits: NDArray[np.int64], law: Floats) -> float:
    """Total variation between visits and their law; NaN before the first visit."""
    n = int(visits.sum())
    if n < 1:
        return float("nan")
    return float(total_variation(torch.from_numpy(visits / n), torch.from_numpy(law)))


def floors(rbm: RBM, walk: Walk, law: Floats, n_max: int) -> Floors:
    """Distances that sampling alone explains, at 1 to n_max steps.

    Args:
        rbm: The machine.
        walk: Gives the held units.
        law: The exact law of its visits.
        n_max: The last number of steps.
    """
    n = np.unique(np.geomspace(1, max(n_max, 2), N_MOMENTS).round())
    moments, exact = torch.from_numpy(n), torch.from_numpy(law)
    correlated: Floats | None = None
    if rbm.n_visible <= MAX_FLOOR_UNITS:
        matrix = transition_matrix(rbm, clamp_mask(rbm.n_visible, walk.held))
        correlated = walk_floor(matrix, exact, moments).numpy()
    return Floors(n=n, independent=independent_floor(exact, moments).numpy(), walk=correlated)
