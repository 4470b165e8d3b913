"""MNIST and Fashion-MNIST from a folder that holds them, in any of the customary layouts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.datasets.idx import read_idx
from rbm_core.errors import DataError

__all__ = ["IMAGE_SETS", "ImageSet", "data_root", "find_image_set", "load_image_set"]

ROOT_VARIABLE = "RBM_DATA"
IMAGE_SHAPE = (28, 28)
N_CLASSES = 10

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


@dataclass(frozen=True, kw_only=True)
class ImageSet:
    """Where a set of images lies, and what tells it from its siblings.

    Attributes:
        name: Its name here.
        folder: Its folder under the root, as torchvision names it.
        class_names: Name of each class.
        first_labels: Labels of its first ten training images: the files of all sets of this
            family have the same names, so this alone tells which one a bare folder holds.
        system_folder: Where a system package keeps it, or None.
    """

    name: str
    folder: str
    class_names: tuple[str, ...]
    first_labels: bytes
    system_folder: Path | None = None


IMAGE_SETS = {
    "mnist": ImageSet(
        name="mnist",
        folder="MNIST",
        class_names=tuple(str(digit) for digit in range(N_CLASSES)),
        first_labels=bytes((5, 0, 4, 1, 9, 2, 1, 3, 1, 4)),
    ),
    "fashion-mnist": ImageSet(
        name="fashion-mnist",
        folder="FashionMNIST",
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        first_labels=bytes((9, 0, 0, 3, 0, 2, 7, 2, 5, 5)),
        # Debian's package dataset-fashion-mnist.
        system_folder=Path("/usr/share/datasets/fashion-mnist"),
    ),
}


def data_root(root: Path | str | None = None) -> Path:
    """Return the folder that data sets lie in.

    Args:
        root: The folder when it is said; None means the environment's RBM_DATA, and without that
            the folder `data` beside the package `rbm_core`.
    """
    if root is not None:
        return Path(root)
    given = os.environ.get(ROOT_VARIABLE)
    return Path(given) if given else Path(__file__).resolve().parents[2] / "data"


def find_image_set(name: str, root: Path | str | None = None) -> Path | None:
    """Return the folder that holds all four files of a set, or None when there is none.

    Looked through in turn: ROOT/MNIST/raw (torchvision's layout; FashionMNIST for its sibling),
    ROOT/MNIST, ROOT/mnist, ROOT itself unless it holds a sibling, and the system's folder. Each
    file may be plain or gzipped.

    Args:
        name: "mnist" or "fashion-mnist".
        root: As for `data_root`.
    """
    for folder in _candidates(IMAGE_SETS[name], data_root(root)):
        if all(_file(folder, file) for file in FILES):
            return folder
    return None


def load_image_set(name: str, root: Path | str | None = None) -> Dataset:
    """Load MNIST or Fashion-MNIST from its folder, which is used as it is.

    Args:
        name: "mnist" or "fashion-mnist".
        root: As for `data_root`.

    Returns:
        Training and held-out images as rows of 784 values in [0, 1], with labels.

    Raises:
        DataError: If files are missing or broken; the message says which, and what to do.
    """
    image_set = IMAGE_SETS[name]
    folder = find_image_set(name, root)
    if folder is None:
        raise DataError(_what_is_missing(image_set, data_root(root)))
    train, train_labels = _split(folder, "train")
    test, test_labels = _split(folder, "t10k")
    return Dataset(
        name=name,
        train=train,
        test=test,
        train_labels=train_labels,
        test_labels=test_labels,
        image_shape=IMAGE_SHAPE,
        class_names=image_set.class_names,
    )


def _candidates(image_set: ImageSet, root: Path) -> list[Path]:
    folder = root / image_set.folder
    folders = [folder / "raw", folder, root / image_set.name]
    if not _holds_sibling(image_set, root):
        folders.append(root)
    if image_set.system_folder is not None:
        folders.append(image_set.system_folder)
    return folders


def _holds_sibling(image_set: ImageSet, folder: Path) -> bool:
    """Whether the files lying here are another set's, by their first labels."""
    path = _file(folder, FILES[1])
    if path is None:
        return False
    first = read_idx(path, 1)[:N_CLASSES].tobytes()
    others = (other for other in IMAGE_SETS.values() if other is not image_set)
    return any(first == other.first_labels for other in others)


def _file(folder: Path, name: str) -> Path | None:
    """The file, plain or gzipped, or None."""
    paths = (folder / name, folder / f"{name}.gz")
    return next((path for path in paths if path.is_file()), None)


def _split(folder: Path, prefix: str) -> tuple[Tensor, Tensor]:
    """Read one split's images and labels and check that they belong together."""
    image_path = _file(folder, f"{prefix}-images-idx3-ubyte")
    label_path = _file(folder, f"{prefix}-labels-idx1-ubyte")
    if image_path is None or label_path is None:
        raise DataError(f"{folder} lost files of {prefix} while they were read; load it again")
    images, labels = read_idx(image_path, 3), read_idx(label_path, 1)
    if images.shape[1:] != IMAGE_SHAPE:
        height, width = images.shape[1:]
        raise DataError(f"{image_path} holds images of {height}×{width}; they must be 28×28")
    if len(images) != len(labels):
        raise DataError(
            f"{image_path} holds {len(images)} images and {label_path.name} {len(labels)} labels; "
            "fetch both again"
        )
    if int(labels.max()) >= N_CLASSES:
        raise DataError(f"{label_path} holds label {labels.max()}; labels run from 0 to 9")
    return _levels(images), torch.from_numpy(labels.astype(np.int64))


def _levels(images: NDArray[np.uint8]) -> Tensor:
    """Grey bytes as rows of float32 in [0, 1], shape (n_samples, n_visible)."""
    rows = torch.from_numpy(images.reshape(len(images), -1).astype(np.float32))
    return rows.div_(255)


def _what_is_missing(image_set: ImageSet, root: Path) -> str:
    folders = _candidates(image_set, root)
    partial = next((f for f in folders if any(_file(f, file) for file in FILES)), None)
    if partial is None:
        problem = (
            f"{image_set.name} is not on this computer: looked in {', '.join(map(str, folders))}"
        )
    else:
        lacking = ", ".join(file for file in FILES if not _file(partial, file))
        problem = f"{image_set.name} is incomplete: {partial} lacks {lacking} (plain or .gz)"
    return (
        f"{problem}; run `python -m rbm_core data fetch {image_set.name} --root {root}` with a "
        f"network, or set {ROOT_VARIABLE} to a folder that holds {image_set.folder}/raw"
    )
