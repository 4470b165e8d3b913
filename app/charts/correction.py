"""The correction chart: sampled trajectories, their mean and the exact curve, kept and flipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.charts.curves import bundle, legend
from app.charts.theme import Figure, axis, f4, figure

__all__ = ["CorrectionCurves", "correction_alt", "correction_figure"]

# Share of the width of each of the two panels, and the gap between them.
PANELS = ((0.0, 0.475), (0.525, 1.0))
# Longer runs are drawn with fainter lines and smaller dots.
CROWDED_STEPS = 24
# A curve that is clicked away is missed by the room.
UNCLICKED = {"itemclick": False, "itemdoubleclick": False}


@dataclass(frozen=True, eq=False, kw_only=True)
class CorrectionCurves:
    """What one panel shows; step 0 is the start.

    Attributes:
        title: Heading of the panel.
        trajectories: P(row is right) of each chain, shape (n_steps + 1, n_chains).
        exact: Its exact expectation, shape (n_steps + 1,).
        notebook: Mean of the notebook's own measure, shape (n_steps + 1,), or None to leave it out.
    """

    title: str
    trajectories: NDArray[np.floating[Any]]
    exact: NDArray[np.floating[Any]]
    notebook: NDArray[np.floating[Any]] | None = None

    @property
    def n_steps(self) -> int:
        """Gibbs steps shown."""
        return len(self.exact) - 1


def correction_figure(
    kept: CorrectionCurves, flipped: CorrectionCurves, *, k: int, log_steps: bool = False
) -> Figure:
    """Draw the kept and the flipped output side by side.

    Args:
        kept: The row as it stands in the table.
        flipped: The same row with its output spoiled.
        k: Gibbs steps of the training; a line marks it.
        log_steps: Logarithmic steps; step 0 then lies left of the scale.
    """
    panels = tuple(zip((kept, flipped), ("", "2"), PANELS, strict=True))
    layout: dict[str, Any] = {}
    for curves, number, domain in panels:
        layout["xaxis" + number] = _steps_axis(curves.n_steps, log_steps, domain, number)
        layout["yaxis" + number] = _share_axis(number)
    return figure(
        [trace for curves, number, _ in panels for trace in _traces(curves, number, log_steps)],
        showlegend=True,
        legend=legend(y=-0.17, yanchor="top", font={"size": 12}, **UNCLICKED),
        margin={"l": 46, "r": 8, "t": 26, "b": 58},
        hovermode="x unified",
        hoverlabel={"font": {"size": 12}},
        shapes=[_k_line(k, number) for _, number, _ in panels],
        annotations=[
            *(_heading(curves.title, domain) for curves, _, domain in panels),
            *(_k_label(k, number, log_steps) for _, number, _ in panels),
        ],
        **layout,
    )


def correction_alt(kept: CorrectionCurves, flipped: CorrectionCurves, *, k: int) -> str:
    """Say what the chart shows, with its numbers, for who cannot see it.

    Args:
        kept: The left panel.
        flipped: The right panel.
        k: Where the line stands.
    """
    return " ".join(
        f"{curves.title}: probability that the row is right, exact, "
        + ", ".join(
            f"{curves.exact[step]:.2f} at step {step}"
            for step in sorted({0, 1, min(k, curves.n_steps), curves.n_steps})
        )
        + f"; mean of {curves.trajectories.shape[1]} sampled chains at step {curves.n_steps}: "
        f"{curves.trajectories[-1].mean():.2f}."
        for curves in (kept, flipped)
    )


def _traces(curves: CorrectionCurves, number: str, log_steps: bool) -> list[dict[str, Any]]:
    first = 1 if log_steps else 0
    steps = np.arange(first, curves.n_steps + 1)
    chains = curves.trajectories[first:]
    crowded = curves.n_steps > CROWDED_STEPS
    # The left panel explains the lines of both.
    place = {"xaxis": "x" + number, "yaxis": "y" + number, "showlegend": not number}

    def curve(values: NDArray[np.floating[Any]], name: str, **style: Any) -> dict[str, Any]:  # noqa: ANN401
        shown = {"type": "scatter", "mode": "lines", "hovertemplate": "%{y:.3f}", "name": name}
        return {**place, **shown, "x": f4(steps), "y": f4(values), **style}

    marker = {"color": "@ink", "size": 4 if crowded else 6}
    traces = [
        bundle(
            steps,
            chains,
            line={"color": "@muted", "width": 0.7},
            opacity=0.18 if crowded else 0.35,
            name=f"{chains.shape[1]} chains, sampled",
            **place,
        ),
        curve(curves.exact[first:], "exact", line={"color": "@correct", "width": 3}),
        curve(chains.mean(1), "their mean", mode="markers", marker=marker),
    ]
    if curves.notebook is not None:
        wrong = {"color": "@wrong", "width": 2, "dash": "dash"}
        traces.append(curve(curves.notebook[first:], "notebook’s measure ✗", line=wrong))
    return traces


def _share_axis(number: str) -> dict[str, Any]:
    return axis(
        "" if number else "P(row is right)",
        range=[-0.03, 1.03],
        tickformat=".1f",
        dtick=0.2,
        anchor="x" + number,
        showticklabels=not number,
    )


def _steps_axis(
    n_steps: int, log_steps: bool, domain: tuple[float, float], number: str
) -> dict[str, Any]:
    if log_steps:
        ticks = [step for step in (1, 2, 3, 5, 10, 20, 30, 50, 100) if step <= n_steps]
        scale: dict[str, Any] = {
            "type": "log",
            "range": [-0.05, float(np.log10(n_steps * 1.05))],
            "tickvals": ticks,
            "ticktext": [str(step) for step in ticks],
        }
    else:
        scale = {"range": [-0.02 * n_steps, 1.02 * n_steps], "nticks": 7}
    title = "Gibbs step (log)" if log_steps else "Gibbs step"
    return axis(title, domain=list(domain), anchor="y" + number, hoverformat="d", **scale)


def _k_line(k: int, number: str) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x" + number,
        "yref": f"y{number} domain",
        "x0": k,
        "x1": k,
        "y0": 0,
        "y1": 1,
        "line": {"color": "@ink", "width": 1.5, "dash": "dash"},
    }


def _k_label(k: int, number: str, log_steps: bool) -> dict[str, Any]:
    return {
        "xref": "x" + number,
        "yref": f"y{number} domain",
        "x": float(np.log10(k)) if log_steps else k,
        "y": 0.03,
        "xanchor": "left",
        "yanchor": "bottom",
        "text": f"k = {k}",
        "showarrow": False,
        "font": {"size": 12},
    }


def _heading(text: str, domain: tuple[float, float]) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": domain[0],
        "y": 1.0,
        "xanchor": "left",
        "yanchor": "bottom",
        "text": f"<b>{text}</b>",
        "showarrow": False,
        "font": {"size": 14},
    }
