"""What the buttons of *Images* do to the run on show."""

from __future__ import annotations

from app.jobs.pace import Paces, updates_per_second
from app.jobs.scheduler import scheduler
from app.session import state
from pages.images.desk import desk
from pages.images.runs import ImageJob
from rbm_core import Recipe

__all__ = [
    "PACES",
    "is_stale",
    "keep_pace",
    "new_start",
    "pause",
    "rewind",
    "show_finished",
    "step",
    "train",
]

# Seconds that a whole run takes to watch; None runs free. No pace makes a large machine faster.
PACES: Paces = {"slow": 60.0, "normal": 12.0, "fast": None}


def is_stale(job: ImageJob, recipe: Recipe) -> bool:
    """Whether the controls say something else than the run on show was made with."""
    return job.recipe != recipe


def train() -> None:
    """Go on with the run on show; start the controls' recipe where none can go on."""
    job = _ready_job()
    if job is not None:
        scheduler().train(job, pace=_pace(job))


def step() -> None:
    """Make one update."""
    job = _ready_job()
    if job is not None:
        scheduler().train(job, until=job.snapshot.update + 1)


def pause() -> None:
    """Stop the run on show."""
    job = desk().job
    if job is not None:
        scheduler().pause(job)


def rewind() -> None:
    """Back to the first weights of the controls' recipe, same seed."""
    desk().begin(state.session().recipes["image"])


def new_start() -> None:
    """Back to first weights that are others: the next seed."""
    here = state.session()
    here.change("image", seed=here.recipes["image"].seed + 1)
    desk().begin(here.recipes["image"])


def show_finished() -> None:
    """Put the run away and show the preset's finished machine again."""
    desk().show_finished(state.session().recipes["image"])


def keep_pace() -> None:
    """Hold the run on show to the speed now chosen."""
    job = desk().job
    if job is not None and job.busy:
        job.set_pace(_pace(job))


def _pace(job: ImageJob) -> float | None:
    return updates_per_second(PACES, state.session().speed, job.n_updates)


def _ready_job() -> ImageJob | None:
    """The session's run if it can go on with the controls' settings, else a new one."""
    recipe, job = state.session().recipes["image"], desk().job
    if job is not None and not is_stale(job, recipe) and not job.done and job.state != "failed":
        return job
    return desk().begin(recipe)
