"""Which machine a page looks at: the one of *Train a gate*, an example, or one of its own."""

from __future__ import annotations

import time

from app.gates import gallery
from app.gates.desk import desk
from app.gates.machine import Machine
from app.gates.runs import GateJob, GateSnapshot, train_for_all
from app.jobs.scheduler import scheduler
from app.shared_results import SharedResults
from rbm_core import Recipe

__all__ = ["job_for", "machine_of", "settle"]

OWNER = "machines to look at"
# Runs kept for everybody who has the same settings; dragging a slider passes many by.
N_KEPT = 24
# A machine is one object for everybody, for as long as somebody looks at its moment.
N_MACHINES = 256
# Longer, and the page opens with the machine as far as it is, and follows.
PATIENCE_SECONDS = 2.0


def job_for(recipe: Recipe) -> GateJob:
    """Return the run whose machine the page shows; it trains if nobody has trained it yet.

    Args:
        recipe: The settings in the sidebar.
    """
    mine = desk().follow(recipe)
    if mine is not None and mine.recipe == recipe and not mine.lineage and mine.snapshot.update:
        return mine
    return gallery.example(recipe) or _runs.get(recipe, lambda: train_for_all(recipe, OWNER))


def machine_of(job: GateJob) -> Machine:
    """Return the machine as a run last published it; the same object for the same snapshot.

    Args:
        job: The run.
    """
    snapshot = job.snapshot
    return _machines.get(snapshot, lambda: _machine(job, snapshot))


def settle(job: GateJob) -> None:
    """Wait a moment for a machine that trains for this page alone: most need less than a second.

    Args:
        job: The run whose machine the page shows; that of *Train a gate* is watched, not waited
            for.
    """
    if job is desk().job:
        return
    patience = time.monotonic() + PATIENCE_SECONDS
    while job.busy and time.monotonic() < patience:
        time.sleep(0.01)


def _machine(job: GateJob, snapshot: GateSnapshot) -> Machine:
    return Machine(
        recipe=job.recipe,
        dataset=job.dataset,
        rbm=snapshot.rbm,
        update=snapshot.update,
        n_updates=snapshot.n_updates,
    )


def _stop(job: GateJob) -> None:
    scheduler().forget(job)


_runs: SharedResults[GateJob] = SharedResults(N_KEPT, leave=_stop)
_machines: SharedResults[Machine] = SharedResults(N_MACHINES)
