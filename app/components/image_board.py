"""A board of pictures: receptive fields, grids of images, a chain's strip, a dream that plays."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.charts.filters import MAX_LEVEL, Mosaic
from app.components.mounting import component
from app.components.packing import Bytes, pack

__all__ = ["Film", "Filters", "Pictures", "Strip", "board_bytes", "image_board"]

_component = component("image_board")


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
        tiles: Pictures in a line.
    """

    name: str
    title: str
    alt: str
    shape: tuple[int, int]
    note: str = ""
    height: int = 240
    tiles: int = 4

    def plain(self) -> dict[str, Any]:
        """Return what the browser is told besides the pixels."""
        names = ("name", "title", "alt", "shape", "note", "height", "tiles")
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
    header = {"columns": columns, "panels": [panel.plain() for panel in panels]}
    return pack(header, {panel.name: panel.pixels() for panel in panels})
