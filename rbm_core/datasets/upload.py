"""A small set of pictures that somebody sends: checked before it is believed, never unpickled."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.datasets.npy import read_npy
from rbm_core.datasets.png import read_png
from rbm_core.datasets.splits import TEST_EVERY, held_out
from rbm_core.errors import DataError

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_IMAGES",
    "MAX_PIXELS",
    "MAX_SIDE",
    "UPLOAD_PREFIX",
    "read_upload",
]

UPLOAD_PREFIX = "upload:"
MAX_FILE_BYTES = 20 * 10**6
MAX_IMAGES = 20_000
MAX_SIDE = 64
# 20 000 images of 28×28 fit; as float32 they take 64 MB of the server's memory.
MAX_PIXELS = 2**24
# What an archive may unfold to: MAX_PIXELS in double precision.
MAX_UNFOLDED = 8 * MAX_PIXELS
MAX_PNG_BYTES = 2**18

IMAGE_KEYS = ("images", "x", "data", "train", "x_train", "arr_0")
LABEL_KEYS = ("labels", "y", "target", "y_train")


def read_upload(name: str, content: bytes) -> Dataset:
    """Read pictures from the bytes of a file.

    Two kinds are taken. A `.npz` holds one array of images, (n, height, width) or (n, pixels) of a
    square, as bits, bytes or floats in [0, 1] (levels above 1 are divided by 255), called
    `images` unless it is alone, and perhaps whole-number `labels`. A `.zip` holds PNGs, all of one
    size; if each lies in a folder, the folders are the classes. At most 20 MB, 20 000 images and
    64 pixels a side.

    Every fifth image of a class is held out where the set has ten or more.

    Args:
        name: The file's name; its ending tells the kind.
        content: The file.

    Returns:
        The data set, named "upload:" with the file's name and the first digits of its SHA-256, so
        that another content never goes by the same name.

    Raises:
        DataError: If the file is too large, broken or of another kind; the message says which
            part, and why.
    """
    if len(content) > MAX_FILE_BYTES:
        raise DataError(
            f"{name} has {len(content) / 1e6:.1f} MB; at most {MAX_FILE_BYTES // 10**6} MB are read"
        )
    kind = PurePosixPath(name).suffix.lower()
    if kind not in (".npz", ".zip"):
        raise DataError(f"{name} is neither .npz nor .zip; send arrays (.npz) or PNGs in a .zip")
    with _archive(name, content) as archive:
        if kind == ".npz":
            levels, labels, class_names = _from_npz(name, archive)
        else:
            levels, labels, class_names = _from_pngs(name, archive)
    return _dataset(name, content, levels, labels, class_names)


@contextmanager
def _archive(name: str, content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive, translating every way it can be broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    # RuntimeError: encrypted.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise DataError(f"{name} is not a readable zip archive ({error}); pack it again") from error


def _member(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Unpack one member, never more than the limit whatever its header claims."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DataError(f"{name}: {info.filename} is packed in an unusual way; use plain zip")
    with archive.open(info) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise DataError(f"{name}: {info.filename} unfolds to more than {limit} bytes")
    return content


_Parts = tuple[NDArray[np.float32], NDArray[np.int64] | None, tuple[str, ...]]


def _from_npz(name: str, archive: zipfile.ZipFile) -> _Parts:
    infos = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    image_key = next((key for key in IMAGE_KEYS if key in infos), None)
    if image_key is None and len(infos) == 1:
        image_key = next(iter(infos))
    if image_key is None:
        raise DataError(
            f"{name} holds {', '.join(sorted(infos)[:8]) or 'nothing'}; "
            "call the array of images `images`"
        )

    def array(key: str) -> NDArray[np.generic]:
        raw = _member(name, archive, infos[key], MAX_UNFOLDED)
        return read_npy(f"{name}: {infos[key].filename}", raw)

    levels = _levels(f"{name}: {image_key}", array(image_key))
    label_key = next((key for key in LABEL_KEYS if key in infos), None)
    if label_key is None:
        return levels, None, ()
    labels = array(label_key)
    if labels.shape != (len(levels),) or labels.dtype.kind not in "iu":
        raise DataError(
            f"{name}: {label_key} is {labels.dtype} of shape {labels.shape}; "
            f"labels must be {len(levels)} whole numbers"
        )
    names, classes = np.unique(labels, return_inverse=True)
    return levels, classes.astype(np.int64), tuple(str(label) for label in names)


def _levels(where: str, images: NDArray[np.generic]) -> NDArray[np.float32]:
    """Check an array of images and bring it to (n, height, width) in [0, 1]."""
    if images.dtype.kind not in "buif":
        raise DataError(f"{where} has type {images.dtype}; images are bits, bytes or floats")
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim == 2:
        side = round(images.shape[1] ** 0.5)
        if side * side != images.shape[1]:
            raise DataError(
                f"{where} has rows of {images.shape[1]} values, not the square of a whole number; "
                "give it the shape (n, height, width)"
            )
        images = images.reshape(-1, side, side)
    if images.ndim != 3:
        raise DataError(f"{where} has shape {images.shape}; it must be (n, height, width)")
    _require_sizes(where, *images.shape)
    levels = images.astype(np.float32)
    if not np.isfinite(levels).all() or levels.min() < 0 or levels.max() > 255:
        raise DataError(f"{where} has values outside [0, 255] or not finite; scale them to [0, 1]")
    return levels / np.float32(255) if levels.max() > 1 else levels


def _require_sizes(where: str, n_images: int, height: int, width: int) -> None:
    if not 1 <= n_images <= MAX_IMAGES:
        raise DataError(f"{where} holds {n_images} images; from 1 to {MAX_IMAGES} are taken")
    if not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
        raise DataError(
            f"{where} has images of {height}×{width}; sides run from 1 to {MAX_SIDE} pixels"
        )
    if n_images * height * width > MAX_PIXELS:
        raise DataError(
            f"{where} has {n_images} images of {height}×{width}; at most {MAX_PIXELS} pixels in "
            "all are taken, so send fewer or smaller ones"
        )


def _from_pngs(name: str, archive: zipfile.ZipFile) -> _Parts:
    infos = sorted((i for i in archive.infolist() if _is_content(i)), key=lambda i: i.filename)
    foreign = next((i.filename for i in infos if not i.filename.lower().endswith(".png")), None)
    if foreign is not None:
        raise DataError(f"{name} holds {foreign}; only PNG pictures are taken")
    if not 1 <= len(infos) <= MAX_IMAGES:
        raise DataError(f"{name} holds {len(infos)} PNGs; from 1 to {MAX_IMAGES} are taken")
    first: tuple[int, int] | None = None
    pictures = []
    for info in infos:
        where = f"{name}: {info.filename}"
        picture = read_png(where, _member(name, archive, info, MAX_PNG_BYTES), MAX_SIDE)
        if first is None:
            first = (picture.shape[0], picture.shape[1])
            _require_sizes(name, len(infos), *first)
        if picture.shape != first:
            raise DataError(
                f"{where} is {picture.shape[0]}×{picture.shape[1]} and {infos[0].filename} "
                f"{first[0]}×{first[1]}; all pictures must have one size"
            )
        pictures.append(picture)
    levels = np.stack(pictures).astype(np.float32) / np.float32(255)
    folders = [PurePosixPath(info.filename).parent.name for info in infos]
    if not all(folders) or len(set(folders)) == 1:
        return levels, None, ()
    names, classes = np.unique(folders, return_inverse=True)
    return levels, classes.astype(np.int64), tuple(str(folder) for folder in names)


def _is_content(info: zipfile.ZipInfo) -> bool:
    """Leave out folders and what a Mac or a file browser adds."""
    path = PurePosixPath(info.filename)
    hidden = path.name.startswith(".") or path.name == "Thumbs.db" or "__MACOSX" in path.parts
    return not info.is_dir() and not hidden


def _dataset(
    name: str,
    content: bytes,
    levels: NDArray[np.float32],
    labels: NDArray[np.int64] | None,
    class_names: tuple[str, ...],
) -> Dataset:
    rows = torch.from_numpy(levels.reshape(len(levels), -1).copy())
    classes = torch.zeros(len(rows), dtype=torch.int64)
    if labels is not None:
        classes = torch.from_numpy(labels)
    mask = torch.zeros(len(rows), dtype=torch.bool)
    if len(rows) >= 2 * TEST_EVERY:
        mask = held_out(classes)
    has_test = bool(mask.any())

    def part(values: Tensor | None, chosen: Tensor) -> Tensor | None:
        return None if values is None else values[chosen]

    known = classes if labels is not None else None
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", PurePosixPath(name).stem).strip("-")[:40] or "pictures"
    return Dataset(
        name=f"{UPLOAD_PREFIX}{stem}-{hashlib.sha256(content).hexdigest()[:8]}",
        train=rows[~mask],
        test=rows[mask] if has_test else None,
        train_labels=part(known, ~mask),
        test_labels=part(known, mask) if has_test else None,
        image_shape=(levels.shape[1], levels.shape[2]),
        class_names=class_names,
    )
