"""A picture to paint on: pixels are marked by click and drag, or with arrow keys and space."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from app.components.mounting import component
from app.components.packing import pack

__all__ = ["marks_from_hex", "pixel_painter"]

_component = component("pixel_painter")


def pixel_painter(
    picture: NDArray[np.uint8],
    marks: NDArray[np.bool_],
    shape: tuple[int, int],
    *,
    flips: bool,
    words: tuple[str, str],
    alt: str,
    height: int,
    key: str,
) -> NDArray[np.bool_]:
    """Draw the picture and return the marks as the viewer left them.

    Args:
        picture: Grey levels, shape (n_pixels,), uint8.
        marks: What is marked at first, shape (n_pixels,).
        shape: Height and width.
        flips: Whether a mark turns a pixel over; otherwise it is tinted.
        words: What an unmarked and a marked pixel are called.
        alt: What is seen, with {n} marks of {all} pixels.
        height: Pixels on screen, at most.
        key: Name of the painter; another picture or other first marks need another key.
    """
    first = marks.astype(np.uint8)
    header = {
        "shape": shape,
        "flips": flips,
        "words": words,
        "alt": alt,
        "height": height,
        # One pixel of 28×28 is hard to hit: the brush covers its neighbours too.
        "brush": 1 if max(shape) > 16 else 0,
        "stamp": f"{key} {zlib.crc32(picture.tobytes() + first.tobytes())}",
    }
    content = pack(header, {"picture": picture, "marks": first})
    result = _component(key=key, data=content, on_marks_change=lambda: None)
    text = getattr(result, "marks", None)
    return marks if text is None else marks_from_hex(str(text), len(marks))


def marks_from_hex(text: str, n_pixels: int) -> NDArray[np.bool_]:
    """Read marks as the browser writes them: four pixels in a hexadecimal digit.

    Args:
        text: The digits.
        n_pixels: How many pixels there are; what is missing or foreign counts as unmarked.
    """
    wanted = -(-n_pixels // 4)
    digits = "".join(c if c in "0123456789abcdef" else "0" for c in text[:wanted])
    nibbles = np.array([int(c, 16) for c in digits.ljust(wanted, "0")], dtype=np.uint8)
    bits = np.unpackbits(nibbles[:, None], axis=1)[:, 4:].ravel()
    return bits[:n_pixels].astype(np.bool_)
