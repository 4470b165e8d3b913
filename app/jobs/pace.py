"""How fast a run may go, so that eyes can follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["Paces", "Speed", "updates_per_second"]

Speed = Literal["slow", "normal", "fast"]
# Seconds that a whole run takes to watch, by speed; None runs free.
Paces = Mapping[Speed, float | None]


def updates_per_second(paces: Paces, speed: Speed, n_updates: int) -> float | None:
    """Return the pace of a run, None for one that runs free.

    Args:
        paces: The paces of its page.
        speed: The speed chosen.
        n_updates: Length of the run.
    """
    seconds = paces[speed]
    return None if seconds is None else n_updates / seconds
