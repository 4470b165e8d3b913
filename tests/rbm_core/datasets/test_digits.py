"""Laws of the 8×8 digits: their number, their levels and their fixed, stratified split."""

import numpy as np
import torch
from sklearn.datasets import load_digits

from rbm_core import load_dataset


def test_digits_split_holds_every_image_once() -> None:
    data = load_dataset("digits")
    assert data.test is not None
    ours = torch.cat([data.train, data.test]).numpy() * 16
    reference = load_digits().data
    assert len(ours) == len(reference) == 1797
    assert np.array_equal(np.unique(ours, axis=0), np.unique(reference, axis=0))
    assert data.image_shape == (8, 8)
    assert float(data.train.max()) == 1.0


def test_digits_labels_go_with_their_images() -> None:
    data = load_dataset("digits")
    assert data.test is not None
    assert data.train_labels is not None
    assert data.test_labels is not None
    bunch = load_digits()
    label_of = {tuple(row): label for row, label in zip(bunch.data, bunch.target, strict=True)}
    for rows, labels in ((data.train, data.train_labels), (data.test, data.test_labels)):
        assert [label_of[tuple(row)] for row in (rows.double() * 16).tolist()] == labels.tolist()


def test_digits_split_is_stratified_and_the_same_each_time() -> None:
    first, second = load_dataset("digits"), load_dataset("digits")
    assert first.test is not None
    assert second.test is not None
    assert first.test_labels is not None
    assert torch.equal(first.test, second.test)
    everything = np.bincount(load_digits().target)
    held_out = torch.bincount(first.test_labels).numpy()
    assert np.array_equal(held_out, everything // 5)


def test_train_bits_are_the_thresholded_rows_made_once() -> None:
    data = load_dataset("digits")
    assert torch.equal(data.train_bits.float(), (data.train * 16 >= 8).float())
    assert data.train_bits is data.train_bits
