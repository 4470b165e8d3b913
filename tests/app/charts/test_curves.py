"""Curves: what is sent of them, and in how few bytes."""

from __future__ import annotations

import numpy as np

from app.charts import curves
from tests.app.charts.plotly_arrays import numbers, positions


def test_thinned_curve_keeps_both_ends() -> None:
    for n_points in (1, 2, 199, 200, 201, 2000):
        kept = curves.thin(n_points)
        assert kept[0] == 0
        assert kept[-1] == n_points - 1
        assert len(kept) <= 200


def test_even_and_uneven_curves_draw_the_same_points() -> None:
    even = curves.line([10, 20, 30], [1, 2, 3], "even")
    uneven = curves.line([10, 20, 31], [1, 2, 3], "uneven")
    assert "x" not in even
    np.testing.assert_array_equal(positions(even), [10, 20, 30])
    np.testing.assert_array_equal(positions(uneven), [10, 20, 31])
    for drawn in (even, uneven):
        np.testing.assert_array_equal(numbers(drawn["y"]), [1, 2, 3])


def test_an_axis_has_its_least_span_only_where_curves_hardly_move() -> None:
    assert curves.least_span(1.0, [0.0, 2.0]) == {}
    assert curves.least_span(1.0, [0.0], [1.5]) == {}
    assert curves.least_span(1.0, [], [np.nan]) == {}
    low, high = curves.least_span(1.0, [0.4, np.nan], [0.6])["range"]
    assert (low, high) == (0.0, 1.0)
