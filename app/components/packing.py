"""Pictures for the browser as raw bytes: a JSON header, then arrays of single bytes behind it."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bytes", "pack", "pack_bits"]

Bytes = NDArray[np.uint8] | NDArray[np.int8]


def pack(header: Mapping[str, Any], arrays: Mapping[str, Bytes], *, level: int = 1) -> bytes:
    """Lay a header and arrays out behind each other.

    Args:
        header: Anything that JSON can say; the arrays are listed in it under "arrays".
        arrays: Arrays of uint8 or int8, by name.
        level: How hard to compress the arrays; pictures are mostly black, so 1 halves them at once.

    Returns:
        Length of the header (4 bytes, little-endian), header, arrays.
    """
    offset, listing, parts = 0, {}, []
    for name, array in arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        kind = "i1" if array.dtype == np.int8 else "u1"
        listing[name] = {"offset": offset, "shape": list(array.shape), "kind": kind}
        parts.append(content)
        offset += len(content)
    body = b"".join(parts)
    if level:
        body = zlib.compress(body, level)
    text = json.dumps(
        {**header, "arrays": listing, "squeezed": level > 0}, separators=(",", ":"), allow_nan=False
    ).encode()
    return struct.pack("<I", len(text)) + text + body


def pack_bits(states: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Put eight pixels of 0 or 1 into a byte, each picture padded to whole bytes.

    Args:
        states: Values, on from one half upward, shape (..., n_pixels).

    Returns:
        Bytes, first pixel in the highest bit, shape (..., ceil(n_pixels / 8)).
    """
    return np.packbits(np.asarray(states) >= 0.5, axis=-1)
