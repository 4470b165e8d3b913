"""What is trained: one problem, the same for every program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import torch
from torch import Tensor

from rbm_core import DataError, Dataset, load_dataset, make_generator
from rbm_core.datasets.binarise import binarise
from rbm_core.generators import integers, uniform

__all__ = ["Problem", "and_gate", "images"]

# Batches drawn beforehand for programs that are handed their data.
N_READY_BATCHES = 100
# Share of lit pixels in MNIST at a threshold of one half.
LIT_SHARE = 0.13


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A data set and the settings that every program shares.

    Attributes:
        dataset: Rows of bits.
        n_hidden: Hidden units.
        k: Gibbs steps per update.
        batch_size: Rows per update, and chains.
        learning_rate: Step size.
    """

    dataset: Dataset
    n_hidden: int
    k: int
    batch_size: int
    learning_rate: float

    @property
    def n_visible(self) -> int:
        """Visible units."""
        return self.dataset.n_visible

    def batches(self) -> Iterator[Tensor]:
        """Give batches for ever; drawn beforehand, they cost a program nothing."""
        rows = self.dataset.train
        if self.dataset.is_truth_table:
            drawn = integers(len(rows), (N_READY_BATCHES, self.batch_size), make_generator(0))
            return cycle(list(rows[drawn]))
        n_whole = len(rows) // self.batch_size * self.batch_size
        return cycle(rows[:n_whole].split(self.batch_size))


def and_gate(*, k: int) -> Problem:
    """Return the notebook's AND: three visible and three hidden units, batches of 100."""
    return Problem(dataset=load_dataset("and"), n_hidden=3, k=k, batch_size=100, learning_rate=0.1)


def images(root: Path | None, *, n_rows: int) -> Dataset:
    """Return MNIST as bits, or random bits of its size where its files are missing.

    The cost of an update does not depend on what the bits are.

    Args:
        root: Folder of data sets, or None for the environment's RBM_DATA.
        n_rows: How many images, the first ones.
    """
    try:
        rows = load_dataset("mnist", root).train[:n_rows]
    except DataError:
        stream = make_generator(0, "pixels")
        bits = uniform((n_rows, 784), stream, torch.empty(0)).lt_(LIT_SHARE)
        return Dataset(name="random bits", train=bits)
    return Dataset(name="MNIST", train=binarise(rows, "threshold", make_generator(0)))
