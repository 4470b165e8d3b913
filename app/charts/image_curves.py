"""Curves of an image run: over-fitting, reconstruction against a line, pseudo-likelihood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.charts.theme import Figure, axis, f4, figure

__all__ = [
    "free_energy_curves",
    "free_energy_path",
    "pseudo_likelihood_curve",
    "reconstruction_curve",
    "thin",
]

MAX_POINTS = 240
TRAIN = {"color": "@row0", "width": 2}
HELD_OUT = {"color": "@row1", "width": 2, "dash": "dash"}
LINE = {"color": "@muted", "width": 1.5, "dash": "dot"}

# Plain words: raised exponents run into the title below them.
DECADES = {"tickvals": [1, 10, 100, 1000, 10_000], "ticktext": ["1", "10", "100", "1k", "10k"]}

Curves = Mapping[str, NDArray[np.float64]]


def thin(curves: Curves, n_points: int = MAX_POINTS) -> dict[str, NDArray[np.float64]]:
    """Keep evenly spaced points of curves, the last one among them.

    Args:
        curves: Arrays of one length, by name.
        n_points: At most this many are kept.
    """
    length = len(curves["update"])
    if length <= n_points:
        return dict(curves)
    kept = np.unique(np.linspace(0, length - 1, n_points).round().astype(int))
    return {name: values[kept] for name, values in curves.items()}


def free_energy_curves(curves: Curves) -> Figure:
    """Draw the free energy of training and of held-out data, the gap between them shaded.

    Args:
        curves: "update", "free_energy_train" and "free_energy_test".
    """
    x = f4(curves["update"])
    held = curves["free_energy_test"]
    traces = [_line(x, curves["free_energy_train"], "training", TRAIN)]
    if np.isfinite(held).any():
        traces.append(_line(x, held, "held out", HELD_OUT, fill="tonexty", fillcolor="@gap"))
    drawn = _panel(traces, "F, nats")
    drawn["layout"] |= {
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 1,
            "yanchor": "top",
            "font": {"size": 11},
            "bgcolor": "rgba(0,0,0,0)",
        },
    }
    return drawn


def reconstruction_curve(curves: Curves, mean_image_error: float) -> Figure:
    """Draw the reconstruction error against what the mean image costs.

    Args:
        curves: "update" and "reconstruction_error".
        mean_image_error: The line to get under.
    """
    updates = curves["update"]
    ends = [updates[0], updates[-1]] if len(updates) else [0, 1]
    return _panel(
        [
            _line(f4(ends), [mean_image_error] * 2, "mean image", LINE),
            _line(f4(updates), curves["reconstruction_error"], "reconstruction", TRAIN),
        ],
        "error",
        rangemode="tozero",
    )


def pseudo_likelihood_curve(curves: Curves) -> Figure:
    """Draw the pseudo-log-likelihood of held-out data.

    Args:
        curves: "update" and "pseudo_log_likelihood".
    """
    trace = _line(f4(curves["update"]), curves["pseudo_log_likelihood"], "pseudo-likelihood", TRAIN)
    return _panel([trace], "nats")


def free_energy_path(
    steps: ArrayLike, paths: ArrayLike, lines: Mapping[str, float], *, log: bool = False
) -> Figure:
    """Draw how the free energy of chains moves, with levels to compare with.

    Args:
        steps: Gibbs steps, shape (n_steps,).
        paths: Free energy of each chain after each step, shape (n_steps, n_chains).
        lines: Levels by name.
        log: Whether the steps lie on a logarithmic axis.
    """
    x, values = f4(steps), np.asarray(paths)
    thin_line = {"color": "@gap", "width": 1}
    traces = [
        _line(x, values[:, chain], f"chain {chain + 1}", thin_line, hoverinfo="skip")
        for chain in range(values.shape[1])
    ]
    traces.append(_line(x, values.mean(1), "mean", TRAIN))
    ends = np.asarray(steps)[[0, -1]]
    traces += [_line(f4(ends), [level] * 2, name, LINE) for name, level in lines.items()]
    drawn = _panel(traces, "F, nats", x_title="Gibbs steps")
    if log:
        drawn["layout"]["xaxis"] |= {"type": "log", **DECADES}
    drawn["layout"]["annotations"] = [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "right",
            "y": level,
            "yanchor": "bottom",
            "text": name,
            "showarrow": False,
            "font": {"size": 12, "color": "@muted"},
        }
        for name, level in lines.items()
    ]
    return drawn


def _line(
    x: dict[str, str], y: ArrayLike, name: str, line: dict[str, Any], **more: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": f4(y),
        "name": name,
        "line": line,
        "hovertemplate": "%{y:.4~g}<extra>" + name + "</extra>",
        **more,
    }


def _panel(
    traces: list[dict[str, Any]],
    y_title: str,
    *,
    x_title: str = "updates",
    rangemode: str = "normal",
) -> Figure:
    return figure(
        traces,
        xaxis=axis(x_title, nticks=5),
        yaxis=axis(y_title, nticks=5, rangemode=rangemode),
        margin={"l": 50, "r": 8, "t": 4, "b": 40},
    )
