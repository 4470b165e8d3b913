"""p(v) of every visible state as bars, the legal rows marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.charts.states import state_ticks
from app.charts.theme import ROW_TOKENS, Figure, axis, f4, figure

__all__ = ["bars", "heights"]

MAX_NUMBERED = 8
MAX_LABELLED = 16


def bars(
    probabilities: ArrayLike, names: Sequence[str], legal: Sequence[int], goal: float
) -> Figure:
    """Draw the distribution over all visible states.

    Args:
        probabilities: p(v) in counting order, shape (n_states,).
        names: The states' bits.
        legal: Numbers of the legal states, in the order of the table's rows.
        goal: Probability that each legal state should have.
    """
    rank = {state: row for row, state in enumerate(legal)}
    shown = [s for s in range(len(names)) if len(names) <= MAX_LABELLED or s in rank]
    ticks = state_ticks(names, [s in rank for s in range(len(names))])
    highest = max(0.5, 1.7 * goal, 1.15 * float(np.max(np.asarray(probabilities))))
    return figure(
        [_trace(probabilities, names, rank)],
        xaxis=axis(
            **ticks | {"ticktext": [ticks["ticktext"][s] for s in shown]},
            tickvals=shown,
            tickfont={"size": 11 if len(names) <= MAX_NUMBERED else 10},
        ),
        yaxis=axis("", range=[0, highest], tickformat=".2~f"),
        shapes=[_goal_line(goal)],
        bargap=0.25,
        margin={"l": 40, "r": 6, "t": 8, "b": 44},
    )


def _trace(
    probabilities: ArrayLike, names: Sequence[str], rank: Mapping[int, int]
) -> dict[str, Any]:
    few_rows = len(rank) <= len(ROW_TOKENS)
    states = range(len(names))
    colours = [
        (ROW_TOKENS[rank[s]] if few_rows else "@correct") if s in rank else "@grid" for s in states
    ]
    outline = {"color": "@muted", "width": [0 if s in rank else 1 for s in states]}
    return {
        "type": "bar",
        "x": list(states),
        **heights(probabilities, len(names)),
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"size": 11},
        "marker": {"color": colours, "line": outline},
        "customdata": [f"{name} ✓" if s in rank else name for s, name in enumerate(names)],
        "hovertemplate": "%{customdata}: %{y:.4f}<extra></extra>",
    }


def _goal_line(goal: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": goal,
        "y1": goal,
        "line": {"color": "@muted", "width": 1.5, "dash": "dot"},
    }


def heights(probabilities: ArrayLike, n_states: int) -> dict[str, Any]:
    """Return the part of the trace that changes with the machine.

    Args:
        probabilities: p(v) in counting order, shape (n_states,).
        n_states: How many there are.
    """
    values = np.asarray(probabilities, dtype=float)
    change: dict[str, Any] = {"y": f4(values)}
    if n_states <= MAX_NUMBERED:
        change["text"] = [f"{value:.2f}" for value in values]
    return change
