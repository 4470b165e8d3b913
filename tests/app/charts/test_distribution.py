"""The bars of p(v): one way to write a probability, and the legal rows told apart."""

from __future__ import annotations

import numpy as np
import pytest

from app.charts.distribution import bars
from tests.app.charts.plotly_arrays import numbers

NAMES = tuple(format(state, "03b") for state in range(8))
P = np.array([0.2, 0.03, 0.02, 0.25, 0.05, 0.2, 0.24, 0.01])
LEGAL = (0, 3, 5, 6)


def test_axis_and_bars_write_probabilities_alike() -> None:
    figure = bars(P, NAMES, LEGAL, goal=0.25)
    trace, axis = figure["data"][0], figure["layout"]["yaxis"]
    assert "%" not in axis["tickformat"]
    assert trace["text"] == [f"{p:.2f}" for p in P]
    assert numbers(trace["y"]) == pytest.approx(P)


def test_goal_line_stands_at_its_probability_below_the_top() -> None:
    layout = bars(P, NAMES, LEGAL, goal=0.25)["layout"]
    goal = layout["shapes"][0]
    assert (goal["y0"], goal["y1"]) == (0.25, 0.25)
    assert layout["yaxis"]["range"][1] > max(P.max(), 0.25)


def test_legal_states_alone_are_marked_and_coloured() -> None:
    figure = bars(P, NAMES, LEGAL, goal=0.25)
    ticks = figure["layout"]["xaxis"]["ticktext"]
    colours = figure["data"][0]["marker"]["color"]
    assert [s for s, tick in enumerate(ticks) if "✓" in tick] == list(LEGAL)
    assert [s for s, colour in enumerate(colours) if colour != "@grid"] == list(LEGAL)
    assert len({colours[s] for s in LEGAL}) == len(LEGAL)


def test_of_many_states_only_the_legal_ones_are_named() -> None:
    names = tuple(format(state, "05b") for state in range(32))
    axis = bars(np.full(32, 1 / 32), names, (3, 17), goal=0.5)["layout"]["xaxis"]
    assert axis["tickvals"] == [3, 17]
    assert axis["ticktext"] == ["00011 ✓", "10001 ✓"]
