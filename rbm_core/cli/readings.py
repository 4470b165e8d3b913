"""What one line of `train` says."""

from __future__ import annotations

from rbm_core.cli.bits import binary_rows
from rbm_core.datasets import Dataset
from rbm_core.exact.enumeration import log_likelihood
from rbm_core.exact.measures import measure
from rbm_core.generators import STREAM_VERSION
from rbm_core.likelihood.pseudo import reconstruction_error
from rbm_core.machine.states import MAX_CHAIN_UNITS
from rbm_core.recipes.checkpoint import fingerprint
from rbm_core.recipes.recipe import Recipe
from rbm_core.training.run import TrainRun
from rbm_core.training.state import TrainRecord

__all__ = ["Readings"]

# log Z over 2**16 states of a layer takes under a second beside the epoch of a large data set.
MAX_SUMMED_UNITS = 16


class Readings:
    """Takes the readings of a run that its data and sizes allow.

    The likelihood is that of the training rows where they are the whole law (gates, patterns), else
    of held-out rows; the reconstruction error is that of held-out rows.
    """

    def __init__(self, recipe: Recipe, dataset: Dataset) -> None:
        """Decide what can be read.

        Args:
            recipe: The run's recipe.
            dataset: Its data.
        """
        self._dataset = dataset
        self._recipe_hash = recipe.hash()
        summable = min(dataset.n_visible, recipe.n_hidden) <= MAX_SUMMED_UNITS
        rows = dataset.train if dataset.enumerable else binary_rows(dataset.held_out, recipe)[0]
        self._likelihood_rows = rows if summable else None

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings of the table for people."""
        small = self._dataset.enumerable and self._dataset.n_visible <= MAX_CHAIN_UNITS
        return (
            "epoch",
            "update",
            "free_energy_gap",
            *(("success_rate",) if self._dataset.is_truth_table else ()),
            *(("valid_mass", "relaxation_time") if small else ()),
            *(("log_likelihood",) if self._likelihood_rows is not None else ()),
            *(("reconstruction_error",) if self._dataset.image_shape is not None else ()),
            "seconds",
        )

    def line(self, training: TrainRun, record: TrainRecord) -> dict[str, object]:
        """Read the run after an epoch.

        Args:
            training: The run.
            record: Its record of the epoch.
        """
        rbm, dataset = training.rbm, self._dataset
        epoch = record.update / training.n_updates_per_epoch
        line: dict[str, object] = {
            "epoch": int(epoch) if epoch.is_integer() else epoch,
            "update": record.update,
            "free_energy_gap": float(record.free_energy_gap),
        }
        if record.success_rate is not None:
            line["success_rate"] = float(record.success_rate)
        exact = measure(rbm, dataset)
        if exact.valid_mass is not None:
            line["valid_mass"] = float(exact.valid_mass)
        if exact.relaxation_time is not None:
            line["relaxation_time"] = float(exact.relaxation_time)
        if self._likelihood_rows is not None:
            line["log_likelihood"] = float(log_likelihood(rbm, self._likelihood_rows))
        if dataset.image_shape is not None:
            line["reconstruction_error"] = float(reconstruction_error(rbm, dataset.held_out))
        line["recipe"] = self._recipe_hash
        line["streams"] = STREAM_VERSION
        line["parameters"] = fingerprint(rbm)
        line["seconds"] = record.seconds
        return line
