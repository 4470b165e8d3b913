"""Curves that grow with a run and never beyond a bound."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rbm_core import TrainRecord

__all__ = ["MAX_POINTS", "History", "Window"]

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


class Window:
    """Means of the training curves since the last point, weighted by updates."""

    def __init__(self) -> None:
        """Begin empty."""
        self.n_updates = 0
        self._sums: dict[str, float] = {}
        self._weights: dict[str, int] = {}

    def add(self, record: TrainRecord, n_updates: int) -> None:
        """Take the means over some updates in.

        Args:
            record: The means.
            n_updates: Over how many updates they are.
        """
        values = {
            "free_energy_data": float(record.free_energy_data),
            "free_energy_model": float(record.free_energy_model),
            "k": float(record.k),
            "learning_rate": record.learning_rate,
        }
        if record.success_rate is not None:
            values["success_rate"] = float(record.success_rate)
        self.n_updates += n_updates
        for name, value in values.items():
            known = not math.isnan(value)  # large machines skip some updates
            self._sums[name] = self._sums.get(name, 0.0) + (n_updates * value if known else 0.0)
            self._weights[name] = self._weights.get(name, 0) + (n_updates if known else 0)

    def means(self) -> dict[str, float]:
        """Return the means by name."""
        return {
            name: total / self._weights[name] if self._weights[name] else math.nan
            for name, total in self._sums.items()
        }
