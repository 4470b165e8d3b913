"""The run on show on the pages of gates: the visitor's own, an example, or an untrained one."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.gates.gallery import example
from app.gates.runs import GateJob, new_job
from app.jobs.scheduler import scheduler
from app.jobs.shelf import Shelf, claim_runs
from app.session import state
from app.session.state import Session
from rbm_core import Recipe

__all__ = ["N_LAID_ASIDE", "GateDesk", "desk", "shown_now"]

# Films and curves of a gate's run take about a megabyte.
N_LAID_ASIDE = 8


@dataclass(eq=False)
class GateDesk:
    """What a visitor has on the desk; the one owner of that part of the session.

    Attributes:
        here: The visitor's session.
        job: The run on show, or None before a page asked for it.
        shelf: The visitor's runs that another one took the place of.
    """

    here: Session
    job: GateJob | None = None
    shelf: Shelf[GateJob] = field(default_factory=lambda: Shelf(N_LAID_ASIDE))

    def put(self, job: GateJob) -> None:
        """Put the visitor's own run on the desk; one of other settings is laid aside."""
        if self.job is not None and self.job.asked == job.asked:
            self.clear()
        self.lay_aside()
        self.shelf.drop(job.asked)
        self.job = job
        scheduler().add(job, self.here.owner)

    def clear(self) -> None:
        """Throw the run away; it stops unless it is everybody's."""
        if self.job is not None and self.owns(self.job):
            scheduler().forget(self.job)
        self.job = None

    def lay_aside(self) -> None:
        """Make room on the desk; a run of the visitor's own that has begun can be found again."""
        if self.job is not None and self.begun:
            self.shelf.lay(self.job)
            self.job = None
        self.clear()

    def owns(self, job: GateJob) -> bool:
        """Whether a run is this visitor's: nobody can stop what all look at."""
        return job.owner == self.here.owner

    @property
    def begun(self) -> bool:
        """Whether a run of the visitor's own that has begun lies on the desk."""
        return self.job is not None and self.owns(self.job) and self.job.state != "ready"

    def follow(self, recipe: Recipe) -> GateJob | None:
        """Return the run on the desk, if the controls still have something to do with it.

        A run that has begun stays on show with what it was made with, until the controls come back
        to one that was laid aside; a preset that was chosen shows its example.

        Args:
            recipe: What the controls say.
        """
        if "gate" in self.here.new_presets and not self._asked(recipe):
            self.lay_aside()
        self.here.new_presets.discard("gate")
        if not self._asked(recipe):
            found = self.shelf.take(recipe)
            if found is not None:
                self.lay_aside()
                self.job = found
            elif self.job is not None and not self.begun and self._gives_way(self.job, recipe):
                self.clear()
        on_show = self.job.id if self.job is not None and self.begun else ""
        self.here.name_runs("run", on_show, [job.id for job in self.shelf.jobs])
        return self.job

    def _asked(self, recipe: Recipe) -> bool:
        return self.job is not None and self.job.asked == recipe

    @staticmethod
    def _gives_way(job: GateJob, recipe: Recipe) -> bool:
        """Whether an example, or a run that has not begun, is none of these controls' business."""
        other = job.recipe.dataset != recipe.dataset or job.recipe.n_hidden != recipe.n_hidden
        return other or job.snapshot.update == 0


def desk() -> GateDesk:
    """Return this visitor's desk."""
    here = state.session()
    known = here.of_page(GateDesk, lambda: _set_up(here))
    # A visitor who was away for long finds the runs again, and so does a reload.
    for job in known.shelf.jobs:
        scheduler().add(job, here.owner)
    if known.job is not None and known.owns(known.job):
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
    """A desk with the runs that a reloaded page had, as far as they are still there."""
    made = GateDesk(here=here)
    made.job = claim_runs(here.runs.get("run", ""), here.owner, GateJob, made.shelf)
    return made
