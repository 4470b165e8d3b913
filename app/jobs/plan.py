"""How often a run is looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["N_FRAMES", "Plan", "plan_for"]

N_FRAMES = 60
# Points of the curves: two for each frame, so that nothing more cuts the run into calls.
N_POINTS = 2 * (N_FRAMES - 1)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How often a run is looked at, in updates; a grid, so that equal runs give equal curves.

    Attributes:
        chunk: Updates between looks at the clock.
        record_every: Updates between points of the training curves.
        measure_every: Updates between exact (or costly) measures.
        frame_every: Updates between frames of the film; 0 keeps no film.
    """

    chunk: int
    record_every: int
    measure_every: int
    frame_every: int


def plan_for(n_updates: int) -> Plan:
    """Return the plan of a small, fast run.

    Args:
        n_updates: Length of the run.
    """
    every = max(1, math.ceil(n_updates / N_POINTS))
    return Plan(
        chunk=every,
        record_every=every,
        measure_every=every,
        frame_every=every if n_updates < N_FRAMES else 2 * every,
    )
