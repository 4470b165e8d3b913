"""The 8×8 handwritten digits that come with scikit-learn: always at hand, no network."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset

__all__ = ["digits"]

MAX_GREY = 16
TEST_EVERY = 5


def digits() -> Dataset:
    """Load the 1797 digits of 8×8 pixels, grey levels divided by 16.

    Within each class every fifth image in the file's order is held out: a split that is stratified
    and the same everywhere, without a random number.

    Returns:
        1442 training and 355 held-out rows of 64 values, with labels.

    Source: Alpaydin & Kaynak (1998), Optical Recognition of Handwritten Digits, UCI; its test part.
    """
    from sklearn.datasets import load_digits  # a second to import: only when it is wanted

    bunch = load_digits()
    levels = torch.from_numpy(bunch.data).to(torch.float32) / MAX_GREY
    labels = torch.from_numpy(bunch.target).to(torch.int64)
    held_out = _every_fifth_of_each_class(labels)
    return Dataset(
        name="digits",
        train=levels[~held_out],
        test=levels[held_out],
        train_labels=labels[~held_out],
        test_labels=labels[held_out],
        image_shape=(8, 8),
        class_names=tuple(str(digit) for digit in range(10)),
    )


def _every_fifth_of_each_class(labels: Tensor) -> Tensor:
    held_out = torch.zeros(len(labels), dtype=torch.bool)
    for label in labels.unique():
        members = torch.nonzero(labels == label).squeeze(1)
        held_out[members[TEST_EVERY - 1 :: TEST_EVERY]] = True
    return held_out
