"""The runs that a visitor laid aside: settings that are asked for again find theirs."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Generic, TypeVar

from app.jobs.job import Job
from app.jobs.scheduler import scheduler
from rbm_core import Recipe

__all__ = ["Shelf", "claim_runs"]

J = TypeVar("J", bound=Job[Any])


class Shelf(Generic[J]):
    """A few runs, each found under the settings it was asked for; they stand still."""

    def __init__(self, n_kept: int) -> None:
        """Begin empty.

        Args:
            n_kept: At most this many are kept; the one laid aside first goes first.
        """
        self._n_kept = n_kept
        self._jobs: OrderedDict[Recipe, J] = OrderedDict()

    @property
    def jobs(self) -> tuple[J, ...]:
        """The runs, first laid aside first."""
        return tuple(self._jobs.values())

    def lay(self, job: J) -> None:
        """Lay a run aside; it stops, and takes the place of one with the same settings."""
        scheduler().pause(job)
        self.drop(job.asked)
        self._jobs[job.asked] = job
        while len(self._jobs) > self._n_kept:
            self.drop(next(iter(self._jobs)))

    def take(self, recipe: Recipe) -> J | None:
        """Take the run of some settings off the shelf, or return None."""
        return self._jobs.pop(recipe, None)

    def drop(self, recipe: Recipe) -> None:
        """Throw the run of some settings away, if there is one."""
        job = self.take(recipe)
        if job is not None:
            scheduler().forget(job)


def claim_runs(names: str, owner: str, kind: type[J], shelf: Shelf[J]) -> J | None:
    """Give a reloaded page its runs back, as far as they are still there.

    Args:
        names: Ids of the run on show and of those laid aside, as `Session.name_runs` wrote them.
        owner: The session that asks.
        kind: What the page's runs are.
        shelf: Takes those that were laid aside.

    Returns:
        The run on show, or None.
    """
    on_show, *aside = names.split(",")
    for job_id in aside:
        if isinstance(job := scheduler().claim(job_id, owner), kind):
            shelf.lay(job)
    found = scheduler().claim(on_show, owner)
    return found if isinstance(found, kind) else None
