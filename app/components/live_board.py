"""A board of live charts: Plotly.js draws, updates keep the zoom, a film plays in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.charts.theme import Figure
from app.components.mounting import component

__all__ = ["Film", "Frame", "Panel", "live_board"]

_component = component("live_board")


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One chart of a board.

    Attributes:
        name: Its id in the board, for films.
        title: Heading.
        note: A few words beside the heading: the numbers of now.
        alt: What the chart shows with its current numbers, for who cannot see it.
        figure: A figure of app.charts.
        height: Pixels.
    """

    name: str
    title: str
    alt: str
    figure: Figure
    note: str = ""
    height: int = 200


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """One moment of a film.

    Attributes:
        label: What moment it is.
        patches: For each panel, by name: {"data": {trace number: changed settings}, "layout":
            changed settings, "note": text, "alt": text}, each optional.
    """

    label: str
    patches: dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Film:
    """A run to scrub and play in the browser; nothing is asked of the server.

    Attributes:
        frames: At most about 60 moments in order; the last is the board as it stands.
        fork_label: Text of a button that reports the moment chosen; "" leaves it out.
        fork_help: What that button does.
    """

    frames: tuple[Frame, ...] = ()
    fork_label: str = ""
    fork_help: str = ""
    labels: dict[str, str] = field(
        default_factory=lambda: {"play": "Play film", "pause": "Pause film", "scrub": "Moment"}
    )


def live_board(
    panels: Sequence[Panel],
    key: str,
    film: Film | None = None,
    *,
    columns: int = 3,
    projector: bool = False,
) -> int | None:
    """Draw a board of charts; a call with the same key updates it in place.

    Args:
        panels: The charts, in reading order.
        key: Name of the board in the page; constant over updates.
        film: Moments to scrub, when the run has stopped.
        columns: Charts side by side.
        projector: Thicker lines and larger type.

    Returns:
        Number of the film frame that a fork was asked for in this run of the script, else None.
    """
    data = {
        "columns": columns,
        "projector": projector,
        "panels": [vars(panel) for panel in panels],
        "film": None if film is None else _film_data(film),
    }
    result = _component(key=key, data=data, on_fork_change=lambda: None)
    fork = getattr(result, "fork", None)
    return None if fork is None else int(fork)


def _film_data(film: Film) -> dict[str, Any]:
    return {
        "frames": [vars(frame) for frame in film.frames],
        "fork": film.fork_label,
        "fork_help": film.fork_help,
        "labels": film.labels,
    }
