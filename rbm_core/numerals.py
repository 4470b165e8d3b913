"""Numbers as text: for a program that reads them back, and as print sets them for people."""

from __future__ import annotations

import math

__all__ = ["count_text", "number_text", "percent_text", "plain_text", "steps_text"]

UNKNOWN = "–"


def plain_text(value: float, digits: int = 4) -> str:
    """Write a number so that `float` reads it back: "-1.2500", "nan", "-inf", and never "-0.0000".

    Args:
        value: The number.
        digits: Decimals.
    """
    return f"{round(float(value), digits) + 0.0:.{digits}f}"


def number_text(value: float, digits: int = 3) -> str:
    """Write a number for people: a true minus, ∞ where it is infinite, a dash where it is unknown.

    Args:
        value: The number.
        digits: Decimals.
    """
    if math.isnan(value):
        return UNKNOWN
    return plain_text(value, digits).replace("inf", "∞").replace("-", "−")


def percent_text(value: float, digits: int = 1) -> str:
    """Write a share in per cent.

    Args:
        value: The share, 1 for all.
        digits: Decimals.
    """
    return UNKNOWN if math.isnan(value) else f"{number_text(100 * value, digits)} %"


def count_text(value: float) -> str:
    """Write a whole number with narrow spaces between thousands.

    Args:
        value: The number.
    """
    return UNKNOWN if math.isnan(value) else f"{value:,.0f}".replace(",", "\u202f")


def steps_text(value: float) -> str:
    """Write a relaxation time in Gibbs steps, with decimals only where they say something.

    Args:
        value: The time.
    """
    return number_text(value, 2 if value < 10 else 1 if value < 100 else 0)
