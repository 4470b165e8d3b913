"""Finished examples: each gate preset trained once for everybody, so that no page opens empty."""

from __future__ import annotations

import time

from app.gates.runs import GateJob, train_for_all
from app.shared_results import SharedResults
from rbm_core import PRESETS, Recipe, names_truth_table

__all__ = ["example", "warm"]

OWNER = "gallery"
# These presets open untrained: their lesson is to press Train, and to see nothing happen.
UNTRAINED = ("and-from-scratch", "asleep")
# What the first visitors see is ready before they come; the rest trains behind it.
LANDING = "xor-ready"
LANDING_SECONDS = 2.0

_jobs: SharedResults[GateJob] = SharedResults(len(PRESETS))


def example(recipe: Recipe) -> GateJob | None:
    """Return the example that shows a recipe, training or trained, or None when there is none.

    Args:
        recipe: A preset's recipe has an example, if it is a gate's.
    """
    for slug, entry in PRESETS.items():
        if entry.recipe == recipe and slug not in UNTRAINED and names_truth_table(recipe.dataset):
            return _example_of(slug)
    return None


def warm() -> None:
    """Train the landing page's example, alone; the others follow behind whoever comes.

    Nobody waits for longer than it takes where everything is compiled: elsewhere the page opens
    with the machine as far as it is, and follows.
    """
    landing, patience = _example_of(LANDING), time.monotonic() + LANDING_SECONDS
    while landing.snapshot.state != "done" and time.monotonic() < patience:
        time.sleep(0.005)
    for entry in PRESETS.values():
        example(entry.recipe)


def _example_of(slug: str) -> GateJob:
    return _jobs.get(slug, lambda: train_for_all(PRESETS[slug].recipe, OWNER))
