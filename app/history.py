"""Curves that grow with a run and never beyond a bound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_POINTS", "History"]

MAX_POINTS = 2000


class History:
    """Rows of named numbers by update; when full, every second row goes."""

    def __init__(self) -> None:
        """Begin empty."""
        self._rows: list[tuple[int, dict[str, float]]] = []

    @classmethod
    def until(cls, columns: Mapping[str, NDArray[np.float64]], update: int) -> History:
        """Take over curves up to an update, that one included.

        Args:
            columns: What `columns` returned.
            update: The last update kept.
        """
        kept = cls()
        names = [name for name in columns if name != "update"]
        for row, at in enumerate(columns["update"]):
            if at <= update:
                kept.add(int(at), {name: float(columns[name][row]) for name in names})
        return kept

    def add(self, update: int, values: Mapping[str, float]) -> None:
        """Append one row; a row at the same update replaces the last one."""
        if self._rows and self._rows[-1][0] == update:
            self._rows.pop()
        elif len(self._rows) >= MAX_POINTS:
            self._rows = self._rows[::2]
        self._rows.append((update, dict(values)))

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Return the curves, "update" among them, each shape (n_points,)."""
        names = list(self._rows[-1][1]) if self._rows else []
        columns = {
            name: np.array([row.get(name, np.nan) for _, row in self._rows]) for name in names
        }
        return {"update": np.array([float(update) for update, _ in self._rows]), **columns}
