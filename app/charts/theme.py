"""The one place for colours, and the parts that every figure shares.

Figures name colours by tokens such as "@positive". The browser replaces them when it draws, by the
theme the viewer sees.
"""

from __future__ import annotations

import base64
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "PALETTES",
    "PLAIN_MARGIN",
    "ROW_TOKENS",
    "Figure",
    "Scale",
    "axis",
    "f4",
    "figure",
    "u1",
    "u2",
]

Figure = dict[str, Any]
# What full colour means: the largest of all weights, of each unit, or always the same.
Scale = Literal["all", "unit", "fixed"]

# Checked for colour blindness: never red against green. Colour scales are lists of stops.
PALETTES: dict[str, dict[str, Any]] = {
    "light": {
        "@ink": "#1F2933",
        "@muted": "#5F6B7A",
        "@grid": "#E1E5EA",
        "@paper": "#FFFFFF",
        "@negative": "#B35806",
        "@zero": "#F7F7F7",
        "@positive": "#0B5FA5",
        "@weights": [[0.0, "#B35806"], [0.5, "#F7F7F7"], [1.0, "#0B5FA5"]],
        "@pixels": [[0.0, "#000000"], [1.0, "#FFFFFF"]],
        "@correct": "#0072B2",
        "@wrong": "#D55E00",
        "@gap": "rgba(95, 107, 122, 0.22)",
        "@band": "rgba(213, 94, 0, 0.10)",
        "@row0": "#0072B2",
        "@row1": "#D55E00",
        "@row2": "#009E73",
        "@row3": "#CC79A7",
    },
    "dark": {
        "@ink": "#E6EAF0",
        "@muted": "#A3ADBA",
        "@grid": "#3A4049",
        "@paper": "#14171C",
        "@negative": "#FF9F45",
        "@zero": "#2B2F36",
        "@positive": "#56B4E9",
        "@weights": [[0.0, "#FF9F45"], [0.5, "#2B2F36"], [1.0, "#56B4E9"]],
        "@pixels": [[0.0, "#000000"], [1.0, "#FFFFFF"]],
        "@correct": "#56B4E9",
        "@wrong": "#FF9F45",
        "@gap": "rgba(163, 173, 186, 0.25)",
        "@band": "rgba(255, 159, 69, 0.14)",
        "@row0": "#56B4E9",
        "@row1": "#FF9F45",
        "@row2": "#2FBF95",
        "@row3": "#E29BC4",
    },
}

# Of a chart with a heading and titles on both axes.
PLAIN_MARGIN = {"l": 50, "r": 8, "t": 4, "b": 40}

ROW_TOKENS = ("@row0", "@row1", "@row2", "@row3")


def f4(values: ArrayLike) -> dict[str, str]:
    """Pack numbers as a Plotly typed array of single precision.

    Args:
        values: Numbers of one or two axes.

    Returns:
        A Plotly typed-array specification.
    """
    array = np.ascontiguousarray(values, dtype="<f4")
    spec = {"dtype": "f4", "bdata": base64.b64encode(array.tobytes()).decode()}
    if array.ndim == 2:
        spec["shape"] = f"{array.shape[0]}, {array.shape[1]}"
    return spec


def u1(values: ArrayLike) -> dict[str, str]:
    """Pack whole numbers from 0 to 255 as a Plotly typed array of one byte each.

    Args:
        values: Numbers of one axis.

    Returns:
        A Plotly typed-array specification.
    """
    return _whole(values, "u1")


def u2(values: ArrayLike) -> dict[str, str]:
    """Pack whole numbers from 0 to 65535 as a Plotly typed array of two bytes each.

    Args:
        values: Numbers of one axis.

    Returns:
        A Plotly typed-array specification.
    """
    return _whole(values, "u2")


def _whole(values: ArrayLike, kind: str) -> dict[str, str]:
    array = np.asarray(values).astype("<" + kind)
    return {"dtype": kind, "bdata": base64.b64encode(array.tobytes()).decode()}


def axis(title: str = "", **settings: Any) -> dict[str, Any]:  # noqa: ANN401  (Plotly's own keys)
    """Return an axis in the house style.

    Args:
        title: What it measures, with its unit.
        settings: Plotly's settings of this axis.
    """
    return {
        "title": {"text": title, "standoff": 4, "font": {"size": 12}},
        "gridcolor": "@grid",
        "linecolor": "@grid",
        "zeroline": False,
        "automargin": True,
        **settings,
    }


def figure(data: list[dict[str, Any]], **layout: Any) -> Figure:  # noqa: ANN401  (Plotly's own keys)
    """Return a figure in the house style.

    Args:
        data: Plotly traces; colours may be tokens.
        layout: Plotly's layout settings.
    """
    base = {
        "margin": {"l": 44, "r": 10, "t": 6, "b": 34},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "@ink", "size": 12},
        # Constant, so that a zoom survives every update.
        "uirevision": "keep",
        "showlegend": False,
        "hovermode": "closest",
    }
    return {"data": data, "layout": {**base, **layout}}
