"""One curve, and the legend that lies over it: what the curves of all runs share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.charts.theme import f4, u2

__all__ = ["legend", "line", "thin"]

# More points than this make no difference on screen, and each costs bytes at every update.
MAX_POINTS = 200
MAX_U2 = 2**16


def thin(n_points: int) -> NDArray[np.int64]:
    """Return which points of a curve to send: at most 200, the first and the last among them.

    Args:
        n_points: Points of the whole curve.
    """
    return np.unique(np.linspace(0, n_points - 1, min(n_points, MAX_POINTS)).astype(np.int64))


def line(x: ArrayLike, y: ArrayLike, name: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return one curve.

    Args:
        x: Positions, shape (n_points,).
        y: Values, shape (n_points,).
        name: What it is, for hovering and the legend.
        settings: Plotly's settings of the trace.
    """
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    keep = thin(len(xs)) if len(xs) else np.zeros(0, dtype=np.int64)
    xs, ys = xs[keep], ys[keep]
    steps = np.diff(xs)
    even = len(steps) > 0 and bool((steps == steps[0]).all())
    return {
        "type": "scatter",
        "mode": "lines" if len(xs) > 1 else "markers",
        **({"x0": xs[0], "dx": steps[0]} if even else {"x": _packed(xs)}),
        "y": f4(ys),
        "name": name,
        **settings,
    }


def _packed(xs: NDArray[np.float64]) -> dict[str, str]:
    small = xs.size and xs.min() >= 0 and xs.max() < MAX_U2 and bool((xs == np.rint(xs)).all())
    return u2(xs) if small else f4(xs)


def legend(**settings: Any) -> dict[str, Any]:  # noqa: ANN401  (Plotly's own keys)
    """Return a legend that lies on the plot and covers little of it."""
    return {
        "orientation": "h",
        "traceorder": "normal",
        "x": 0,
        "xanchor": "left",
        "y": 1.0,
        "yanchor": "bottom",
        "font": {"size": 11},
        "bgcolor": "rgba(0,0,0,0)",
        **settings,
    }
