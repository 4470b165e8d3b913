"""What the buttons of *Images* do to the run on show."""

from __future__ import annotations

from app.jobs.job import ACTIVE
from app.jobs.scheduler import scheduler
from app.session import state
from pages.images.desk import desk
from pages.images.runs import ImageJob
from rbm_core import Recipe

__all__ = [
    "PACES",
    "is_stale",
    "new_start",
    "pause",
    "rewind",
    "set_speed",
    "show_finished",
    "step",
    "train",
]

# Seconds that a whole run takes to watch; None runs free. No pace makes a large machine faster.
PACES: dict[str, float | None] = {"slow": 60.0, "normal": 12.0, "fast": None}


def is_stale(job: ImageJob, recipe: Recipe) -> bool:
    """Whether the controls say something else than the run on show was made with."""
    return job.recipe != recipe


def train(speed: str) -> None:
    """Go on with the run on show, or start the controls' recipe where there is none to go on with.

    Args:
        speed: Name of the pace.
    """
    job = _ready_job()
    if job is not None:
        scheduler().train(job, pace=_pace(speed, job.n_updates))


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
    desk().clear()


def set_speed(speed: str) -> None:
    """Change the pace of the run on show."""
    job = desk().job
    if job is not None and job.state in ACTIVE:
        job.set_pace(_pace(speed, job.n_updates))


def _pace(speed: str, n_updates: int) -> float | None:
    seconds = PACES[speed]
    return None if seconds is None else n_updates / seconds


def _ready_job() -> ImageJob | None:
    """The session's run if it can go on with the controls' settings, else a new one."""
    recipe, job = state.session().recipes["image"], desk().job
    if job is not None and not is_stale(job, recipe) and not job.done and job.state != "failed":
        return job
    return desk().begin(recipe)
