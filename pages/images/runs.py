"""Training jobs of image data sets."""

from __future__ import annotations

import math

from app.jobs.job import Job, Snapshot
from app.jobs.plan import Plan
from pages.images.data import open_dataset
from pages.images.measures import ImageMeasures, Measurer, scalars
from rbm_core import Recipe

__all__ = ["ImageJob", "ImageSnapshot"]

ImageSnapshot = Snapshot[ImageMeasures]

N_RECORDS = 240
# Measuring 500 hidden units on 2000 pictures takes as long as ten of their updates.
N_MEASURES = {"small": 120, "large": 40}
LARGE_MACHINE = 100_000
# Multiplications a single core does in a millisecond, roughly: it only sets how often a run looks
# at the clock, so that a turn of 20 ms is not overrun by much.
PER_MS = 2.5e7
CHUNK_MS = 8.0


class ImageJob(Job[ImageMeasures]):
    """One image run, and the ruler it is measured with."""

    def __init__(self, recipe: Recipe) -> None:
        """Begin a recipe's run, untrained.

        Args:
            recipe: The recipe of an image data set.

        Raises:
            DataError: If the data set is missing or broken.
            ConfigError: If the settings do not fit the data.
        """
        dataset = open_dataset(recipe.dataset)
        run = recipe.start(dataset)
        self.measurer = Measurer(recipe, dataset)
        self.batch_size = recipe.training.batch_size
        plan = _plan(recipe, dataset.n_visible, run.n_updates)
        super().__init__(recipe, run, self.measurer, scalars, plan=plan)


def _plan(recipe: Recipe, n_visible: int, n_updates: int) -> Plan:
    """Return how often a run is looked at: no film, whose frames would take megabytes each.

    Args:
        recipe: The run's recipe.
        n_visible: Pixels.
        n_updates: Length of the run.
    """
    k = max(recipe.training.k_schedule.values)
    size = "large" if n_visible * recipe.n_hidden > LARGE_MACHINE else "small"
    products = (2 * k + 3) * recipe.training.batch_size * n_visible * recipe.n_hidden
    return Plan(
        chunk=max(1, int(CHUNK_MS * PER_MS / products)),
        record_every=max(1, math.ceil(n_updates / N_RECORDS)),
        measure_every=max(1, math.ceil(n_updates / N_MEASURES[size])),
        frame_every=0,
    )
