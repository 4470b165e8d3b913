"""The machine on show on *Images*: a finished one, or that of the visitor's own run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.jobs.status import ACTIVE
from pages.images.measures import ImageMeasures
from pages.images.runs import ImageJob, ImageSnapshot
from rbm_core import RBM, Dataset, Recipe, fingerprint

__all__ = ["FinishedView", "Readings", "RunView", "View"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Readings:
    """What a machine's data say of it.

    Attributes:
        dataset: Its data.
        measures: Readings on them.
        mean_image_error: What the mean image costs on the same rows.
    """

    dataset: Dataset
    measures: ImageMeasures
    mean_image_error: float


@dataclass(frozen=True, eq=False, kw_only=True)
class FinishedView:
    """A machine that was trained beforehand; its data may be missing.

    Attributes:
        preset: Slug of its preset.
        rbm: The machine.
        recipe: How it was made.
        fingerprint: Its fingerprint.
        image_shape: Height and width of its pictures.
        readings: What its data say, or None without them.
        pictures: Held-out pictures to show: the data's, or a few examples without them, or None.
        missing: Why the data are not here, in one line, or "".
        opening: Whether they are being read and come in a moment.
    """

    preset: str
    rbm: RBM
    recipe: Recipe
    fingerprint: str
    image_shape: tuple[int, int]
    readings: Readings | None
    pictures: Dataset | None
    missing: str
    opening: bool

    @property
    def k(self) -> int:
        """Gibbs steps per update it was trained with."""
        return self.recipe.training.final_k

    @property
    def busy(self) -> bool:
        """A finished machine does not train."""
        return False

    @property
    def moves(self) -> bool:
        """Whether there will be something else to see in a moment."""
        return self.opening


@dataclass(frozen=True, eq=False, kw_only=True)
class RunView:
    """The machine of a run, as the run last published it.

    Attributes:
        job: The run.
        shot: Its snapshot.
    """

    job: ImageJob
    shot: ImageSnapshot

    @property
    def rbm(self) -> RBM:
        """The machine."""
        return self.shot.rbm

    @property
    def recipe(self) -> Recipe:
        """How it was made."""
        return self.job.recipe

    @cached_property
    def fingerprint(self) -> str:
        """Its fingerprint."""
        return fingerprint(self.rbm)

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of its pictures; rows that are no pictures are shown as one line."""
        return self.job.dataset.image_shape or (1, self.job.dataset.n_visible)

    @cached_property
    def readings(self) -> Readings:
        """What its data say."""
        return Readings(
            dataset=self.job.dataset,
            measures=self.shot.measures,
            mean_image_error=self.job.measurer.mean_image_error,
        )

    @property
    def pictures(self) -> Dataset:
        """Held-out pictures to show."""
        return self.job.dataset

    @property
    def k(self) -> int:
        """Gibbs steps per update it is trained with at the end."""
        return self.recipe.training.final_k

    @property
    def busy(self) -> bool:
        """Whether the run trained when it published itself."""
        return self.shot.state in ACTIVE

    @property
    def moves(self) -> bool:
        """Whether there will be something else to see in a moment."""
        return self.busy


View = FinishedView | RunView
