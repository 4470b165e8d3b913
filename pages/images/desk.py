"""What one visitor looks at on *Images*: a finished machine, or a run of the visitor's own."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.jobs.scheduler import scheduler
from app.session import state
from app.shared_results import SharedResults
from pages.images.data import is_here, opened
from pages.images.gallery import examples, finished
from pages.images.measures import ImageMeasures, Measurer
from pages.images.runs import ImageJob, ImageSnapshot, new_image_job
from pages.images.words import run as run_words
from rbm_core import RBM, DataError, Dataset, Pretrained, RBMError, Recipe

__all__ = ["ImageDesk", "View", "desk", "view"]

# Query name under which a reload finds its run again.
RUN_NAME = "image-run"


@dataclass(eq=False)
class ImageDesk:
    """What a visitor has on the desk.

    Attributes:
        job: The visitor's own run, or None while a finished machine is on show.
        problem: Why the last run could not be made, in one line, or "".
        refused: The recipe it could not be made of.
    """

    job: ImageJob | None = None
    problem: str = ""
    refused: Recipe | None = None

    def begin(self, recipe: Recipe) -> ImageJob | None:
        """Put a fresh run of a recipe on the desk; None, and a problem, when it cannot be made."""
        self.clear()
        if not is_here(recipe.dataset):
            self.problem, self.refused = run_words.missing(recipe.dataset), recipe
            return None
        try:
            self.job = new_image_job(recipe)
        except RBMError as error:
            self.problem, self.refused = str(error), recipe
            return None
        scheduler().add(self.job, state.session().owner)
        state.session().extras[RUN_NAME] = self.job.id
        return self.job

    def clear(self) -> None:
        """Stop and drop the run."""
        if self.job is not None:
            scheduler().forget(self.job)
            state.session().extras.pop(RUN_NAME, None)
        self.job, self.problem, self.refused = None, "", None


@dataclass(frozen=True, eq=False, kw_only=True)
class View:
    """The machine on show and what is known of it.

    Attributes:
        rbm: The machine.
        recipe: How it was made.
        preset: Slug of the finished machine, or "" for a run.
        image_shape: Height and width of its pictures.
        dataset: Its data, or None when they are not here.
        pictures: Held-out pictures to show: the data's, or a few examples without them, or None.
        missing: Why there are none, in one line, or "".
        opening: Whether they are being read and come in a moment.
        job: The run, or None for a finished machine.
        shot: The run's snapshot.
        measures: Readings on the data, or None without them.
        mean_image_error: What the mean image costs on the same rows; NaN without data.
    """

    rbm: RBM
    recipe: Recipe
    preset: str
    image_shape: tuple[int, int]
    dataset: Dataset | None
    pictures: Dataset | None
    missing: str = ""
    opening: bool = False
    job: ImageJob | None = None
    shot: ImageSnapshot | None = None
    measures: ImageMeasures | None = None
    mean_image_error: float = math.nan

    @property
    def k(self) -> int:
        """Gibbs steps per update it was trained with."""
        return self.recipe.training.final_k


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
    found = scheduler().claim(here.extras.get(RUN_NAME, ""), here.owner)
    return ImageDesk(job=found if isinstance(found, ImageJob) else None)


def view(recipe: Recipe) -> View | None:
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
    if here.job is None:
        return None
    job = here.job
    shot = job.snapshot
    return View(
        rbm=shot.rbm,
        recipe=job.recipe,
        preset="",
        image_shape=_shape(job.dataset),
        dataset=job.dataset,
        pictures=job.dataset,
        job=job,
        shot=shot,
        measures=shot.measures,
        mean_image_error=job.measurer.mean_image_error,
    )


def _gives_way(job: ImageJob, recipe: Recipe) -> bool:
    """Whether the controls ask for something this run has nothing to do with."""
    if job.recipe == recipe:
        return False
    other = job.recipe.dataset != recipe.dataset or job.recipe.n_hidden != recipe.n_hidden
    return other or job.snapshot.update == 0


def _finished_view(slug: str, machine: Pretrained, recipe: Recipe) -> View:
    dataset, missing, opening = None, "", False
    try:
        if is_here(recipe.dataset):
            dataset = opened(recipe.dataset)
            opening = dataset is None
        else:
            missing = run_words.missing(recipe.dataset)
    except DataError as error:
        missing = str(error)
    measures, line = None, math.nan
    if dataset is not None:
        data, name = dataset, (machine.fingerprint, recipe.hash())
        measures, line = _readings.get(name, lambda: _read(machine.rbm, recipe, data))
    return View(
        rbm=machine.rbm,
        recipe=recipe,
        preset=slug,
        image_shape=machine.image_shape,
        dataset=dataset,
        pictures=dataset or examples(recipe.dataset),
        missing=missing,
        opening=opening,
        measures=measures,
        mean_image_error=line,
    )


_readings: SharedResults[tuple[ImageMeasures, float]] = SharedResults(16)


def _read(machine: RBM, recipe: Recipe, dataset: Dataset) -> tuple[ImageMeasures, float]:
    """Measure a finished machine."""
    measurer = Measurer(recipe, dataset)
    return measurer(machine), measurer.mean_image_error


def _shape(dataset: Dataset) -> tuple[int, int]:
    """The pictures' shape; rows that are no pictures are shown as one line."""
    return dataset.image_shape or (1, dataset.n_visible)
