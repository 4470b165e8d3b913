"""What one visitor looks at on *Images*: a finished machine, or a run of the visitor's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from app.jobs.scheduler import scheduler
from app.jobs.shelf import Shelf, claim_runs
from app.session import state
from app.shared_results import SharedResults
from pages.images.data import is_here, opened
from pages.images.gallery import examples, finished
from pages.images.measures import Measurer
from pages.images.runs import ImageJob
from pages.images.view import FinishedView, Readings, RunView, View
from pages.images.words import run as run_words
from rbm_core import DataError, Dataset, Pretrained, RBMError, Recipe

__all__ = ["ImageDesk", "desk", "shown_now"]

# Query name under which a reload finds its runs again.
RUN_NAME = "image-run"
# A run of 500 hidden units takes some ten megabytes.
N_LAID_ASIDE = 3


@dataclass(eq=False)
class ImageDesk:
    """What a visitor has on the desk; the one owner of that part of the session.

    Attributes:
        job: The visitor's own run, or None while a finished machine is on show.
        problem: Why the last run could not be made, in one line, or "".
        refused: The recipe it could not be made of.
        turns: How many pictures of each class were put aside on the bench of *Repair*.
        shelf: The visitor's runs that something else took the place of.
        put_away: Settings whose run the visitor put away to see the finished machine.
        last_view: What `run_view` returned last.
    """

    job: ImageJob | None = None
    problem: str = ""
    refused: Recipe | None = None
    turns: Counter[int | None] = field(default_factory=Counter)
    shelf: Shelf[ImageJob] = field(default_factory=lambda: Shelf(N_LAID_ASIDE))
    put_away: Recipe | None = None
    last_view: RunView | None = field(default=None, init=False)

    def begin(self, recipe: Recipe) -> ImageJob | None:
        """Put a fresh run of a recipe on the desk; None, and a problem, when it cannot be made.

        A run of other settings that has begun is laid aside.
        """
        if self.job is not None and self.job.asked == recipe:
            self.clear()
        self.lay_aside()
        self.shelf.drop(recipe)
        if not is_here(recipe.dataset):
            self.problem, self.refused = run_words.missing(recipe.dataset), recipe
            return None
        try:
            self.job = ImageJob(recipe)
        except RBMError as error:
            self.problem, self.refused = str(error), recipe
            return None
        scheduler().add(self.job, state.session().owner)
        return self.job

    def clear(self) -> None:
        """Stop and drop the run."""
        if self.job is not None:
            scheduler().forget(self.job)
        self.job, self.problem, self.refused = None, "", None

    def lay_aside(self) -> None:
        """Make room on the desk; a run that has begun can be found again."""
        if self.job is not None and self.job.state != "ready":
            self.shelf.lay(self.job)
            self.job = None
        self.clear()

    def show_finished(self, recipe: Recipe) -> None:
        """Put the run away; it is found again when the controls have been elsewhere.

        Args:
            recipe: What the controls say.
        """
        self.lay_aside()
        self.put_away = recipe

    def follow(self, recipe: Recipe) -> None:
        """Bring on the desk what the controls ask for.

        A run that has begun stays on show with what it was made with, until the controls come back
        to one that was laid aside; a preset that was chosen makes room for its finished machine.

        Args:
            recipe: What the controls say.
        """
        chosen = "image" in state.session().new_presets
        state.session().new_presets.discard("image")
        if self.refused not in (None, recipe):
            self.clear()
        if self.job is None or self.job.asked != recipe:
            if recipe != self.put_away:
                self.put_away = None
            found = None if self.put_away else self.shelf.take(recipe)
            if chosen or found is not None or (self.job and self.job.state == "ready"):
                self.lay_aside()
            self.job = found or self.job

    def name_runs(self) -> None:
        """Say where a reload finds the runs again."""
        on_show = "" if self.job is None else self.job.id
        state.session().name_runs(RUN_NAME, on_show, [job.id for job in self.shelf.jobs])

    def run_view(self) -> RunView | None:
        """Return the run as it last published itself; the same object until it does so again."""
        if self.job is None:
            return None
        shot = self.job.snapshot
        if self.last_view is None or self.last_view.shot is not shot:
            self.last_view = RunView(job=self.job, shot=shot)
        return self.last_view

    def next_picture(self, label: int | None) -> None:
        """Put the picture of a class aside; None means all classes."""
        self.turns[label] += 1


def desk() -> ImageDesk:
    """Return this visitor's desk."""
    here = state.session()
    known = here.of_page(ImageDesk, _set_up)
    for job in (*known.shelf.jobs, known.job):
        if job is not None:
            scheduler().add(job, here.owner)
    return known


def _set_up() -> ImageDesk:
    """A desk with the runs that a reloaded page had, as far as they are still there."""
    here, made = state.session(), ImageDesk()
    made.job = claim_runs(here.runs.get(RUN_NAME, ""), here.owner, ImageJob, made.shelf)
    return made


def shown_now(recipe: Recipe) -> View | None:
    """Return what is on show for the controls' recipe.

    A run that has begun stays; one that has not follows the controls. Without a run, the finished
    machine of the chosen preset is on show, else the controls' machine untrained.

    Args:
        recipe: What the controls say.

    Returns:
        The view, or None when there is neither data nor a finished machine.
    """
    here = desk()
    here.follow(recipe)
    slug = state.session().presets.get("image")
    machine = finished(slug) if slug and here.job is None else None
    if here.job is None and machine is None:
        here.begin(recipe)
    here.name_runs()
    if machine is not None and slug:
        return _finished_view(slug, machine, recipe)
    return here.run_view()


def _finished_view(slug: str, machine: Pretrained, recipe: Recipe) -> FinishedView:
    dataset, missing, opening = None, "", False
    try:
        if is_here(recipe.dataset):
            dataset = opened(recipe.dataset)
            opening = dataset is None
        else:
            missing = run_words.missing(recipe.dataset)
    except DataError as error:
        missing = str(error)
    return FinishedView(
        preset=slug,
        rbm=machine.rbm,
        recipe=recipe,
        fingerprint=machine.fingerprint,
        image_shape=machine.image_shape,
        readings=None if dataset is None else _readings(machine, recipe, dataset),
        pictures=dataset or examples(recipe.dataset),
        missing=missing,
        opening=opening,
    )


_known: SharedResults[Readings] = SharedResults(16)


def _readings(machine: Pretrained, recipe: Recipe, dataset: Dataset) -> Readings:
    """Measure a finished machine once for all sessions."""

    def measure() -> Readings:
        measurer = Measurer(recipe, dataset)
        return Readings(
            dataset=dataset,
            measures=measurer(machine.rbm),
            mean_image_error=measurer.mean_image_error,
        )

    return _known.get((machine.fingerprint, recipe.hash()), measure)
