"""The parameters as a heatmap: weights, with the biases as one more row and column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.charts.theme import Figure, Scale, axis, f4, figure
from rbm_core.numerals import number_text

__all__ = ["cells", "heatmap"]

FIXED_LIMIT = 6.0
# Weights that are all smaller are pale: full colour would paint noise as if it were learned.
LEAST_LIMIT = 0.5
MAX_NUMBERED = 8
Array = NDArray[np.floating[Any]]


def heatmap(
    weights: Array,
    visible_bias: Array,
    hidden_bias: Array,
    visible_names: Sequence[str],
    hidden_names: Sequence[str],
    scale: Scale = "all",
) -> Figure:
    """Draw all parameters, zero-centred and symmetric, numbered while there are few.

    Args:
        weights: Shape (n_visible, n_hidden).
        visible_bias: Shape (n_visible,).
        hidden_bias: Shape (n_hidden,).
        visible_names: A name for each visible unit.
        hidden_names: A name for each hidden unit.
        scale: What full colour means: "all" the largest parameter, "unit" the largest of each
            hidden unit, but of no less than 0.5; "fixed" always 6.
    """
    n_hidden = weights.shape[1]
    trace = {
        "type": "heatmap",
        **cells(weights, visible_bias, hidden_bias, scale),
        "x": [*hidden_names, "bias"],
        "y": [*visible_names, "bias"],
        "colorscale": "@weights",
        "zmid": 0,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": "%{y}, %{x}: %{text}<extra></extra>",
        "hoverongaps": False,
    }
    if n_hidden <= MAX_NUMBERED:
        trace["texttemplate"] = "%{text}"
        trace["textfont"] = {"size": 13 if n_hidden <= 5 else 11}
    return figure(
        [trace],
        xaxis=axis(side="top", type="category", showgrid=False, ticks=""),
        yaxis=axis(type="category", autorange="reversed", showgrid=False, ticks=""),
        margin={"l": 40, "r": 4, "t": 22, "b": 6},
    )


def cells(weights: Array, visible_bias: Array, hidden_bias: Array, scale: Scale) -> dict[str, Any]:
    """Return the part of the trace that changes with the parameters.

    Args:
        weights: Shape (n_visible, n_hidden).
        visible_bias: Shape (n_visible,).
        hidden_bias: Shape (n_hidden,).
        scale: What full colour means.
    """
    table = np.full((weights.shape[0] + 1, weights.shape[1] + 1), np.nan)
    table[:-1, :-1], table[:-1, -1], table[-1, :-1] = weights, visible_bias, hidden_bias
    limit = float(np.nanmax(np.abs(table))) or 1.0
    shade, most = table, max(limit, LEAST_LIMIT)
    if scale == "unit":
        per_unit = np.nanmax(np.abs(table), axis=0)
        shade, most = table / np.maximum(per_unit, LEAST_LIMIT), 1.0
    elif scale == "fixed":
        most = FIXED_LIMIT
    # Colour may be scaled per unit; the numbers never are.
    digits = 1 if limit >= 1 else 2
    # The corner, where no parameter stands, stays empty.
    text = [
        ["" if math.isnan(value) else number_text(value, digits) for value in row]
        for row in table.tolist()
    ]
    return {"z": f4(shade), "text": text, "zmin": -most, "zmax": most}
