"""What the scheduler asks of work that takes turns: a training run, long chains."""

from __future__ import annotations

from typing import Protocol

from app.jobs.status import Status

__all__ = ["Task"]


class Task(Protocol):
    """Work that is done in short turns by one thread, for whoever owns it.

    Attributes:
        id: Its name.
        owner: The session it belongs to, or what it is kept for; "" before anybody does.
        state: Its status; the scheduler sets it.
        error: Why it failed, or "".
    """

    id: str
    owner: str
    state: Status
    error: str

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""

    @property
    def busy(self) -> bool:
        """Whether it waits or works, or has yet to say that it stopped."""

    def work(self, until: float) -> bool:
        """Work until a moment of `time.monotonic`; return whether anything was done."""

    def publish_state(self) -> None:
        """Say its status and error to all who look; safe from any thread."""
