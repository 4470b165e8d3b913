"""What goes to stdout: JSON, one object a line, and tables for people."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence

from rbm_core.numerals import plain_text

__all__ = ["cell_text", "json_line", "pairs_text", "row_text"]

# A column is as wide as its heading, and no narrower than a signed number of four decimals.
MIN_WIDTH = 9


def json_line(values: Mapping[str, object]) -> str:
    """Write one JSON object on one line; a number that is not finite becomes null.

    Args:
        values: Plain values: text, numbers, None, and lists and mappings of them.
    """
    return json.dumps(_finite(values), allow_nan=False)


def cell_text(value: object) -> str:
    """Write a value for a table: whole numbers as they are, others to four decimals.

    Args:
        value: A number, text, a list of numbers, or None.
    """
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        finite_large = math.isfinite(value) and abs(value) >= 1e6
        return f"{value:.6g}" if finite_large else plain_text(value)
    if isinstance(value, list):
        return " to ".join(cell_text(item) for item in value)
    return str(value)


def row_text(cells: Iterable[object], columns: Sequence[str]) -> str:
    """Write a table row, right-aligned under its headings.

    Args:
        cells: One value per column.
        columns: The headings.
    """
    return "  ".join(
        cell_text(cell).rjust(max(MIN_WIDTH, len(name)))
        for cell, name in zip(cells, columns, strict=True)
    )


def pairs_text(values: Mapping[str, object]) -> str:
    """Write names and values, one pair a line.

    Args:
        values: What to write.
    """
    width = max(len(name) for name in values)
    return "\n".join(f"{name.ljust(width)}  {cell_text(v)}" for name, v in values.items())


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
