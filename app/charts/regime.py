"""The regime meter: steps the chains are given against steps they need to forget."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.charts.curves import line, run_figure
from app.charts.theme import Figure, axis

__all__ = ["crossing", "regime"]

FLOOR = 0.05
Array = NDArray[np.float64]


def regime(
    measured_at: ArrayLike,
    relaxation_time: ArrayLike,
    recorded_at: ArrayLike,
    k: ArrayLike,
    end: int,
) -> Figure:
    """Draw the relaxation time and k over training, the crossing marked.

    Args:
        measured_at: Updates at the points of τ, shape (n_measured,).
        relaxation_time: τ in Gibbs steps, shape (n_measured,).
        recorded_at: Updates at the points of k, shape (n_recorded,).
        k: Gibbs steps per update, shape (n_recorded,).
        end: Updates of the whole run.
    """
    at, tau = np.asarray(measured_at, dtype=float), np.asarray(relaxation_time, dtype=float)
    steps = k_at(at, recorded_at, k)
    # A chain that forgets at once has τ = 0, one that never forgets has infinity: neither has a
    # place on a logarithmic axis.
    shown = np.where(np.isfinite(tau), np.maximum(tau, FLOOR), np.nan)
    traces = [
        line(*_corners(at, steps, end), "k", line={"color": "@row0", "width": 2}),
        line(
            at,
            shown,
            "τ",
            line={"color": "@row1", "width": 2, "dash": "dash"},
        ),
        _mark(crossing(at, tau, steps)),
    ]
    return run_figure(traces, end, _steps_axis(steps, shown[np.isfinite(shown)]))


def _steps_axis(steps: Array, tau: Array) -> dict[str, Any]:
    """Gibbs steps on a logarithmic scale that holds k and every τ, and at least 0.5 to 10."""
    low = min(0.5, float(steps.min()), *tau.tolist())
    high = max(10.0, 2 * float(steps.max()), *(2 * tau).tolist())
    return axis(
        "Gibbs steps",
        type="log",
        range=[float(np.log10(low)), float(np.log10(high))],
        tickvals=[0.1, 1, 10, 100, 1000, 10000],
        ticktext=["0.1", "1", "10", "100", "1k", "10k"],
    )


def k_at(at: Array, recorded_at: ArrayLike, k: ArrayLike) -> Array:
    """Return k at some updates: the value of the point before, or of the first.

    Args:
        at: Updates asked for, shape (n_points,).
        recorded_at: Updates at which k is known, rising, shape (n_recorded,).
        k: Its values, shape (n_recorded,).
    """
    known = np.asarray(recorded_at, dtype=float)
    values: Array = np.asarray(k, dtype=float)
    place = np.searchsorted(known, at, side="left").clip(0, len(known) - 1)
    found: Array = values[place]
    return found


def _corners(at: Array, steps: Array, end: int) -> tuple[Array, Array]:
    """The line of k without the points that say nothing new."""
    if (steps == steps[0]).all():
        return np.array([0.0, float(end)]), steps[[0, 0]]
    return at, steps


def crossing(at: Array, tau: Array, k: Array) -> tuple[float, float] | None:
    """Return update and height at which τ first rises above k, or None when it never does.

    Args:
        at: Updates, shape (n_points,).
        tau: Relaxation time, shape (n_points,).
        k: Gibbs steps per update, shape (n_points,).
    """
    above = np.flatnonzero(tau > k)
    return (float(at[above[0]]), float(k[above[0]])) if above.size else None


def _mark(point: tuple[float, float] | None) -> dict[str, Any]:
    x, y = ([point[0]], [point[1]]) if point else ([], [])
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "name": "τ > k",
        "showlegend": bool(point),
        "marker": {"symbol": "x", "size": 10, "color": "@ink"},
    }
