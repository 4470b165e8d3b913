"""From a name to a data set."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from rbm_core.datasets.dataset import Dataset
from rbm_core.datasets.digits import digits
from rbm_core.datasets.image_folders import IMAGE_SETS, load_image_set
from rbm_core.datasets.patterns import (
    BARS_PREFIX,
    SHIFTER_NAMES,
    labelled_shifter,
    parse_bars_and_stripes,
)
from rbm_core.datasets.truth_tables import GATES, TABLE_PREFIX, parse_table, truth_table
from rbm_core.datasets.upload import UPLOAD_PREFIX
from rbm_core.errors import DataError

__all__ = ["dataset_names", "load_dataset"]


class _Loader(Protocol):
    def __call__(self, root: Path | None) -> Dataset: ...


# Most sets are made, not read: they have no use for the root.
def _gate(root: Path | None, *, name: str) -> Dataset:  # noqa: ARG001
    return truth_table(GATES[name], name)


def _bars(root: Path | None, *, name: str) -> Dataset:  # noqa: ARG001
    return parse_bars_and_stripes(name)


def _shifter(root: Path | None, *, name: str) -> Dataset:  # noqa: ARG001
    return labelled_shifter(name)


def _digits(root: Path | None) -> Dataset:  # noqa: ARG001
    return digits()


def _images(root: Path | None, *, name: str) -> Dataset:
    return load_image_set(name, root)


_BARS_NAMES = tuple(f"{BARS_PREFIX}{size}" for size in ("2x2", "3x3", "4x4"))

_LOADERS: dict[str, _Loader] = (
    {name: partial(_gate, name=name) for name in GATES}
    | {name: partial(_bars, name=name) for name in _BARS_NAMES}
    | {name: partial(_shifter, name=name) for name in SHIFTER_NAMES}
    | {"digits": _digits}
    | {name: partial(_images, name=name) for name in IMAGE_SETS}
)


def dataset_names() -> tuple[str, ...]:
    """Names that `load_dataset` knows, besides a table written out and other sizes of bars."""
    return tuple(_LOADERS)


def load_dataset(name: str, root: Path | None = None) -> Dataset:
    """Load a data set by name.

    Args:
        name: One of `dataset_names()`, a truth table such as "table:0,1,1,0", or
            "bars-and-stripes-NxM" with sides from 2 to 8.
        root: Folder for data sets that live in files; None means the environment's RBM_DATA, and
            without that the folder `data` beside the package.

    Raises:
        DataError: If the name is unknown, or the files are missing or broken.

    Example:
        >>> from rbm_core import load_dataset
        >>> load_dataset("and").train
        tensor([[0., 0., 0.],
                [0., 1., 0.],
                [1., 0., 0.],
                [1., 1., 1.]])
    """
    if name.startswith(TABLE_PREFIX):
        return parse_table(name)
    if name.startswith(BARS_PREFIX):
        return parse_bars_and_stripes(name)
    if name.startswith(UPLOAD_PREFIX):
        raise DataError(
            f"data set {name!r} was a file that somebody sent, which is not kept; send it again"
        )
    if name not in _LOADERS:
        raise DataError(
            f"data set {name!r} is unknown; known are {', '.join(_LOADERS)}, "
            f"and a table written out such as {TABLE_PREFIX}0,1,1,0"
        )
    return _LOADERS[name](root)
