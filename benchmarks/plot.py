"""Panels of cost against size, as an SVG that reads on light and dark pages."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from rbm_core.recipes.checkpoint import write_whole

__all__ = ["Panel", "draw", "has_matplotlib"]

# Blue, orange and grey are told apart without colour vision; dashes repeat what colour says.
STYLES = {
    "rbm_core": {"color": "#0072B2", "linestyle": "-", "marker": "o"},
    "notebook": {"color": "#D55E00", "linestyle": "--", "marker": "s"},
    "products alone": {"color": "#767676", "linestyle": ":", "marker": "^"},
}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One plot.

    Attributes:
        title: What stays the same.
        axis: What grows.
        sizes: Its values.
        lines: Program → seconds at each size.
    """

    title: str
    axis: str
    sizes: Sequence[int]
    lines: Mapping[str, Sequence[float]]


def has_matplotlib() -> bool:
    """Whether plots can be drawn here."""
    return find_spec("matplotlib") is not None


def draw(panels: Sequence[Panel], path: Path) -> None:
    """Draw the panels in two rows and write them as one SVG, the same bytes for the same numbers.

    Args:
        panels: What to draw.
        path: Where to.
    """
    matplotlib = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "rbm-lab", "font.size": 9})
    pyplot = import_module("matplotlib.pyplot")
    columns = (len(panels) + 1) // 2
    figure, axes = pyplot.subplots(2, columns, figsize=(4 * columns, 6.4), layout="constrained")
    for panel, ax in zip(panels, axes.flat, strict=False):
        for name, seconds in panel.lines.items():
            ax.plot(panel.sizes, [1e3 * s for s in seconds], label=name, **STYLES[name])
        ax.set(xscale="log", yscale="log", title=panel.title, xlabel=panel.axis)
        ax.set_xticks(panel.sizes, [str(size) for size in panel.sizes])
        ax.minorticks_off()
        ax.set_ylabel("CPU ms per update")
        ax.grid(visible=True, alpha=0.3)
    for ax in axes.flat[len(panels) :]:
        ax.axis("off")
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="lower right")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", facecolor="white", metadata={"Date": None})
    pyplot.close(figure)
    write_whole(path, buffer.getvalue())
