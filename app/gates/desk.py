"""The run on show on the pages of gates: the visitor's own, an example, or an untrained one."""

from __future__ import annotations

from dataclasses import dataclass

from app.gates.gallery import example
from app.gates.runs import GateJob, new_job
from app.jobs.scheduler import scheduler
from app.session import state
from rbm_core import Recipe

__all__ = ["GateDesk", "desk", "is_mine", "shown_now"]


@dataclass(eq=False)
class GateDesk:
    """What a visitor has on the desk; the one owner of that part of the session.

    Attributes:
        job: The run on show, or None before a page asked for it.
    """

    job: GateJob | None = None

    def put(self, job: GateJob) -> None:
        """Put the visitor's own run on the desk; an own one that lay there stops."""
        self.clear()
        self.job = job
        scheduler().add(job, state.session().owner)

    def clear(self) -> None:
        """Take the run away; it stops unless it is everybody's."""
        if self.job is not None and is_mine(self.job):
            scheduler().forget(self.job)
        self.job = None

    def follow(self, recipe: Recipe) -> GateJob | None:
        """Return the run on the desk, if the controls still have something to do with it.

        A run that has begun stays on show with what it was made with; a preset that was chosen
        shows its example.

        Args:
            recipe: What the controls say.
        """
        here = state.session()
        if self.job is not None and ("gate" in here.new_presets or _gives_way(self.job, recipe)):
            self.clear()
        here.new_presets.discard("gate")
        begun = self.job is not None and is_mine(self.job) and self.job.state != "ready"
        here.name_run("run", self.job.id if self.job is not None and begun else None)
        return self.job


def desk() -> GateDesk:
    """Return this visitor's desk."""
    here = state.session()
    known = here.of_page(GateDesk, _set_up)
    if known.job is not None and is_mine(known.job):
        # A visitor who was away for long finds the run again, and so does a reload.
        scheduler().add(known.job, here.owner)
    return known


def is_mine(job: GateJob) -> bool:
    """Whether a run is this visitor's: nobody can stop what all look at."""
    return job.owner == state.session().owner


def shown_now(recipe: Recipe) -> GateJob:
    """Return the run on show for the controls' recipe, and make it where there is none.

    Args:
        recipe: What the controls say.
    """
    here = desk()
    if (job := here.follow(recipe)) is not None:
        return job
    if (finished := example(recipe)) is not None:
        here.job = finished
        return finished
    fresh = new_job(recipe)
    here.put(fresh)
    return fresh


def _set_up() -> GateDesk:
    """A desk with the run that a reloaded page had on it, if it is still there."""
    here = state.session()
    found = scheduler().claim(here.runs.get("run", ""), here.owner)
    return GateDesk(job=found if isinstance(found, GateJob) else None)


def _gives_way(job: GateJob, recipe: Recipe) -> bool:
    """Whether the controls ask for something this run has nothing to do with."""
    if job.asked == recipe:
        return False
    other = job.recipe.dataset != recipe.dataset or job.recipe.n_hidden != recipe.n_hidden
    return other or job.snapshot.update == 0
