"""The run on show on the pages of gates: the visitor's own, an example, or an untrained one."""

from __future__ import annotations

from dataclasses import dataclass

from app.gates.gallery import example
from app.gates.runs import GateJob, new_job
from app.jobs.scheduler import scheduler
from app.session import state
from app.session.state import Session
from rbm_core import Recipe

__all__ = ["GateDesk", "desk", "shown_now"]


@dataclass(eq=False)
class GateDesk:
    """What a visitor has on the desk; the one owner of that part of the session.

    Attributes:
        here: The visitor's session.
        job: The run on show, or None before a page asked for it.
    """

    here: Session
    job: GateJob | None = None

    def put(self, job: GateJob) -> None:
        """Put the visitor's own run on the desk; an own one that lay there stops."""
        self.clear()
        self.job = job
        scheduler().add(job, self.here.owner)

    def clear(self) -> None:
        """Take the run away; it stops unless it is everybody's."""
        if self.job is not None and self.owns(self.job):
            scheduler().forget(self.job)
        self.job = None

    def owns(self, job: GateJob) -> bool:
        """Whether a run is this visitor's: nobody can stop what all look at."""
        return job.owner == self.here.owner

    def follow(self, recipe: Recipe) -> GateJob | None:
        """Return the run on the desk, if the controls still have something to do with it.

        A run that has begun stays on show with what it was made with; a preset that was chosen
        shows its example.

        Args:
            recipe: What the controls say.
        """
        chosen = "gate" in self.here.new_presets
        if self.job is not None and (chosen or _gives_way(self.job, recipe)):
            self.clear()
        self.here.new_presets.discard("gate")
        begun = self.job is not None and self.owns(self.job) and self.job.state != "ready"
        self.here.name_run("run", self.job.id if self.job is not None and begun else None)
        return self.job


def desk() -> GateDesk:
    """Return this visitor's desk."""
    here = state.session()
    known = here.of_page(GateDesk, lambda: _set_up(here))
    if known.job is not None and known.owns(known.job):
        # A visitor who was away for long finds the run again, and so does a reload.
        scheduler().add(known.job, here.owner)
    return known


def shown_now(recipe: Recipe) -> GateJob:
    """Return the run on show for the controls' recipe, and make it where there is none.

    Args:
        recipe: What the controls say.
    """
    table = desk()
    if (job := table.follow(recipe)) is not None:
        return job
    if (finished := example(recipe)) is not None:
        table.job = finished
        return finished
    fresh = new_job(recipe)
    table.put(fresh)
    return fresh


def _set_up(here: Session) -> GateDesk:
    """A desk with the run that a reloaded page had on it, if it is still there."""
    found = scheduler().claim(here.runs.get("run", ""), here.owner)
    return GateDesk(here=here, job=found if isinstance(found, GateJob) else None)


def _gives_way(job: GateJob, recipe: Recipe) -> bool:
    """Whether the controls ask for something this run has nothing to do with."""
    if job.asked == recipe:
        return False
    other = job.recipe.dataset != recipe.dataset or job.recipe.n_hidden != recipe.n_hidden
    return other or job.snapshot.update == 0
