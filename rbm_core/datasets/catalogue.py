"""From a name to a data set."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from rbm_core.datasets.dataset import Dataset
from rbm_core.datasets.truth_tables import GATES, TABLE_PREFIX, parse_table, truth_table
from rbm_core.errors import DataError

__all__ = ["dataset_names", "load_dataset"]


class _Loader(Protocol):
    def __call__(self, root: Path | None) -> Dataset: ...


def _gate(root: Path | None, *, name: str) -> Dataset:  # noqa: ARG001  (gates need no files)
    return truth_table(GATES[name], name)


_LOADERS: dict[str, _Loader] = {name: partial(_gate, name=name) for name in GATES}


def dataset_names() -> tuple[str, ...]:
    """Names that `load_dataset` knows, besides a table written out."""
    return tuple(_LOADERS)


def load_dataset(name: str, root: Path | None = None) -> Dataset:
    """Load a data set by name.

    Args:
        name: One of `dataset_names()`, or a truth table such as "table:0,1,1,0".
        root: Folder for data sets that live in files; None means the environment's RBM_DATA.

    Raises:
        DataError: If the name is unknown, or the files are missing or broken.
    """
    if name.startswith(TABLE_PREFIX):
        return parse_table(name)
    if name not in _LOADERS:
        raise DataError(
            f"data set {name!r} is unknown; known are {', '.join(_LOADERS)}, "
            f"and a table written out such as {TABLE_PREFIX}0,1,1,0"
        )
    return _LOADERS[name](root)
