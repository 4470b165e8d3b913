"""Which machine *Flip a bit* shows: the one of *Train a gate*, an example, or one of its own."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from weakref import WeakKeyDictionary

from app.gates import gallery
from app.gates.machine import Machine
from app.gates.runs import GateJob, GateSnapshot, new_job
from app.jobs.scheduler import scheduler
from rbm_core import Recipe

__all__ = ["job_for", "machine_of", "settle"]

OWNER = "flip a bit"
# Machines kept for everybody who has the same settings; dragging a slider passes many by.
N_KEPT = 24
# Longer, and the page opens with the machine as far as it is, and follows.
PATIENCE_SECONDS = 2.0

_jobs: OrderedDict[Recipe, GateJob] = OrderedDict()
_machines: WeakKeyDictionary[GateSnapshot, Machine] = WeakKeyDictionary()
_lock = threading.Lock()


def job_for(recipe: Recipe, on_show: GateJob | None) -> GateJob:
    """Return the run whose machine the page shows; it trains if nobody has trained it yet.

    Args:
        recipe: The settings in the sidebar.
        on_show: The session's run on *Train a gate*, or None.
    """
    same = on_show is not None and on_show.recipe == recipe and not on_show.lineage
    if on_show is not None and same and on_show.snapshot.update:
        return on_show
    return gallery.example(recipe) or _shared(recipe)


def machine_of(job: GateJob) -> Machine:
    """Return the machine as a run last published it; the same object for the same snapshot.

    Args:
        job: The run.
    """
    snapshot = job.snapshot
    with _lock:
        if snapshot not in _machines:
            _machines[snapshot] = Machine(
                recipe=job.recipe,
                dataset=job.dataset,
                rbm=snapshot.rbm,
                update=snapshot.update,
                n_updates=snapshot.n_updates,
            )
        return _machines[snapshot]


def settle(job: GateJob, on_show: GateJob | None) -> None:
    """Wait a moment for a machine that trains for this page alone: most need less than a second.

    Args:
        job: The run whose machine the page shows.
        on_show: The session's run on *Train a gate*; that one is watched, not waited for.
    """
    patience = time.monotonic() + PATIENCE_SECONDS
    while job is not on_show and job.busy and time.monotonic() < patience:
        time.sleep(0.01)


def _shared(recipe: Recipe) -> GateJob:
    with _lock:
        if recipe in _jobs:
            _jobs.move_to_end(recipe)
            return _jobs[recipe]
        job = _jobs[recipe] = new_job(recipe)
        scheduler().add(job, OWNER)
        scheduler().train(job)
        while len(_jobs) > N_KEPT:
            scheduler().forget(_jobs.popitem(last=False)[1])
        return job
