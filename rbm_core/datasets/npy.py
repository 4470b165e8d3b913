"""One array of a .npz file: its header is read first, so that it can neither lie nor run code."""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray

from rbm_core.errors import DataError

__all__ = ["read_npy"]

_HEADER_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npy(where: str, content: bytes) -> NDArray[np.generic]:
    """Read a .npy file.

    Args:
        where: What to call it in an error.
        content: The file.

    Returns:
        The array; its memory is `content`'s.

    Raises:
        DataError: If it is no .npy file, is shorter or longer than its header says, or holds
            Python objects, which only a pickle could restore.
    """
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        if version not in _HEADER_READERS:
            raise DataError(f"{where} is of .npy version {version}; 1.0 and 2.0 are read")
        shape, fortran_order, dtype = _HEADER_READERS[version](file)
    except ValueError as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{where} is not an array of numbers ({error}); write it again") from error
    if dtype.hasobject:
        raise DataError(
            f"{where} holds Python objects, which would have to be unpickled; "
            "save an array of numbers, for example images.astype('uint8')"
        )
    size, rest = math.prod(shape) * dtype.itemsize, len(content) - file.tell()
    if size != rest:
        raise DataError(
            f"{where} claims {'×'.join(map(str, shape)) or 'one'} values of {dtype}, {size} bytes, "
            f"and holds {rest}; write it again"
        )
    if size == 0:
        raise DataError(f"{where} is empty, shape {shape}; send at least one value")
    flat = np.frombuffer(content, dtype=dtype, offset=file.tell())
    return flat.reshape(shape, order="F" if fortran_order else "C")
