"""The free-energy landscape of visible states with a walker on it, and the energy it had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.charts.states import state_name, state_ticks
from app.charts.theme import Figure, axis, f4, figure
from app.charts.visits import MARGIN
from rbm_core.numerals import number_text

__all__ = [
    "Landscape",
    "energy_trace_alt",
    "energy_trace_figure",
    "landscape_alt",
    "landscape_figure",
]

Floats = NDArray[np.floating[Any]]

# Where the third bit's direction points when a cube is drawn flat.
DEPTH = (0.46, 0.36)
# States beyond this number are ordered by energy and lose their names on the axis.
MAX_NAMES = 16
# Half-steps that the trace has room for from the first one on.
FIRST_WINDOW = 10


@dataclass(frozen=True, eq=False, kw_only=True)
class Landscape:
    """Free energies of all visible states and the way of the walker.

    Attributes:
        n_visible: Units of a state.
        free_energy: F(v) in counting order, shape (2**n_visible,), in nats.
        trail: Numbers of the last states, the present one last; at least one.
        legal: Numbers of the states that the data hold.
        reachable: Numbers of the states that agree with the held units.
    """

    n_visible: int
    free_energy: Floats
    trail: tuple[int, ...]
    legal: frozenset[int]
    reachable: frozenset[int]

    @property
    def here(self) -> int:
        """Number of the present state."""
        return self.trail[-1]


def landscape_figure(landscape: Landscape) -> Figure:
    """Draw a cube for three units, levels side by side for other numbers.

    Args:
        landscape: The free energies and the walker.
    """
    return _cube(landscape) if landscape.n_visible == 3 else _levels(landscape)


def landscape_alt(landscape: Landscape) -> str:
    """Say the landscape in words: where the walker stands, and the lowest states."""
    names = {i: state_name(i, landscape.n_visible) for i in range(len(landscape.free_energy))}
    order = np.argsort(landscape.free_energy, kind="stable")[:8]
    states = ", ".join(
        f"{names[int(i)]} at {number_text(landscape.free_energy[i], 2)}" for i in order
    )
    came = ""
    if len(landscape.trail) > 1:
        came = f", coming from {names[landscape.trail[-2]]}"
    return (
        f"The walker stands on {names[landscape.here]}, free energy "
        f"{number_text(landscape.free_energy[landscape.here], 2)} nats{came}. Free energies, "
        f"lowest first: {states}."
    )


def energy_trace_figure(half_steps: Floats, energies: Floats) -> Figure:
    """Draw the joint energy after each of the last half-steps.

    Args:
        half_steps: Their numbers, shape (n_half_steps,).
        energies: E(v, h) after each, shape (n_half_steps,), in nats.
    """
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": f4(half_steps),
            "y": f4(energies),
            "line": {"color": "@positive", "width": 2, "shape": "hv"},
            "hovertemplate": "half-step %{x:.0f}: E = %{y:.2f}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": f4(half_steps[-1:]),
            "y": f4(energies[-1:]),
            "marker": {"color": "@wrong", "size": 10},
            "hovertemplate": "now, half-step %{x:.0f}: E = %{y:.2f}<extra></extra>",
        },
    ]
    return figure(
        data,
        xaxis=axis("half-step", tickformat="d", showgrid=False, **_moments_axis(half_steps)),
        yaxis=axis(nticks=5),
        margin=MARGIN,
    )


def _moments_axis(half_steps: Floats) -> dict[str, Any]:
    """Whole numbers only, and the same window until it is full."""
    first = float(half_steps[0]) if len(half_steps) else 1.0
    last = max(first + FIRST_WINDOW, float(half_steps[-1])) if len(half_steps) else FIRST_WINDOW + 1
    step = 1 if last - first <= FIRST_WINDOW else 20 if last - first > 2 * FIRST_WINDOW else 5
    return {"range": [first - 0.5, last + 2.0], "dtick": step}


def energy_trace_alt(half_steps: Floats, energies: Floats) -> str:
    """Say the trace in words: now, lowest and highest of its window."""
    if not len(energies):
        return "No half-step is made yet, so there is no joint energy."
    return (
        f"Joint energy after half-step {half_steps[-1]:.0f}: {number_text(energies[-1], 2)} nats; "
        f"over the last {len(energies)} half-steps between {number_text(energies.min(), 2)} "
        f"and {number_text(energies.max(), 2)}."
    )


def _cube(landscape: Landscape) -> Figure:
    corners = np.array([_corner(i) for i in range(8)])
    data = [_edges(corners, hidden=True), _edges(corners, hidden=False)]
    data += _walker(corners, landscape)
    data.append(_states(corners, landscape, size=20))
    notes = [
        {
            "x": float(x),
            "y": float(y),
            "text": _label(landscape, i),
            "showarrow": False,
            "yshift": 23 if y > 0.9 else -23,
            "font": {"size": 12},
            "opacity": 1.0 if i in landscape.reachable else 0.45,
        }
        for i, (x, y) in enumerate(corners)
    ]
    bare = {"visible": False, "fixedrange": True}
    return figure(
        data,
        xaxis={**bare, "range": [-0.32, 1 + DEPTH[0] + 0.32]},
        yaxis={**bare, "range": [-0.32, 1 + DEPTH[1] + 0.32]},
        margin={"l": 2, "r": 2, "t": 2, "b": 2},
        annotations=notes,
    )


def _label(landscape: Landscape, number: int) -> str:
    """Name, a mark when the data hold the state, and F."""
    mark = "✓" if number in landscape.legal else ""
    energy = number_text(landscape.free_energy[number], 1)
    return f"<b>{state_name(number, landscape.n_visible)}</b>{mark} {energy}"


def _corner(number: int) -> tuple[float, float]:
    """First unit up, second into the page, third to the right."""
    up, deep, right = (number >> 2) & 1, (number >> 1) & 1, number & 1
    return right + deep * DEPTH[0], up + deep * DEPTH[1]


def _edges(corners: Floats, *, hidden: bool) -> dict[str, Any]:
    """Edges join states one flip apart; those of the corner behind are dotted."""
    behind = 0b010
    x: list[float | None] = []
    y: list[float | None] = []
    for one in range(8):
        for bit in (1, 2, 4):
            other = one | bit
            if other != one and (behind in (one, other)) == hidden:
                x += [float(corners[one][0]), float(corners[other][0]), None]
                y += [float(corners[one][1]), float(corners[other][1]), None]
    line = {"color": "@muted", "width": 1.3, "dash": "dot" if hidden else "solid"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _levels(landscape: Landscape) -> Figure:
    n_states = len(landscape.free_energy)
    named = n_states <= MAX_NAMES
    order = np.arange(n_states) if named else np.argsort(landscape.free_energy, kind="stable")
    place = np.empty(n_states)
    place[order] = np.arange(n_states)
    points = np.stack([place, landscape.free_energy], -1)
    names = [state_name(int(i), landscape.n_visible) for i in order]
    ticks: dict[str, Any] = {"showticklabels": False, "showgrid": False}
    if named:
        ticks = {"tickvals": list(range(n_states)), "tickfont": {"size": 10}, **state_ticks(names)}
    levels = _states(points, landscape, size=18 if named else 9)
    return figure(
        [*_walker(points, landscape), levels],
        xaxis=axis(
            "" if named else "states, lowest free energy first",
            range=[-0.7, n_states - 0.3],
            **ticks,
        ),
        yaxis=axis(nticks=5),
        margin=MARGIN,
    )


def _states(points: Floats, landscape: Landscape, *, size: int) -> dict[str, Any]:
    names = [state_name(i, landscape.n_visible) for i in range(len(points))]
    open_ones = [1.0 if i in landscape.reachable else 0.25 for i in range(len(points))]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": f4(points[:, 0]),
        "y": f4(points[:, 1]),
        "text": [
            f"{name}: F = {number_text(energy, 2)}"
            for name, energy in zip(names, landscape.free_energy, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "size": size,
            "opacity": open_ones,
            "color": f4(landscape.free_energy),
            "colorscale": [[0.0, "@positive"], [1.0, "@zero"]],
            "line": {"color": "@ink", "width": 1.2},
        },
    }


def _walker(points: Floats, landscape: Landscape) -> list[dict[str, Any]]:
    """The way of the last steps, and a ring where the walker stands."""
    way = points[list(landscape.trail)]
    ring = points[[landscape.here]]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": f4(way[:, 0]),
            "y": f4(way[:, 1]),
            "line": {"color": "@wrong", "width": 2.5},
            "opacity": 0.55,
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": f4(ring[:, 0]),
            "y": f4(ring[:, 1]),
            "marker": {
                "size": 32,
                "color": "rgba(0,0,0,0)",
                "line": {"color": "@wrong", "width": 4},
            },
            "hoverinfo": "skip",
        },
    ]
