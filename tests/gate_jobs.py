"""Small gate jobs for tests, run to a point without the scheduler's thread."""

from __future__ import annotations

import time

from app.gates.runs import GateJob, new_job
from rbm_core import Recipe, default_recipe

__all__ = ["quick_recipe", "trained"]


def quick_recipe(dataset: str = "and", **changes: object) -> Recipe:
    """A run of 300 updates."""
    return default_recipe(dataset).replace(**{"epochs": 3, **changes})


def trained(recipe: Recipe, until: int | None = None) -> GateJob:
    """Train a fresh job on this thread, to the end or to an update."""
    return advance(new_job(recipe), until)


def advance(job: GateJob, until: int | None = None) -> GateJob:
    """Train a job on this thread, to the end or to an update."""
    job.stop_at = job.n_updates if until is None else until
    job.state = "running"
    job.work(time.monotonic() + 1e6)
    return job
