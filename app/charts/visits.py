"""Where a walk has been: visits against their exact law, and the distance between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.charts.curves import legend
from app.charts.states import state_name, state_ticks
from app.charts.theme import Figure, axis, f4, figure

__all__ = [
    "DistanceCurves",
    "VisitBars",
    "distance_alt",
    "distance_figure",
    "visits_alt",
    "visits_figure",
]

Floats = NDArray[np.floating[Any]]

# More bars than this cannot be told apart on half a screen; the rest share one.
MAX_BARS = 16
# Headings of the panels say what the vertical axis measures.
MARGIN = {"l": 28, "r": 6, "t": 6, "b": 30}


@dataclass(frozen=True, eq=False, kw_only=True)
class VisitBars:
    """Shares of all visible states, in counting order, shape (2**n_visible,).

    Attributes:
        n_visible: Units of a state.
        visits: How often each state was seen.
        law: What the shares tend to.
        legal: Numbers of the states that the data hold.
        here: Number of the state where the walker stands.
    """

    n_visible: int
    visits: NDArray[np.int64]
    law: Floats
    legal: frozenset[int]
    here: int

    @property
    def n(self) -> int:
        """Visits counted."""
        return int(self.visits.sum())

    @property
    def shares(self) -> Floats:
        """Visits as shares; zeros before the first."""
        return self.visits / max(self.n, 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class DistanceCurves:
    """Total variation against steps, and what chance alone comes to, on average at most.

    Attributes:
        n: Steps counted, shape (n_points,), at least 1.
        distance: Total variation there, shape (n_points,).
        bound_n: Steps of the bounds, shape (n_moments,).
        independent: Bound for independent draws, shape (n_moments,).
        walk: Bound for one walk of this machine, shape (n_moments,), or None.
    """

    n: Floats
    distance: Floats
    bound_n: Floats
    independent: Floats
    walk: Floats | None


def visits_figure(bars: VisitBars) -> Figure:
    """Draw the shares visited as filled bars, the exact law as outlines over them.

    Args:
        bars: The shares.
    """
    chosen = _chosen(bars)
    names = [state_name(i, bars.n_visible) for i in chosen]
    texts = [
        f"<b>{name}</b>" if i == bars.here else name for i, name in zip(chosen, names, strict=True)
    ]
    ticks = state_ticks(texts, [i in bars.legal for i in chosen])
    shares, law = bars.shares[chosen], bars.law[chosen]
    if len(chosen) < len(bars.law):
        names = [*names, "others"]
        ticks["ticktext"].append("others")
        shares = np.append(shares, max(0.0, bars.shares.sum() - shares.sum()))
        law = np.append(law, max(0.0, 1 - law.sum()))
    top = max(0.3, float(shares.max()), float(law.max()))
    return figure(
        [_visited(names, shares), _exact(names, law)],
        barmode="overlay",
        xaxis=axis(type="category", tickvals=names, tickfont={"size": 10}, **ticks),
        yaxis=axis(range=[0, top * 1.3], nticks=5),
        legend=legend(x=1, xanchor="right", y=1.03, yanchor="top"),
        showlegend=True,
        margin=MARGIN,
    )


def _visited(names: Sequence[str], shares: Floats) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": "visited",
        "x": names,
        "y": f4(shares),
        "marker": {"color": "@positive"},
        "width": 0.62,
        "hovertemplate": "%{x}: visited %{y:.3f}<extra></extra>",
    }


def _exact(names: Sequence[str], law: Floats) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": "exact",
        "x": names,
        "y": f4(law),
        "marker": {"color": "rgba(0,0,0,0)", "line": {"color": "@ink", "width": 1.5}},
        "width": 0.86,
        "hovertemplate": "%{x}: exact %{y:.4f}<extra></extra>",
    }


def visits_alt(bars: VisitBars) -> str:
    """Say the bars in words: each state's share and its exact probability."""
    chosen = _chosen(bars)[:MAX_BARS]
    parts = [
        f"{state_name(i, bars.n_visible)} {bars.shares[i]:.3f}, exact {bars.law[i]:.3f}"
        for i in chosen
    ]
    return f"Share of {bars.n} steps spent in each state: {'; '.join(parts)}."


def distance_figure(curves: DistanceCurves) -> Figure:
    """Draw the total-variation distance over steps, logarithmic, with the bounds.

    Args:
        curves: The curves; empty ones before the first step.
    """
    data: list[dict[str, Any]] = []
    if curves.walk is not None:
        data.append(_bound(curves.bound_n, curves.walk, "by chance, one walk", "dash"))
    data.append(_bound(curves.bound_n, curves.independent, "by chance, independent draws", "dot"))
    data.append(
        {
            "type": "scatter",
            "name": "distance",
            "mode": "lines+markers" if len(curves.n) < 2 else "lines",
            "x": f4(curves.n),
            "y": f4(curves.distance),
            "line": {"color": "@positive", "width": 2.5},
            "hovertemplate": "%{x:.0f} steps: %{y:.3f}<extra></extra>",
        }
    )
    last = float(curves.bound_n[-1])
    return figure(
        data,
        xaxis=axis(
            "steps counted", type="log", dtick=1, range=[-0.03, float(np.log10(last)) + 0.03]
        ),
        yaxis=axis(range=[0, 1.02], dtick=0.25, tickformat=".2~f"),
        annotations=[_key(curves)],
        margin=MARGIN,
    )


def distance_alt(curves: DistanceCurves) -> str:
    """Say the distance in words, with its first and last value and the bounds."""
    if not len(curves.n):
        return "No step is counted yet, so there is no distance."
    text = (
        f"Total-variation distance between visits and exact law: {curves.distance[0]:.3f} after "
        f"{curves.n[0]:.0f} steps, {curves.distance[-1]:.3f} after {curves.n[-1]:.0f}; "
        f"chance alone keeps independent draws at {curves.independent[-1]:.3f} or less"
    )
    walk = (
        ""
        if curves.walk is None
        else f", one walk of this machine at {curves.walk[-1]:.3f} or less"
    )
    return f"{text}{walk}, on average after {curves.bound_n[-1]:.0f} steps."


def _key(curves: DistanceCurves) -> dict[str, Any]:
    """Name the bounds in the corner that falling curves leave free."""
    lines = ["– – chance, a walk"] * (curves.walk is not None) + ["····· chance, independent"]
    return {
        "text": "<br>".join(lines),
        "xref": "paper",
        "yref": "paper",
        "x": 0.01,
        "y": 0.01,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": 10, "color": "@muted"},
    }


def _chosen(bars: VisitBars) -> list[int]:
    """Numbers of the states that get a bar, in counting order."""
    if len(bars.law) <= MAX_BARS:
        return list(range(len(bars.law)))
    weight = np.maximum(bars.law, bars.shares)
    weight[bars.here] = 2.0  # the walker's own state is always shown
    return sorted(int(i) for i in np.argsort(-weight, kind="stable")[:MAX_BARS])


def _bound(n: Floats, bound: Floats, name: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "x": f4(n),
        "y": f4(bound),
        "line": {"color": "@muted", "width": 1.5, "dash": dash},
        "hovertemplate": "%{x:.0f} steps: %{y:.3f}<extra>" + name + "</extra>",
    }
