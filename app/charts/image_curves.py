"""Curves of an image run: over-fitting, reconstruction against a line, pseudo-likelihood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.charts.curves import bundle, legend, line
from app.charts.theme import PLAIN_MARGIN, Figure, axis, figure

__all__ = [
    "free_energy_curves",
    "free_energy_path",
    "pseudo_likelihood_curve",
    "reconstruction_curve",
]

TRAIN = {"color": "@row0", "width": 2}
HELD_OUT = {"color": "@row1", "width": 2, "dash": "dash"}
LINE = {"color": "@muted", "width": 1.5, "dash": "dot"}
CHAIN = {"color": "@gap", "width": 1}

# Plain words: raised exponents run into the title below them.
DECADES = {"tickvals": [1, 10, 100, 1000, 10_000], "ticktext": ["1", "10", "100", "1k", "10k"]}


def free_energy_curves(updates: ArrayLike, train: ArrayLike, held_out: ArrayLike) -> Figure:
    """Draw the free energy of training and of held-out data, the gap between them shaded.

    Args:
        updates: Updates made at each point, shape (n_points,).
        train: Mean free energy of training data, nats, shape (n_points,).
        held_out: The same of held-out data; NaN where there are none.
    """
    traces = [_curve(updates, train, "training", TRAIN)]
    if np.isfinite(held_out).any():
        gap = {"fill": "tonexty", "fillcolor": "@gap"}
        traces.append(_curve(updates, held_out, "held out", HELD_OUT, **gap))
    right = {"x": 1, "xanchor": "right", "y": 1, "yanchor": "top"}
    return _panel(traces, "F, nats", showlegend=True, legend=legend(**right))


def reconstruction_curve(updates: ArrayLike, error: ArrayLike, mean_image_error: float) -> Figure:
    """Draw the reconstruction error against what the mean image costs.

    Args:
        updates: Updates made at each point, shape (n_points,).
        error: Mean squared error per pixel, shape (n_points,).
        mean_image_error: The line to get under.
    """
    at = np.asarray(updates)
    ends = at[[0, -1]] if len(at) else [0, 1]
    drawn = _panel(
        [
            _curve(ends, [mean_image_error] * 2, "mean image", LINE),
            _curve(at, error, "reconstruction", TRAIN),
        ],
        "error",
    )
    drawn["layout"]["yaxis"]["rangemode"] = "tozero"
    return drawn


def pseudo_likelihood_curve(updates: ArrayLike, values: ArrayLike) -> Figure:
    """Draw the pseudo-log-likelihood of held-out data.

    Args:
        updates: Updates made at each point, shape (n_points,).
        values: Nats per image, shape (n_points,).
    """
    return _panel([_curve(updates, values, "pseudo-likelihood", TRAIN)], "nats")


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
    at, values = np.asarray(steps), np.asarray(paths)
    traces = [bundle(at, values, line=CHAIN), _curve(at, values.mean(1), "mean", TRAIN)]
    traces += [_curve(at[[0, -1]], [level] * 2, name, LINE) for name, level in lines.items()]
    drawn = _panel(traces, "F, nats")
    drawn["layout"]["xaxis"] = axis(
        "Gibbs steps", nticks=5, **({"type": "log", **DECADES} if log else {})
    )
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


def _curve(
    x: ArrayLike, y: ArrayLike, name: str, style: dict[str, Any], **more: str
) -> dict[str, Any]:
    hover = {"hovertemplate": "%{y:.4~g}<extra>" + name + "</extra>"}
    return line(x, y, name, line=style, mode="lines", **(hover | more))


def _panel(traces: list[dict[str, Any]], y_title: str, **layout: Any) -> Figure:  # noqa: ANN401
    return figure(
        traces,
        xaxis=axis("updates", nticks=5),
        yaxis=axis(y_title, nticks=5),
        margin=PLAIN_MARGIN,
        **layout,
    )
