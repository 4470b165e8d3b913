"""Where a run of *Images* is, and which finished machine is on show."""

from __future__ import annotations

import math

from app.controls.words import dataset_label, status_text
from pages.images.view import FinishedView, RunView
from rbm_core import PRESETS, count_text

__all__ = [
    "duration",
    "finished",
    "missing",
    "readout",
]


def readout(view: RunView, place: int) -> str:
    """Say in one line where a run is; every number is measured on this run.

    Args:
        view: The run.
        place: Its place in line, or 0 when it does not wait.
    """
    shot, pace = view.shot, view.shot.updates_per_second
    parts = [
        status_text(shot.state, place),
        f"update **{count_text(shot.update)}** of {count_text(shot.n_updates)}",
        f"epoch {shot.epoch:.1f}",
    ]
    if not math.isnan(shot.ms_per_update):
        parts.append(f"{shot.ms_per_update:.2f} ms per update")
    if not math.isnan(pace):
        parts.append(f"{count_text(pace * view.job.batch_size)} images/s")
    if pace > 0:
        parts.append(f"{duration((shot.n_updates - shot.update) / pace)} left")
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
