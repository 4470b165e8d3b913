"""Visible states on an axis: their names, and the mark of those that the data hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["state_name", "state_ticks"]

# Names of more states stand on end.
MAX_UPRIGHT = 8


def state_name(number: int, n_visible: int) -> str:
    """Write a state as its bits, first unit first."""
    return format(number, f"0{n_visible}b")


def state_ticks(names: Sequence[str], marked: Sequence[bool] = ()) -> dict[str, Any]:
    """Return the part of an axis that names states.

    Args:
        names: Names of the states, in order.
        marked: Which of them the data hold; none by default.
    """
    upright = len(names) <= MAX_UPRIGHT
    # Upright names have room below them, turned ones beside.
    mark = "{}<br>✓" if upright else "{} ✓"
    held = marked or [False] * len(names)
    return {
        "ticktext": [
            mark.format(name) if is_held else name
            for name, is_held in zip(names, held, strict=True)
        ],
        "tickangle": 0 if upright else -90,
        "showgrid": False,
    }
