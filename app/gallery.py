"""Finished examples: each gate preset trained once for all sessions, so that no page opens empty."""

from __future__ import annotations

import threading
import time

from app.boot import scheduler
from app.gate_runs import GateJob, new_job
from rbm_core import PRESETS, Recipe

__all__ = ["example", "warm"]

OWNER = "gallery"
# This preset opens untrained: its lesson is to press Train.
UNTRAINED = ("and-from-scratch",)
# What the first visitors see is ready before they come; the rest trains behind it.
LANDING = "xor-ready"
LANDING_SECONDS = 20.0

_jobs: dict[str, GateJob] = {}
_lock = threading.Lock()


def example(recipe: Recipe) -> GateJob | None:
    """Return the example that shows a recipe, training or trained, or None when there is none.

    Args:
        recipe: A preset's recipe has an example, if it is a gate's.
    """
    for slug, entry in PRESETS.items():
        if (
            entry.recipe == recipe
            and slug not in UNTRAINED
            and recipe.load_dataset().is_truth_table
        ):
            return _job(slug)
    return None


def warm() -> None:
    """Train every example; return when the landing page's is done."""
    for slug, entry in PRESETS.items():
        if entry.recipe.n_hidden <= 12:
            example(PRESETS[slug].recipe)
    landing, patience = _job(LANDING), time.monotonic() + LANDING_SECONDS
    while not landing.snapshot.state == "done" and time.monotonic() < patience:
        time.sleep(0.01)


def _job(slug: str) -> GateJob:
    with _lock:
        if slug not in _jobs:
            job = new_job(PRESETS[slug].recipe)
            scheduler().add(job, OWNER)
            scheduler().train(job)
            _jobs[slug] = job
        return _jobs[slug]
