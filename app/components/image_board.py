"""A board of pictures: receptive fields, grids of images, a chain's strip, a dream that plays."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.assets import asset_url
from app.charts.filters import MAX_LEVEL, Mosaic
from app.charts.theme import PALETTES
from app.components.packing import STUB, Bytes, pack

__all__ = ["CSS", "Film", "Filters", "Pictures", "Strip", "board_bytes", "image_board", "scripts"]

CSS = """
.pix { display: grid; gap: 8px 18px; }
.pix .panel { min-width: 0; }
.pix h3 { font-size: .875rem; font-weight: 600; margin: 0; padding: 0; letter-spacing: 0;
  display: flex; align-items: center; gap: .45em; white-space: nowrap; min-height: 1.4em; }
.pix small { display: block; opacity: .75; font-size: .8125rem; line-height: 1.3; min-height: 1.3em;
  margin-bottom: 3px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  font-variant-numeric: tabular-nums; }
.pix .area { position: relative; }
.pix canvas { display: block; }
.pix canvas:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.pix .mark { position: absolute; pointer-events: none; box-sizing: border-box;
  border: 2px solid var(--st-primary-color); }
.pix .mark[hidden] { display: none; }
.pix .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.pix button { font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color, #8888); border-radius: 8px; padding: 1px 10px; }
.pix button.toggle { font-size: .7rem; font-weight: 400; padding: 0 7px; line-height: 1.5; }
.pix button:disabled { opacity: .5; cursor: default; }
.pix button:focus-visible, .pix input:focus-visible { outline: 2px solid var(--st-primary-color);
  outline-offset: 1px; }
.pix .strip { display: flex; gap: 8px; }
.pix figure { flex: 1; min-width: 0; margin: 0; padding: 2px 4px 4px; box-sizing: border-box;
  border: 2px solid transparent; border-radius: 6px; }
.pix figure.framed { border-color: var(--st-primary-color); }
.pix figure.waits canvas { opacity: .25; }
.pix figure.framed figcaption { font-weight: 700; }
.pix figcaption { font-size: .8125rem; text-align: left; font-variant-numeric: tabular-nums; }
"""

_HTML = '<div class="pix"></div>'

_component = st.components.v2.component(
    "rbm_image_board", html=_HTML, css=CSS, js=STUB, isolate_styles=False
)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Panel:
    """What every panel has.

    Attributes:
        name: Its id in the board.
        title: Heading.
        alt: What it shows, for who cannot see it.
        shape: Height and width of one picture.
        note: A few words beside the heading.
        height: Pixels on screen, at most.
        span: Columns it covers.
        tiles: Pictures in a line.
    """

    name: str
    title: str
    alt: str
    shape: tuple[int, int]
    note: str = ""
    height: int = 240
    span: int = 1
    tiles: int = 4

    def plain(self) -> dict[str, Any]:
        """Return what the browser is told besides the pixels."""
        names = ("name", "title", "alt", "shape", "note", "height", "span", "tiles")
        return {name: getattr(self, name) for name in names} | {"array": self.name}


@dataclass(frozen=True, eq=False, kw_only=True)
class Filters(_Panel):
    """Receptive fields in one mosaic; a click or Enter enlarges one.

    Attributes:
        fields: The fields.
        uses: Mean activity of each field's unit, shape (n_shown,), or None.
    """

    fields: Mosaic
    uses: NDArray[np.float64] | None = None

    def plain(self) -> dict[str, Any]:
        """Return what the browser is told besides the pixels."""
        fields = self.fields
        return super().plain() | {
            "kind": "mosaic",
            "full": MAX_LEVEL,
            "units": (fields.units + 1).tolist(),
            "scales": np.round(fields.scales, 4).tolist(),
            "norms": np.round(fields.norms, 3).tolist(),
            "uses": None if self.uses is None else np.round(self.uses, 3).tolist(),
        }

    def pixels(self) -> Bytes:
        """Return the weights as signed bytes."""
        return self.fields.levels


@dataclass(frozen=True, eq=False, kw_only=True)
class Pictures(_Panel):
    """A grid of grey pictures.

    Attributes:
        grid: Grey levels, shape (n_pictures, n_pixels), uint8.
    """

    grid: NDArray[np.uint8]

    def plain(self) -> dict[str, Any]:
        """Return what the browser is told besides the pixels."""
        return super().plain() | {"kind": "pictures", "count": len(self.grid)}

    def pixels(self) -> Bytes:
        """Return the grey levels."""
        return self.grid


@dataclass(frozen=True, eq=False, kw_only=True)
class Film(_Panel):
    """A grid that moves: played over and over once it is complete, unless the viewer objects.

    Attributes:
        grids: Grey levels, shape (n_frames, n_pictures, n_pixels), uint8.
        labels: What moment each frame is.
        loops: Whether it plays; otherwise its last frame stands.
    """

    grids: NDArray[np.uint8]
    labels: Sequence[str]
    loops: bool

    def plain(self) -> dict[str, Any]:
        """Return what the browser is told besides the pixels."""
        return super().plain() | {
            "kind": "film",
            "count": self.grids.shape[1],
            "labels": list(self.labels),
            "loops": self.loops,
            # Tells the browser whether to begin anew or to go on playing.
            "stamp": zlib.crc32(self.pixels().tobytes()),
        }

    def pixels(self) -> Bytes:
        """Return the frames."""
        return self.grids


@dataclass(frozen=True, eq=False, kw_only=True)
class Strip(_Panel):
    """Chains at chosen steps, a column each.

    Attributes:
        columns: Grey levels of the columns that are reached, (n_ready, n_chains, n_pixels), uint8.
        steps: Caption of every column.
        framed: Number of the column to frame.
    """

    columns: NDArray[np.uint8]
    steps: Sequence[str]
    framed: int

    def plain(self) -> dict[str, Any]:
        """Return what the browser is told besides the pixels."""
        return super().plain() | {
            "kind": "strip",
            "count": self.columns.shape[1],
            "ready": len(self.columns),
            "steps": list(self.steps),
            "framed": self.framed,
        }

    def pixels(self) -> Bytes:
        """Return the columns that are reached."""
        return self.columns


AnyPanel = Filters | Pictures | Film | Strip


def image_board(panels: Sequence[AnyPanel], key: str, *, columns: str) -> None:
    """Draw a board; a call with the same key updates it in place.

    Args:
        panels: What to draw, in reading order.
        key: Name of the board in the page; constant over updates.
        columns: Widths of the columns, as CSS says it: "1fr 2fr".
    """
    _component(key=key, data=board_bytes(panels, columns))


def board_bytes(panels: Sequence[AnyPanel], columns: str) -> bytes:
    """Return all that the browser needs for a board.

    Args:
        panels: What to draw.
        columns: Widths of the columns.
    """
    header = scripts("image_board.js") | {
        "columns": columns,
        "panels": [panel.plain() for panel in panels],
    }
    return pack(header, {panel.name: panel.pixels() for panel in panels})


def scripts(own: str) -> dict[str, Any]:
    """Return where a picture component finds its script, the shared one, and its colours.

    Args:
        own: Its file in app/components.
    """
    return {
        "script": asset_url(own),
        "shared": asset_url("pixels.js"),
        "palettes": palettes(),
    }


def palettes() -> Mapping[str, Mapping[str, str]]:
    """Return the colours that pictures are drawn with, by theme."""
    names = ("@negative", "@zero", "@positive", "@grid", "@wrong", "@correct")
    return {mode: {name: colours[name] for name in names} for mode, colours in PALETTES.items()}
