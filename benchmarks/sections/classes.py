"""A class of thirty at work, as `python -m benchmarks.classroom` has it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.classroom import CLASS_SIZE, lesson_on, report
from benchmarks.lesson import teach
from benchmarks.setting import load_average
from benchmarks.table import Section
from benchmarks.timing import Effort
from tools.dashboard import serve

__all__ = ["class_at_gates", "class_at_images"]

SECONDS = 60.0
QUICK_SIZE, QUICK_SECONDS = 2, 5.0


def class_at_gates(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001
    """Let a class train gates."""
    return _at_work("gates", effort)


def class_at_images(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001
    """Let a class train images."""
    return _at_work("images", effort)


def _at_work(subject: str, effort: Effort) -> Section:
    lesson = lesson_on(
        subject,
        n_sessions=CLASS_SIZE if effort.full else QUICK_SIZE,
        seconds=SECONDS if effort.full else QUICK_SECONDS,
    )
    with serve() as address:
        return report(lesson, teach(lesson, address), load_average())
