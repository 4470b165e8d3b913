"""Curves of a training run: free energies with their gap, likelihood, valid mass."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.charts.curves import least_span, line, run_figure
from app.charts.theme import Figure, axis

__all__ = ["cursor", "free_energies", "likelihood", "masses"]

# Nats that the axes span at least.
LEAST_FREE_ENERGY = 0.5
LEAST_GAP = 0.2
LEAST_LIKELIHOOD = 0.5


def free_energies(updates: ArrayLike, data: ArrayLike, model: ArrayLike, end: int) -> Figure:
    """Draw mean free energy of data and of model, and below them the gap, shaded.

    Both curves drift together by far more than they differ, so the gap has an axis of its own.

    Args:
        updates: Updates made at each point, shape (n_points,).
        data: Mean free energy of the batches in nats, shape (n_points,).
        model: The same of the chains after k steps, shape (n_points,).
        end: Updates of the whole run.
    """
    gap = np.asarray(data, dtype=float) - np.asarray(model, dtype=float)
    traces = [
        line(updates, data, "data", line={"color": "@row0", "width": 2}),
        line(
            updates,
            model,
            "model",
            line={"color": "@row1", "width": 2, "dash": "dash"},
            fill="tonexty",
            fillcolor="@gap",
        ),
        line(
            updates,
            gap,
            "gap",
            line={"color": "@muted", "width": 1.5},
            fill="tozeroy",
            fillcolor="@gap",
            yaxis="y2",
            showlegend=False,
        ),
    ]
    energies = least_span(LEAST_FREE_ENERGY, data, model)
    drawn = run_figure(traces, end, axis("nats", domain=[0.46, 1], nticks=4, **energies))
    drawn["layout"]["xaxis"]["anchor"] = "y2"
    drawn["layout"]["yaxis2"] = axis(
        "gap",
        domain=[0, 0.34],
        nticks=3,
        zeroline=True,
        zerolinecolor="@muted",
        **least_span(LEAST_GAP, gap, [0.0]),
    )
    return drawn


def likelihood(updates: ArrayLike, log_likelihood: ArrayLike, bound: float, end: int) -> Figure:
    """Draw the exact log-likelihood and the bound no model can pass.

    Args:
        updates: Updates made at each point, shape (n_points,).
        log_likelihood: Mean log p(v) of the rows, nats per row, shape (n_points,).
        bound: Its largest possible value.
        end: Updates of the whole run.
    """
    traces = [
        line(
            [0, end],
            [bound, bound],
            "bound",
            line={"color": "@muted", "width": 1.5, "dash": "dot"},
        ),
        line(updates, log_likelihood, "exact", line={"color": "@row0", "width": 2}),
    ]
    span = least_span(LEAST_LIKELIHOOD, log_likelihood, [bound])
    return run_figure(traces, end, axis("nats per row", **span))


def masses(
    measured_at: ArrayLike,
    valid_mass: ArrayLike,
    recorded_at: ArrayLike,
    success_rate: ArrayLike,
    end: int,
) -> Figure:
    """Draw the exact probability of legal rows and the sampled rate of legal chains.

    Args:
        measured_at: Updates at the exact points, shape (n_measured,).
        valid_mass: Probability of the legal rows at equilibrium, shape (n_measured,).
        recorded_at: Updates at the sampled points, shape (n_recorded,).
        success_rate: Share of chains on a legal row after k steps, shape (n_recorded,).
        end: Updates of the whole run.
    """
    traces = [
        line(
            recorded_at,
            success_rate,
            "k steps",
            line={"color": "@row1", "width": 1.5, "dash": "dash"},
        ),
        line(measured_at, valid_mass, "exact", line={"color": "@row0", "width": 2.5}),
    ]
    traces.reverse()
    return run_figure(traces, end, axis("", range=[0, 1.03], tickformat=".0%"))


def cursor(update: float) -> dict[str, Any]:
    """Return the layout change that marks one moment of a run.

    Args:
        update: Where the mark stands.
    """
    mark = {"color": "@ink", "width": 1.5, "dash": "dot"}
    return {
        "shapes": [
            {"type": "line", "x0": update, "x1": update, "yref": "paper", "y0": 0, "y1": 1}
            | {"line": mark}
        ]
    }
