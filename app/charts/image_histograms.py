"""Histograms of a machine: its weights, and how often its hidden units are on."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from app.charts.filters import ALWAYS_ABOVE, DEAD_BELOW
from app.charts.theme import PLAIN_MARGIN, Figure, axis, f4, figure

__all__ = ["hidden_activity", "weight_histogram"]

N_BINS = 61


def weight_histogram(weights: ArrayLike) -> Figure:
    """Draw how many weights have which value, symmetric about zero.

    Args:
        weights: Any shape.
    """
    values = np.asarray(weights).ravel()
    reach = float(np.abs(values).max()) or 1.0
    counts, edges = np.histogram(values, bins=N_BINS, range=(-reach, reach))
    middles = (edges[1:] + edges[:-1]) / 2
    bars = {
        "type": "bar",
        "x": f4(middles),
        "y": f4(counts),
        "marker": {
            "color": f4(middles),
            "colorscale": "@weights",
            "cmin": -reach,
            "cmax": reach,
            "line": {"width": 0.5, "color": "@muted"},
        },
        "hovertemplate": "w %{x:.3f}: %{y}<extra></extra>",
    }
    # A few large weights among thousands of small ones: counts on a logarithmic scale.
    return figure(
        [bars],
        bargap=0,
        xaxis=axis("weight"),
        yaxis=axis("weights", type="log", nticks=4),
        margin=PLAIN_MARGIN,
    )


def hidden_activity(use: ArrayLike) -> Figure:
    """Draw how often hidden units are on over data, dead and always-on ones set apart.

    Args:
        use: Mean activity of each hidden unit, shape (n_hidden,).
    """
    activity = np.asarray(use)
    counts, edges = np.histogram(activity, bins=20, range=(0.0, 1.0))
    bars = {
        "type": "bar",
        "x": f4((edges[1:] + edges[:-1]) / 2),
        "y": f4(counts),
        "marker": {"color": "@positive"},
        "hovertemplate": "on %{x:.0%} of the data: %{y} units<extra></extra>",
    }
    edges_drawn = [
        {
            "type": "line",
            "x0": x,
            "x1": x,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": "@wrong", "width": 1.5, "dash": "dot"},
        }
        for x in (DEAD_BELOW, ALWAYS_ABOVE)
    ]
    return figure(
        [bars],
        bargap=0.05,
        shapes=edges_drawn,
        xaxis=axis("share of the data it is on for", tickformat=".0%", range=[0, 1]),
        yaxis=axis("units", nticks=4),
        margin=PLAIN_MARGIN,
    )
