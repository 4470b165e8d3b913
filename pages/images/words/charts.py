"""Notes and text alternatives of the charts, and the units that tell nothing."""

from __future__ import annotations

import math

from pages.images.words.labels import LABELS
from rbm_core import number_text

__all__ = [
    "NO_ACTIVITY",
    "activity_note",
    "curve_alt",
    "error_note",
    "free_energy_note",
    "path_note",
    "pseudo_note",
    "units_named",
    "weights_note",
]

NO_ACTIVITY = "Which units are dead or always on shows once the data set is here."


def free_energy_note(train: float, test: float) -> str:
    """Say the gap between training and held-out data."""
    if math.isnan(test):
        return f"{number_text(train, 1)} nats"
    return f"gap {number_text(test - train, 1)} nats"


def error_note(error: float, line: float) -> str:
    """Say the error against the mean image's."""
    return f"{number_text(error, 4)} of {number_text(line, 4)}"


def pseudo_note(value: float) -> str:
    """Say the pseudo-likelihood."""
    return f"{number_text(value, 1)} nats"


def path_note(energy: float, data: float | None) -> str:
    """Say where the dreams are, and where the data."""
    said = f"dreams {number_text(energy, 0)}"
    return said if data is None else f"{said}, data {number_text(data, 0)} nats"


def weights_note(largest: float, spread: float) -> str:
    """Say how large the weights are."""
    return f"largest {number_text(largest, 2)}, spread {number_text(spread, 2)}"


def activity_note(dead: int, always: int) -> str:
    """Say how many units tell nothing."""
    return f"{dead} dead, {always} always on"


def curve_alt(name: str, note: str) -> str:
    """Describe a chart."""
    return f"{LABELS[name]}: {note}."


def units_named(dead: list[int], always: list[int], n_hidden: int) -> str:
    """Name the units that tell nothing, by number.

    Args:
        dead: Numbers of the dead units, from 1.
        always: Numbers of the always-on units, from 1.
        n_hidden: Hidden units.
    """
    return f"{_some(dead, 'dead')}; {_some(always, 'always on')}; {n_hidden} units in all."


def _some(units: list[int], what: str) -> str:
    if not units:
        return f"none {what}"
    shown = ", ".join(map(str, units[:12])) + (" …" if len(units) > 12 else "")
    return f"{len(units)} {what} ({shown})"
