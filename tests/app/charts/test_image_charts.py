"""Charts of images: quantised weights keep their values, order and kinds say what they claim."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from app.charts import image_curves, image_histograms
from app.charts.filters import MAX_LEVEL, activity_kinds, mosaic, unit_order
from app.charts.theme import Scale
from tests.app.charts.plotly_arrays import numbers, positions

N_VISIBLE, N_HIDDEN = 35, 11


@pytest.fixture
def weights() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(N_VISIBLE, N_HIDDEN)).astype(np.float32)


@pytest.mark.parametrize("scale", get_args(Scale))
def test_mosaic_gives_the_weights_back_within_half_a_level(
    weights: np.ndarray, scale: Scale
) -> None:
    units = unit_order(weights, None, "norm")
    drawn = mosaic(weights, units, scale)
    back = drawn.levels / MAX_LEVEL * drawn.scales[:, None]
    clipped = np.clip(weights[:, units].T, -drawn.scales[:, None], drawn.scales[:, None])
    assert np.abs(back - clipped).max() <= drawn.scales.max() / (2 * MAX_LEVEL) + 1e-6


def test_mosaic_is_zero_centred_and_shows_the_sign(weights: np.ndarray) -> None:
    drawn = mosaic(weights, np.arange(N_HIDDEN), "all")
    assert np.array_equal(np.sign(drawn.levels[drawn.levels != 0]),
                          np.sign(weights.T[drawn.levels != 0]))  # fmt: skip
    assert not mosaic(np.zeros((3, 2)), np.arange(2), "unit").levels.any()


def test_mosaic_per_unit_gives_each_unit_full_colour(weights: np.ndarray) -> None:
    faint = weights * np.linspace(0.01, 1, N_HIDDEN)
    assert (np.abs(mosaic(faint, np.arange(N_HIDDEN), "unit").levels).max(1) == MAX_LEVEL).all()
    assert np.abs(mosaic(faint, np.arange(N_HIDDEN), "all").levels).max(1).min() < MAX_LEVEL


def test_order_by_norm_falls_and_by_use_falls(weights: np.ndarray) -> None:
    norms = np.linalg.norm(weights, axis=0)
    use = np.random.default_rng(1).random(N_HIDDEN)
    assert (np.diff(norms[unit_order(weights, use, "norm")]) <= 0).all()
    assert (np.diff(use[unit_order(weights, use, "use")]) <= 0).all()
    assert unit_order(weights, use, "number").tolist() == list(range(N_HIDDEN))


def test_order_by_use_falls_back_to_the_norm_without_data(weights: np.ndarray) -> None:
    by_norm = unit_order(weights, None, "norm")
    assert np.array_equal(unit_order(weights, None, "use"), by_norm)


def test_activity_names_dead_and_always_on_units() -> None:
    dead, always = activity_kinds([0.5, 0.001, 0.999, 0.01, 0.99, 0.0])
    assert dead.tolist() == [1, 5]
    assert always.tolist() == [2]


def test_gap_is_shaded_between_training_and_held_out() -> None:
    figure = image_curves.free_energy_curves(np.arange(3.0), [1.0, 2, 3], [1.0, 3, 5])
    train, held = figure["data"]
    assert held["fill"] == "tonexty"
    assert numbers(train["y"]).tolist() == [1, 2, 3]
    assert numbers(held["y"]).tolist() == [1, 3, 5]


def test_gap_is_left_out_where_nothing_is_held_out() -> None:
    figure = image_curves.free_energy_curves(np.arange(2.0), np.ones(2), np.full(2, np.nan))
    assert len(figure["data"]) == 1


def test_mean_image_line_spans_the_curve_at_its_height() -> None:
    figure = image_curves.reconstruction_curve([0.0, 7.0], [0.2, 0.1], 0.07)
    line = figure["data"][0]
    assert positions(line).tolist() == [0, 7]
    assert numbers(line["y"]) == pytest.approx([0.07, 0.07])


def test_curves_of_a_run_that_has_not_begun_can_be_drawn() -> None:
    for figure in (
        image_curves.free_energy_curves([], [], []),
        image_curves.reconstruction_curve([], [], 0.07),
        image_curves.pseudo_likelihood_curve([], []),
    ):
        assert len(numbers(figure["data"][-1]["y"])) == 0


def test_path_has_a_curve_for_each_chain_their_mean_and_the_levels() -> None:
    paths = np.array([[1.0, 3], [2, 6], [3, 9]])
    traces = image_curves.free_energy_path([1, 10, 100], paths, {"data": -2.0}, log=True)["data"]
    chains, mean, level = (numbers(trace["y"]) for trace in traces)
    np.testing.assert_array_equal(chains, [1, 2, 3, np.nan, 3, 6, 9, np.nan])
    assert mean.tolist() == [2, 4, 6]
    assert level.tolist() == [-2, -2]
    assert positions(traces[0]).tolist() == 2 * [1, 10, 100, 100]
    assert [positions(trace).tolist() for trace in traces[1:]] == [[1, 10, 100], [1, 100]]


def test_histograms_count_everything(weights: np.ndarray) -> None:
    bars = image_histograms.weight_histogram(weights)["data"][0]
    assert numbers(bars["y"]).sum() == weights.size
    assert np.abs(numbers(bars["x"]).sum()) < 1e-4  # symmetric about zero
    use = np.random.default_rng(2).random(N_HIDDEN)
    assert numbers(image_histograms.hidden_activity(use)["data"][0]["y"]).sum() == N_HIDDEN
