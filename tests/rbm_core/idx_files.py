"""Small IDX files for tests: the MNIST family's layout without its weight."""

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    """Write an array as an IDX file of unsigned bytes."""
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return head + values.tobytes()


def small_images(n_train: int = 13, n_test: int = 7) -> dict[str, NDArray[np.uint8]]:
    """The four arrays of a set, random but always the same."""
    stream = np.random.default_rng(17)
    shapes = ((n_train, 28, 28), (n_train,), (n_test, 28, 28), (n_test,))
    return {
        name: stream.integers(0, 256 if len(shape) == 3 else 10, shape, dtype=np.uint8)
        for name, shape in zip(FILES, shapes, strict=True)
    }


def write_set(folder: Path, *, gzipped: bool = False) -> dict[str, NDArray[np.uint8]]:
    """Write a whole set into a folder and return its arrays."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = small_images()
    for name, values in arrays.items():
        if gzipped:
            (folder / f"{name}.gz").write_bytes(gzip.compress(idx_bytes(values)))
        else:
            (folder / name).write_bytes(idx_bytes(values))
    return arrays
