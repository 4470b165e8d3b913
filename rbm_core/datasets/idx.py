"""A strict reader of IDX files, the format of MNIST: what is broken is refused, and named."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from rbm_core.errors import DataError

__all__ = ["MAX_BYTES", "read_idx"]

# Two zero bytes, the type (8: unsigned byte), the number of axes; then each axis, big-endian.
UNSIGNED_BYTE = 8

# MNIST's training images take 47 MB. A file that claims more than this is not one of its kind,
# whatever a few compressed kilobytes unfold to.
MAX_BYTES = 2**28


def read_idx(path: Path, n_axes: int) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes, plain or gzipped (by its .gz ending).

    The length is checked against the header before the rest is read, so a small file cannot unfold
    into a large one.

    Args:
        path: The file.
        n_axes: How many axes it must have: 3 for images, 1 for labels.

    Returns:
        The array, shape as its header says.

    Raises:
        DataError: If the file is missing, truncated, too long, too large or of another format.
    """
    try:
        with _open(path) as file:
            shape = _read_header(file, path, n_axes)
            size = math.prod(shape)
            content = file.read(size + 1)
    except (EOFError, zlib.error) as error:
        raise DataError(
            f"{path} is a truncated or damaged gzip file ({error}); fetch it again"
        ) from error
    except gzip.BadGzipFile as error:
        raise DataError(f"{path} is not a gzip file ({error}); fetch it again") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) != size:
        claim = "×".join(str(axis) for axis in shape)
        problem = "is truncated" if len(content) < size else "goes on after its last value"
        raise DataError(f"{path} {problem}: its header says {claim} bytes; fetch it again")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _open(path: Path) -> AbstractContextManager[BinaryIO]:
    if path.suffix == ".gz":
        return cast("AbstractContextManager[BinaryIO]", gzip.GzipFile(path, "rb"))
    return path.open("rb")


def _read_header(file: BinaryIO, path: Path, n_axes: int) -> tuple[int, ...]:
    expected = bytes((0, 0, UNSIGNED_BYTE, n_axes))
    magic = file.read(4)
    if magic != expected:
        raise DataError(
            f"{path} begins with the bytes {magic.hex(' ') or 'of an empty file'}; an IDX file of "
            f"unsigned bytes with {n_axes} axes begins with {expected.hex(' ')}"
        )
    axes = file.read(4 * n_axes)
    if len(axes) != 4 * n_axes:
        raise DataError(f"{path} ends inside its header; fetch it again")
    shape = struct.unpack(f">{n_axes}I", axes)
    if not 0 < math.prod(shape) <= MAX_BYTES:
        raise DataError(
            f"{path} claims {'×'.join(str(axis) for axis in shape)} bytes; "
            f"it must hold from 1 to {MAX_BYTES}"
        )
    return shape
