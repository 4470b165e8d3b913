"""Words of *Data*."""

from __future__ import annotations

from app.controls.words import dataset_label
from rbm_core import count_text

__all__ = [
    "data_away",
    "data_here",
    "data_row",
    "downloading",
    "uploaded",
]


def data_row(name: str, n_train: int, n_test: int, shape: tuple[int, int]) -> str:
    """Describe a data set that is open."""
    return (
        f"**{dataset_label(name)}** · {count_text(n_train)} pictures to train on, "
        f"{count_text(n_test)} held out · {shape[0]}×{shape[1]} pixels"
    )


def data_here(name: str) -> str:
    """Describe a data set that is on the server and not opened yet."""
    return f"**{dataset_label(name)}** · on this server"


def data_away(name: str) -> str:
    """Describe a data set that is not on the server."""
    return f"**{dataset_label(name)}** · not on this server"


def downloading(file: str, fraction: float) -> str:
    """Say how far a download is."""
    return f"{file or 'connecting'} · {fraction:.0%}"


def uploaded(name: str, n: int) -> str:
    """Say that an upload is in use."""
    return f"{count_text(n)} pictures read as {name}: press Train."
