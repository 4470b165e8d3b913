"""One small PNG as grey levels: its size is known before a pixel is unpacked."""

from __future__ import annotations

import io
import re

import numpy as np
from numpy.typing import NDArray

from rbm_core.errors import DataError

__all__ = ["read_png"]

# The signature, and the header chunk that begins with width and height.
HEAD = re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR(.{4})(.{4})", re.DOTALL)

# Bits, greys, palettes and colours of 8 bits; 16-bit greys have no one right way down to 8.
MODES = ("1", "L", "LA", "P", "RGB", "RGBA")


def read_png(where: str, content: bytes, max_side: int) -> NDArray[np.uint8]:
    """Read a PNG as grey levels; what is transparent counts as black.

    Args:
        where: What to call it in an error.
        content: The file.
        max_side: Largest height and width, in pixels.

    Returns:
        Grey levels, shape (height, width).

    Raises:
        DataError: If it is no PNG, is broken or is too large.
    """
    from PIL import Image  # only uploads need it

    head = HEAD.match(content)
    if head is None:
        raise DataError(f"{where} is not a PNG: it begins with the bytes {content[:8].hex(' ')}")
    width, height = (int.from_bytes(side) for side in head.groups())
    _require_size(where, (width, height), max_side)
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
            _require_size(where, image.size, max_side)
            if image.mode not in MODES:
                raise DataError(f"{where} has colour mode {image.mode}; save it as 8-bit grey")
            on_black = Image.new("RGBA", image.size, (0, 0, 0, 255))
            on_black.alpha_composite(image.convert("RGBA"))
            return np.asarray(on_black.convert("L"))
    except Image.DecompressionBombError as error:
        raise DataError(
            f"{where} is far too large ({error}); sides run to {max_side} pixels"
        ) from error
    # Pillow's PNG reader raises SyntaxError for a broken chunk.
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{where} is not a readable PNG ({error}); save it again") from error


def _require_size(where: str, size: tuple[int, int], max_side: int) -> None:
    width, height = size
    if not (1 <= width <= max_side and 1 <= height <= max_side):
        raise DataError(f"{where} is {height}×{width}; sides run from 1 to {max_side} pixels")
