"""What can be said of work in the background: waiting, at work, or why it stands still."""

from __future__ import annotations

from typing import Literal

__all__ = ["ACTIVE", "Status"]

Status = Literal["ready", "queued", "running", "paused", "done", "failed"]

# The scheduler still has something to do.
ACTIVE: tuple[Status, ...] = ("queued", "running")
