"""What the buttons of *Train a gate* do to the run on show."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.gates.desk import desk, shown_now
from app.gates.runs import PACES, GateJob, fork, new_job
from app.jobs.pace import updates_per_second
from app.jobs.scheduler import scheduler
from app.session import state
from rbm_core import Recipe

__all__ = ["fork_from", "is_stale", "keep_pace", "new_start", "pause", "rewind", "step", "train"]

PATIENCE_SECONDS = 0.25


def is_stale(job: GateJob, recipe: Recipe) -> bool:
    """Whether the controls say something else than the run on show was made with."""
    return job.asked != recipe


def train() -> None:
    """Go on with the run on show; start the controls' recipe where none can go on."""
    job = _ready_job()
    began = job.snapshot.update
    scheduler().train(job, pace=_pace(job))
    _await(lambda: job.snapshot.update > began or not job.busy)


def step() -> None:
    """Make one update."""
    job = _ready_job()
    scheduler().train(job, until=job.snapshot.update + 1)
    _await(lambda: not job.busy)


def pause() -> None:
    """Stop the run on show; nobody can stop a shared example."""
    job = _shown()
    if desk().owns(job):
        scheduler().pause(job)
        _await(lambda: not job.busy)


def rewind() -> None:
    """Back to the first weights of the controls' recipe, same seed."""
    desk().put(new_job(_wanted()))


def new_start() -> None:
    """Back to first weights that are others: the next seed."""
    here = state.session()
    here.change("gate", seed=here.recipes["gate"].seed + 1)
    desk().put(new_job(here.recipes["gate"]))


def keep_pace() -> None:
    """Hold the run on show to the speed now chosen."""
    job = _shown()
    if desk().owns(job) and job.busy:
        job.set_pace(_pace(job))


def fork_from(frame: int) -> None:
    """Continue from a moment of the film with the controls' settings.

    The machine keeps its size and what it learns: where the controls say another, they follow it.

    Args:
        frame: Number of the frame.
    """
    parent = _shown()
    if not 0 <= frame < len(parent.snapshot.frames):
        return
    kept = {"dataset": parent.recipe.dataset, "n_hidden": parent.recipe.n_hidden}
    state.session().change("gate", **kept)
    child = fork(parent, frame, _wanted())
    desk().put(child)
    scheduler().train(child, pace=_pace(child))


def _pace(job: GateJob) -> float | None:
    return updates_per_second(PACES, state.session().speed, job.n_updates)


def _await(happened: Callable[[], bool]) -> None:
    """Give the trainer a moment, so that the page drawn after a click shows what it did."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while not happened() and time.monotonic() < patience:
        time.sleep(0.005)


def _wanted() -> Recipe:
    return state.session().recipes["gate"]


def _shown() -> GateJob:
    return shown_now(_wanted())


def _ready_job() -> GateJob:
    """The visitor's run if it can go on with the controls' settings, else a new one."""
    job = _shown()
    goes_on = desk().owns(job) and not job.done and job.state != "failed"
    if goes_on and not is_stale(job, _wanted()):
        return job
    fresh = new_job(_wanted())
    desk().put(fresh)
    return fresh
