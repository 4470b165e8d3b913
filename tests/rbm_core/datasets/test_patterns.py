"""Laws of the enumerable patterns: counts, bounds and structure."""

import itertools
import math

import pytest
import torch

from rbm_core import DataError, dataset_names, load_dataset
from rbm_core.datasets.patterns import is_pattern_name


@pytest.mark.parametrize(
    ("name", "n_distinct", "bound"),
    [
        ("bars-and-stripes-2x2", 6, -1.732868),
        ("bars-and-stripes-3x3", 14, -2.599302),
        ("bars-and-stripes-4x4", 30, -3.379093),
        ("shifter-11", 48, -3.871201),
        ("shifter-19", 768, -6.643790),
    ],
)
def test_patterns_have_their_published_count_and_bound(
    name: str, n_distinct: int, bound: float
) -> None:
    data = load_dataset(name)
    assert len(torch.unique(data.train, dim=0)) == n_distinct
    assert data.log_likelihood_bound == pytest.approx(bound, abs=5e-7)
    assert data.enumerable
    assert set(data.train.flatten().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize(("n_rows", "n_columns"), [(2, 2), (2, 5), (3, 3), (5, 3)])
def test_bars_and_stripes_are_exactly_the_pictures_of_full_lines(
    n_rows: int, n_columns: int
) -> None:
    data = load_dataset(f"bars-and-stripes-{n_rows}x{n_columns}")
    expected = {
        tuple(on[i] for i in range(n_rows) for _ in range(n_columns))
        for on in itertools.product((0.0, 1.0), repeat=n_rows)
    } | {
        tuple(on[j] for _ in range(n_rows) for j in range(n_columns))
        for on in itertools.product((0.0, 1.0), repeat=n_columns)
    }
    assert {tuple(row) for row in data.train.tolist()} == expected
    assert data.image_shape == (n_rows, n_columns)


def test_bars_and_stripes_give_both_directions_half_the_mass() -> None:
    data = load_dataset("bars-and-stripes-2x5")
    pictures = data.train.reshape(-1, 2, 5)
    rows_only = (pictures == pictures[:, :, :1]).all(-1).all(-1)
    uniform = rows_only & (pictures[:, 0, 0] == pictures[:, 1, 0])
    # Two of the four row patterns are uniform, and so are two of the 32 column patterns.
    assert float((rows_only & ~uniform).float().mean()) == pytest.approx(0.5 * 2 / 4)
    assert float((~rows_only).float().mean()) == pytest.approx(0.5 * 30 / 32)


@pytest.mark.parametrize(("name", "n_pixels"), [("shifter-11", 4), ("shifter-19", 8)])
def test_shifter_label_names_the_shift(name: str, n_pixels: int) -> None:
    data = load_dataset(name)
    assert data.train_labels is not None
    for row, label in zip(data.train.tolist(), data.train_labels.tolist(), strict=True):
        pixels, moved, units = row[:n_pixels], row[n_pixels : 2 * n_pixels], row[2 * n_pixels :]
        shift = {"left": 1, "none": 0, "right": -1}[data.class_names[label]]
        assert moved == [pixels[(i + shift) % n_pixels] for i in range(n_pixels)]
        assert units == [float(unit == label) for unit in range(3)]


def test_shifter_pairs_are_uncorrelated_with_the_label() -> None:
    data = load_dataset("shifter-19").train
    centred = data - data.mean(0)
    covariance = centred[:, :16].T @ centred[:, 16:] / len(data)
    assert float(covariance.abs().max()) < 1e-6
    assert math.isclose(float(data[:, 16:].mean()), 1 / 3, abs_tol=1e-6)


@pytest.mark.parametrize(
    "name", ["bars-and-stripes-", "bars-and-stripes-3", "bars-and-stripes-axb", "shifter-12"]
)
def test_pattern_name_that_is_malformed_is_quoted(name: str) -> None:
    with pytest.raises(DataError, match=name):
        load_dataset(name)


def test_only_patterns_go_by_pattern_names() -> None:
    names = {name for name in dataset_names() if is_pattern_name(name)}
    assert names == {"shifter-11", "shifter-19"} | {
        f"bars-and-stripes-{size}" for size in ("2x2", "3x3", "4x4")
    }


@pytest.mark.parametrize("size", ["1x3", "3x9", "999x999"])
def test_bars_and_stripes_refuse_sides_out_of_range(size: str) -> None:
    with pytest.raises(DataError, match="from 2 to 8"):
        load_dataset(f"bars-and-stripes-{size}")
