"""Finished examples: each gate preset trained once for everybody, so that no page opens empty."""

from __future__ import annotations

import threading
import time

from app.gates.runs import GateJob, new_job
from app.jobs.scheduler import scheduler
from app.session.limits import TABLE_PREFIX
from rbm_core import GATES, PRESETS, Recipe

__all__ = ["example", "warm"]

OWNER = "gallery"
# This preset opens untrained: its lesson is to press Train.
UNTRAINED = ("and-from-scratch",)
# What the first visitors see is ready before they come; the rest trains behind it.
LANDING = "xor-ready"
LANDING_SECONDS = 2.0

_jobs: dict[str, GateJob] = {}
_lock = threading.Lock()


def example(recipe: Recipe) -> GateJob | None:
    """Return the example that shows a recipe, training or trained, or None when there is none.

    Args:
        recipe: A preset's recipe has an example, if it is a gate's.
    """
    for slug, entry in PRESETS.items():
        if entry.recipe == recipe and slug not in UNTRAINED and kind_is_gate(recipe):
            return _job(slug)
    return None


def warm() -> None:
    """Train the landing page's example, alone; the others follow behind whoever comes.

    Nobody waits for longer than it takes where everything is compiled: elsewhere the page opens
    with the machine as far as it is, and follows.
    """
    landing, patience = _job(LANDING), time.monotonic() + LANDING_SECONDS
    while landing.snapshot.state != "done" and time.monotonic() < patience:
        time.sleep(0.005)
    for entry in PRESETS.values():
        if kind_is_gate(entry.recipe):
            example(entry.recipe)


def kind_is_gate(recipe: Recipe) -> bool:
    """Whether a recipe's data set is a truth table; nothing is loaded to find out."""
    return recipe.dataset in GATES or recipe.dataset.startswith(TABLE_PREFIX)


def _job(slug: str) -> GateJob:
    with _lock:
        if slug not in _jobs:
            job = new_job(PRESETS[slug].recipe)
            scheduler().add(job, OWNER)
            scheduler().train(job)
            _jobs[slug] = job
        return _jobs[slug]
