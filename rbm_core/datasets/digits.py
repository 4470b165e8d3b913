"""The 8×8 handwritten digits that come with scikit-learn: always at hand, no network."""

from __future__ import annotations

import torch

from rbm_core.datasets.dataset import Dataset
from rbm_core.datasets.splits import held_out

__all__ = ["digits"]

MAX_GREY = 16


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
    chosen = held_out(labels)
    return Dataset(
        name="digits",
        train=levels[~chosen],
        test=levels[chosen],
        train_labels=labels[~chosen],
        test_labels=labels[chosen],
        image_shape=(8, 8),
        class_names=tuple(str(digit) for digit in range(10)),
    )
