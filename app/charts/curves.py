"""One curve, and the legend that lies over it: what the curves of all runs share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.charts.theme import Figure, axis, f4, figure, u1, u2

__all__ = ["bundle", "least_span", "legend", "line", "run_figure", "thin"]

# More points than this make no difference on screen, and each costs bytes at every update.
MAX_POINTS = 200


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


def _packed(xs: NDArray[Any]) -> dict[str, str]:
    """In the fewest bytes that hold these numbers."""
    whole = xs.size and xs.min() >= 0 and bool((xs == np.rint(xs)).all())
    if not whole or xs.max() >= 2**16:
        return f4(xs)
    return u1(xs) if xs.max() < 2**8 else u2(xs)


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


def least_span(least: float, *curves: ArrayLike) -> dict[str, Any]:
    """Return the range of an axis where curves hardly move, else nothing: it then suits them.

    An axis that suits noise of a thousandth shows zigzags where nothing happens.

    Args:
        least: The span that the axis has at least.
        curves: What it must hold.
    """
    values = np.concatenate([np.asarray(curve, dtype=float) for curve in curves])
    known = values[np.isfinite(values)]
    if not known.size or np.ptp(known) >= least:
        return {}
    middle = float(known.max() + known.min()) / 2
    return {"range": [middle - least / 2, middle + least / 2]}


def bundle(x: NDArray[np.integer[Any]], chains: ArrayLike, **settings: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return one trace that draws many chains: a gap after each keeps them apart.

    Args:
        x: Where each of their points stands, whole numbers, shape (n_points,).
        chains: Their values, shape (n_points, n_chains).
        settings: Plotly's settings of the trace.
    """
    values = np.asarray(chains, dtype=float)
    gapped = np.concatenate([values, np.full((1, values.shape[1]), np.nan)]).T.ravel()
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _packed(np.tile(np.append(x, x[-1:]), values.shape[1])),
        "y": f4(gapped),
        "hoverinfo": "skip",
        **settings,
    }


def run_figure(traces: list[dict[str, Any]], end: int, y: dict[str, Any]) -> Figure:
    """Return a figure of curves over the updates of a run.

    Args:
        traces: The curves.
        end: Updates of the whole run.
        y: The vertical axis.
    """
    return figure(
        traces,
        xaxis=axis("update", range=[0, end], tickformat="~s"),
        yaxis=y,
        hovermode="x unified",
        showlegend=True,
        legend=legend(),
        margin={"l": 48, "r": 10, "t": 22, "b": 34},
        shapes=[],
    )
