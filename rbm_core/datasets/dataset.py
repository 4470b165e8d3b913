"""What a data set is: rows of visible values, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from rbm_core.datasets.binarise import binary_rows
from rbm_core.errors import DataError
from rbm_core.machine.states import state_index

__all__ = ["Dataset"]

# Enough for three digits of a mean, few enough to read after every epoch.
HELD_OUT_ROWS = 2000


@dataclass(frozen=True, eq=False, kw_only=True)
class Dataset:
    """Rows that a machine can learn.

    Attributes:
        name: The name it is loaded by.
        train: Training rows in [0, 1], shape (n_train, n_visible), float32. For truth tables and
            enumerable patterns these are all the legal rows, equally likely.
        test: Held-out rows, shape (n_test, n_visible), or None.
        train_labels: Class of each training row, shape (n_train,), int64, or None.
        test_labels: Class of each held-out row, shape (n_test,), int64, or None.
        image_shape: Height and width when the rows are pictures, else None.
        n_inputs: Input bits when this is a truth table, else None; the remaining bits are outputs.
        class_names: Name of each class, or ().
        enumerable: True when the training rows are the whole distribution.
    """

    name: str
    train: Tensor
    test: Tensor | None = None
    train_labels: Tensor | None = None
    test_labels: Tensor | None = None
    image_shape: tuple[int, int] | None = None
    n_inputs: int | None = None
    class_names: tuple[str, ...] = ()
    enumerable: bool = False

    def __post_init__(self) -> None:
        """Check that the rows are a matrix of values in [0, 1]."""
        if self.train.ndim != 2 or 0 in self.train.shape:
            raise DataError(
                f"data set {self.name!r} has rows of shape {tuple(self.train.shape)}; "
                "they must be (n_samples, n_visible) with at least one of each"
            )
        least, most = torch.aminmax(self.train)  # NaN if any value is
        if not (bool(least >= 0) and bool(most <= 1)):
            raise DataError(f"data set {self.name!r} has values outside [0, 1]; rescale it first")

    @property
    def n_visible(self) -> int:
        """Number of visible units a machine for this data needs."""
        return self.train.shape[1]

    @cached_property
    def train_bits(self) -> Tensor:
        """Training rows thresholded at one half, uint8; made once, shared by all runs."""
        return binary_rows(self.train, "threshold")

    @cached_property
    def row_states(self) -> Tensor:
        """Numbers of the visible states that are training rows, ascending, int64."""
        states: Tensor = torch.unique(state_index(self.train))
        return states

    @property
    def held_out(self) -> Tensor:
        """Rows for readings taken while training: the first 2000 test rows, else training rows."""
        return (self.train if self.test is None else self.test)[:HELD_OUT_ROWS]

    @property
    def is_truth_table(self) -> bool:
        """Whether rows are inputs followed by the outputs that belong to them."""
        return self.n_inputs is not None

    def legal_states(self) -> Tensor:
        """Which visible states are rows of the data, in counting order.

        Returns:
            Boolean mask, shape (2**n_visible,); meant for data whose states can be enumerated.
        """
        legal = torch.zeros(2**self.n_visible, dtype=torch.bool)
        legal[self.row_states] = True
        return legal

    @property
    def log_likelihood_bound(self) -> float | None:
        """Largest mean log-likelihood any model can reach, or None when it is not known.

        It is minus the entropy of the rows: -log n for n equally likely distinct rows.
        """
        if not self.enumerable:
            return None
        counts = torch.unique(self.train, dim=0, return_counts=True)[1].double()
        share = counts / counts.sum()
        return float(torch.special.xlogy(share, share).sum())

    def split(self, name: str) -> Tensor:
        """Return the rows of one split.

        Args:
            name: "train" or "test".

        Raises:
            DataError: If the split does not exist.
        """
        rows = {"train": self.train, "test": self.test}.get(name)
        if rows is None:
            raise DataError(
                f"data set {self.name!r} has no split {name!r}; "
                f"it has train{'' if self.test is None else ' and test'}"
            )
        return rows
