"""Patterns small enough to enumerate: Bars-and-Stripes and the labelled shifter."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import DataError
from rbm_core.machine.states import enumerate_states

__all__ = [
    "BARS_PREFIX",
    "SHIFTER_NAMES",
    "bars_and_stripes",
    "is_pattern_name",
    "labelled_shifter",
    "parse_bars_and_stripes",
]

BARS_PREFIX = "bars-and-stripes-"
MIN_SIDE, MAX_SIDE = 2, 8

# Name → pixels of one half; the rest are their shifted copy and three label units.
SHIFTER_NAMES = {"shifter-11": 4, "shifter-19": 8}
SHIFTS = {"left": -1, "none": 0, "right": 1}


def is_pattern_name(name: str) -> bool:
    """Tell whether a name belongs to one of the patterns here."""
    return name in SHIFTER_NAMES or name.startswith(BARS_PREFIX)


def bars_and_stripes(n_rows: int, n_columns: int) -> Dataset:
    """Make Bars-and-Stripes: pictures of full rows, or of full columns.

    A fair coin picks the direction, then one fair coin a line switches it on. The empty and the
    full picture come from both directions and are listed twice, so that rows drawn evenly follow
    this law: 3×3 has 14 distinct patterns among 16 rows, and its bound is -2.5993, not -ln 14.
    Where the sides differ the shorter list is repeated, so that both directions weigh the same.

    Args:
        n_rows: Height in pixels, 2 to 8.
        n_columns: Width in pixels, 2 to 8.

    Returns:
        All patterns, with their weight as multiplicity; rows shape (n_patterns, n_rows*n_columns).

    Raises:
        DataError: If a side is out of range.

    Source: MacKay (2003), Information Theory, Inference, and Learning Algorithms, section 43.
    """
    for side in (n_rows, n_columns):
        if not MIN_SIDE <= side <= MAX_SIDE:
            raise DataError(
                f"{BARS_PREFIX}{n_rows}x{n_columns} has a side of {side}; "
                f"sides run from {MIN_SIDE} to {MAX_SIDE}"
            )
    longer = max(n_rows, n_columns)

    def lines(n_lines: int) -> Tensor:
        states = enumerate_states(n_lines, dtype=torch.float32)
        return states.repeat(2 ** (longer - n_lines), 1)  # (2**longer, n_lines)

    stripes = lines(n_rows).unsqueeze(2).expand(-1, -1, n_columns)
    bars = lines(n_columns).unsqueeze(1).expand(-1, n_rows, -1)
    return Dataset(
        name=f"{BARS_PREFIX}{n_rows}x{n_columns}",
        train=torch.cat([stripes, bars]).flatten(1),
        image_shape=(n_rows, n_columns),
        enumerable=True,
    )


def parse_bars_and_stripes(name: str) -> Dataset:
    """Read a name such as "bars-and-stripes-3x3": rows, then columns.

    Raises:
        DataError: If the size is malformed or out of range.
    """
    sides = re.fullmatch(r"([0-9]{1,3})x([0-9]{1,3})", name.removeprefix(BARS_PREFIX))
    if sides is None:
        raise DataError(
            f"data set {name!r} has no size; write {BARS_PREFIX}3x3 for three rows of three"
        )
    return bars_and_stripes(int(sides[1]), int(sides[2]))


def labelled_shifter(name: str) -> Dataset:
    """Make the labelled shifter: pixels, the same shifted round a ring, and which shift it was.

    The label (left, none or right, one unit each) depends on pixels in triples, never on a pair,
    so only a machine with hidden units can learn it.

    Args:
        name: "shifter-11" (4 pixels, 48 patterns) or "shifter-19" (8 pixels, 768 patterns).

    Returns:
        All patterns, equally likely: pixels, shifted pixels, label units.

    Raises:
        DataError: If the name is neither.

    Source: Hinton & Sejnowski (1986), Learning and Relearning in Boltzmann Machines.
    """
    if name not in SHIFTER_NAMES:
        raise DataError(f"data set {name!r} is unknown; shifters are {', '.join(SHIFTER_NAMES)}")
    pixels = enumerate_states(SHIFTER_NAMES[name], dtype=torch.float32)
    rows = [
        torch.cat([pixels, pixels.roll(shift, 1), label.expand(len(pixels), -1)], 1)
        for shift, label in zip(SHIFTS.values(), torch.eye(len(SHIFTS)), strict=True)
    ]
    return Dataset(
        name=name,
        train=torch.cat(rows),
        train_labels=torch.arange(len(SHIFTS)).repeat_interleave(len(pixels)),
        class_names=tuple(SHIFTS),
        enumerable=True,
    )
