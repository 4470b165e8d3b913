"""Which rows each update sees, and as which bits."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.datasets.binarise import binary_rows
from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import ConfigError
from rbm_core.generators import Generator, integers, make_generator, permutation
from rbm_core.training.config import TrainConfig

__all__ = ["Batches"]

ENDLESS = 2**62


class Batches:
    """The batches of a run: the order and the bits of each epoch, the rows of each update.

    The stream ("epoch", n) of the run's seed draws the order and the bits of epoch n; rows that
    are drawn with replacement come from the stream of the run.
    """

    def __init__(self, dataset: Dataset, config: TrainConfig, device: torch.device) -> None:
        """Check that an epoch has its rows.

        Args:
            dataset: The data; its training split is used.
            config: Gives order, bits, batch size and seed.
            device: Where rows are chosen.

        Raises:
            ConfigError: If an epoch needs more rows than there are.
        """
        self._rows_of, self._config, self._device = dataset, config, device
        self.n_rows = len(dataset.train)
        self.n_updates_per_epoch = config.n_updates_per_epoch(self.n_rows)
        _require_enough_rows(config, self.n_rows, self.n_updates_per_epoch)
        self.order: Tensor | None = None
        self._loaded_epoch = -1

    def load(self, update: int) -> Tensor | None:
        """Fix the order and the bits of an update's epoch.

        Args:
            update: Updates made so far.

        Returns:
            All training rows as the machine sees them from now on, or None where that is as before.
        """
        epoch = update // self.n_updates_per_epoch
        if epoch == self._loaded_epoch:
            return None
        stream = make_generator(self._config.seed, "epoch", epoch)
        if self._config.order == "shuffle":
            self.order = permutation(self.n_rows, stream).to(self._device)
        elif self._config.order == "sequential":
            self.order = torch.arange(self.n_rows, device=self._device)
        again = self._config.binarisation == "bernoulli" or self._loaded_epoch < 0
        self._loaded_epoch = epoch
        return self._visible_rows(stream) if again else None

    def n_updates_alike(self, update: int) -> int:
        """How many updates go by before an order or bits have to be loaded anew.

        Args:
            update: Updates made so far; its epoch is loaded.
        """
        if self.order is None and self._config.binarisation != "bernoulli":
            return ENDLESS
        return self.n_updates_per_epoch - update % self.n_updates_per_epoch

    def rows(self, update: int, replica_shape: tuple[int, ...], generator: Generator) -> Tensor:
        """Numbers of an update's rows.

        Args:
            update: Updates made so far; its epoch is loaded.
            replica_shape: Drawn rows are each replica's own; an order is common to all.
            generator: Advanced in place where rows are drawn.

        Returns:
            Shape (*replica_shape, n_batch) where rows are drawn, else (n_batch,).
        """
        n_batch = self._config.batch_size
        if self.order is None:
            return integers(self.n_rows, (*replica_shape, n_batch), generator)
        first = (update % self.n_updates_per_epoch) * n_batch
        return self.order[first : first + n_batch]

    def _visible_rows(self, stream: Generator) -> Tensor:
        method = self._config.binarisation
        if method == "threshold":
            return self._rows_of.train_bits
        if method == "grey":
            return self._rows_of.train
        return binary_rows(self._rows_of.train, method, stream)


def _require_enough_rows(config: TrainConfig, n_train: int, n_updates: int) -> None:
    if config.order != "draw" and n_updates * config.batch_size > n_train:
        raise ConfigError(
            f"{n_updates} updates of {config.batch_size} rows need more than the {n_train} rows "
            "of an epoch; use a smaller batch, fewer updates_per_epoch, or order 'draw'"
        )
