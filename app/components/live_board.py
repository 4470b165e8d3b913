"""A board of live charts: Plotly.js draws, updates keep the zoom, a film plays in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from app.assets import asset_url
from app.charts.theme import Figure

__all__ = ["Film", "Frame", "Panel", "live_board"]

# The text of a component travels with each update: this stub loads the rest from our own server.
_STUB = """
export default function (component) {
  let stop = null, gone = false;
  import(new URL(component.data.script, document.baseURI).href)
    .then((module) => { if (!gone) stop = module.draw(component); })
    .catch((error) => { component.parentElement.querySelector(".board").textContent =
      "The charts cannot be drawn: " + error.message; });
  return () => { gone = true; if (stop) stop(); };
}
"""

_CSS = """
.board { display: grid; gap: 6px 14px; }
.board .panel { min-width: 0; display: flex; flex-direction: column; }
.board h3 { font-size: .875rem; font-weight: 600; margin: 0; padding: 0 0 2px 2px;
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; letter-spacing: 0; }
.board h3 small { font-weight: 400; opacity: .75; font-size: .8125rem; margin-left: .4em; }
.film { display: flex; align-items: center; gap: 10px; margin-top: 4px; font-size: .875rem; }
.film[hidden] { display: none; }
.film input { flex: 1; accent-color: var(--st-primary-color); min-width: 80px; }
.film output { min-width: 11em; font-variant-numeric: tabular-nums; }
.film button { font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color, #8888); border-radius: 8px; padding: 2px 12px; }
.film button:disabled { opacity: .5; cursor: default; }
.film button:focus-visible, .film input:focus-visible {
  outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
"""

_HTML = '<div class="board"></div><div class="film" hidden></div>'

_component = st.components.v2.component(
    "rbm_live_board", html=_HTML, css=_CSS, js=_STUB, isolate_styles=False
)


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
        span: Columns it covers.
    """

    name: str
    title: str
    alt: str
    figure: Figure
    note: str = ""
    height: int = 200
    span: int = 1


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
        fork_disabled: Whether it is greyed out.
    """

    frames: tuple[Frame, ...] = ()
    fork_label: str = ""
    fork_help: str = ""
    fork_disabled: bool = False
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
        "script": asset_url("live_board.js"),
        "plotly": asset_url("plotly.min.js"),
        "told": asset_url("runtime/told.js"),
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
        "fork_disabled": film.fork_disabled,
        "labels": film.labels,
    }
