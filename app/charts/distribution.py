"""p(v) of every visible state as bars, the legal rows marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

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
    few_rows = len(legal) <= len(ROW_TOKENS)
    colours = [
        (ROW_TOKENS[rank[state]] if few_rows else "@correct") if state in rank else "@grid"
        for state in range(len(names))
    ]
    small = len(names) > MAX_NUMBERED
    tick = "{} ✓" if small else "{}<br>✓"  # upright labels have room below, turned ones beside
    ticks = [tick.format(name) if s in rank else name for s, name in enumerate(names)]
    trace: dict[str, Any] = {
        "type": "bar",
        "x": list(range(len(names))),
        **heights(probabilities, len(names)),
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"size": 11},
        "marker": {
            "color": colours,
            "line": {
                "color": "@muted",
                "width": [0 if s in rank else 1 for s in range(len(names))],
            },
        },
        "customdata": [f"{name} ✓" if s in rank else name for s, name in enumerate(names)],
        "hovertemplate": "%{customdata}: %{y:.4f}<extra></extra>",
    }
    shown = [s for s in range(len(names)) if len(names) <= MAX_LABELLED or s in rank]
    highest = max(0.5, 1.7 * goal, 1.15 * float(np.max(np.asarray(probabilities))))
    layout = {
        "xaxis": axis(
            tickvals=shown,
            ticktext=[ticks[s] for s in shown],
            tickangle=-90 if small else 0,
            showgrid=False,
            tickfont={"size": 10 if small else 11},
        ),
        "yaxis": axis("", range=[0, highest], tickformat=".0%"),
        "shapes": [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": goal,
                "y1": goal,
                "line": {"color": "@muted", "width": 1.5, "dash": "dot"},
            }
        ],
        "bargap": 0.25,
        "margin": {"l": 40, "r": 6, "t": 8, "b": 44},
    }
    return figure([trace], **layout)


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
