"""What one visitor looks at on *Images*: a finished machine, or a run of the visitor's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from app.jobs.scheduler import scheduler
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

# Query name under which a reload finds its run again.
RUN_NAME = "image-run"


@dataclass(eq=False)
class ImageDesk:
    """What a visitor has on the desk; the one owner of that part of the session.

    Attributes:
        job: The visitor's own run, or None while a finished machine is on show.
        problem: Why the last run could not be made, in one line, or "".
        refused: The recipe it could not be made of.
        turns: How many pictures of each class were put aside on the bench of *Repair*.
        last_view: What `run_view` returned last.
    """

    job: ImageJob | None = None
    problem: str = ""
    refused: Recipe | None = None
    turns: Counter[int | None] = field(default_factory=Counter)
    last_view: RunView | None = field(default=None, init=False)

    def begin(self, recipe: Recipe) -> ImageJob | None:
        """Put a fresh run of a recipe on the desk; None, and a problem, when it cannot be made."""
        self.clear()
        if not is_here(recipe.dataset):
            self.problem, self.refused = run_words.missing(recipe.dataset), recipe
            return None
        try:
            self.job = ImageJob(recipe)
        except RBMError as error:
            self.problem, self.refused = str(error), recipe
            return None
        scheduler().add(self.job, state.session().owner)
        state.session().name_run(RUN_NAME, self.job.id)
        return self.job

    def clear(self) -> None:
        """Stop and drop the run."""
        if self.job is not None:
            scheduler().forget(self.job)
            state.session().name_run(RUN_NAME, None)
        self.job, self.problem, self.refused = None, "", None

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
    if known.job is not None:
        scheduler().add(known.job, here.owner)
    return known


def _set_up() -> ImageDesk:
    """A desk with the run that a reloaded page had on it, if it is still there."""
    here = state.session()
    found = scheduler().claim(here.runs.get(RUN_NAME, ""), here.owner)
    return ImageDesk(job=found if isinstance(found, ImageJob) else None)


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
    gives_way = here.job is not None and _gives_way(here.job, recipe)
    if gives_way or here.refused not in (None, recipe):
        here.clear()
    if here.job is None:
        slug = state.session().presets.get("image")
        machine = finished(slug) if slug else None
        if machine is not None and slug:
            return _finished_view(slug, machine, recipe)
        here.begin(recipe)
    return here.run_view()


def _gives_way(job: ImageJob, recipe: Recipe) -> bool:
    """Whether the controls ask for something this run has nothing to do with."""
    if job.recipe == recipe:
        return False
    other = job.recipe.dataset != recipe.dataset or job.recipe.n_hidden != recipe.n_hidden
    return other or job.snapshot.update == 0


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
