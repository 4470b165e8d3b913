"""Where a run of *Images* is, and which finished machine is on show."""

from __future__ import annotations

import math

from app.controls.words import dataset_label, status_text
from app.jobs.status import Status
from pages.images.view import FinishedView
from rbm_core import PRESETS, count_text

__all__ = [
    "duration",
    "finished",
    "missing",
    "readout",
    "stale",
]


def readout(
    *,
    status: Status,
    place: int,
    update: int,
    n_updates: int,
    epoch: float,
    ms_per_update: float,
    images_per_second: float,
    seconds_left: float,
) -> str:
    """Say in one line where a run is; every number is measured on this run."""
    parts = [
        status_text(status, place),
        f"update **{count_text(update)}** of {count_text(n_updates)}",
        f"epoch {epoch:.1f}",
    ]
    if not math.isnan(ms_per_update):
        parts.append(f"{ms_per_update:.2f} ms per update")
    if not math.isnan(images_per_second):
        parts.append(f"{count_text(images_per_second)} images/s")
    if not math.isnan(seconds_left):
        parts.append(f"{duration(seconds_left)} left")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Write a time that is left."""
    if seconds < 90:
        return f"{max(0, math.ceil(seconds))} s"
    return f"{math.ceil(seconds / 60)} min"


def finished(view: FinishedView) -> str:
    """Say which finished machine is on show, and what is missing to train one's own."""
    return (
        f"**{PRESETS[view.preset].title}**, trained beforehand · {view.rbm.n_visible} pixels × "
        f"{view.rbm.n_hidden} hidden units · fingerprint `{view.fingerprint}` · "
        + (view.missing or "**Train** makes your own from first weights")
    )


def missing(name: str) -> str:
    """Say that a data set is not here, and what to do."""
    return f"{dataset_label(name)} is not on this server: fetch it under *Data* to train."


def stale() -> str:
    """Say that the controls have moved on."""
    return "The sidebar now says something else than this run was made with. Train starts it anew."
