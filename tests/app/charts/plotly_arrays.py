"""Reading back what figures pack for the browser."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["numbers", "positions"]

KINDS = {"f4": "<f4", "u1": "u1", "u2": "<u2"}


def numbers(spec: dict[str, str]) -> NDArray[Any]:
    """Return the numbers of a typed array."""
    return np.frombuffer(base64.b64decode(spec["bdata"]), KINDS[spec["dtype"]])


def positions(trace: dict[str, Any]) -> NDArray[Any]:
    """Return where the points of a curve stand; evenly spaced ones come as first and step."""
    if "x" in trace:
        return numbers(trace["x"])
    place: NDArray[Any] = trace["x0"] + trace["dx"] * np.arange(len(numbers(trace["y"])))
    return place
