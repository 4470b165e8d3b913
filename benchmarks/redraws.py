"""The beat at which a page has its fragments redrawn, and how often that came about."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from websockets.exceptions import ConnectionClosed

__all__ = ["Redraws"]


class Redraws:
    """Timers of fragments.

    Attributes:
        n: Finished runs of the script or a fragment, while some fragment had a timer.
        seconds: Time in which one had.
    """

    def __init__(self, ask: Callable[[str], Awaitable[None]]) -> None:
        """Begin without timers.

        Args:
            ask: Asks the server for a fragment, by its id.
        """
        self.n, self.seconds = 0, 0.0
        self._ask = ask
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._since = 0.0

    def start(self, fragment: str, interval: float) -> None:
        """Ask for a fragment at a beat from now on.

        Args:
            fragment: Its id.
            interval: Seconds.
        """
        if fragment in self._timers:
            return
        if not self._timers:
            self._since = time.perf_counter()
        self._timers[fragment] = asyncio.create_task(self._beat(fragment, interval))

    def stop(self, fragments: list[str] | None = None) -> None:
        """Ask no more.

        Args:
            fragments: Their ids; None means all.
        """
        for fragment in list(self._timers) if fragments is None else fragments:
            if timer := self._timers.pop(fragment, None):
                timer.cancel()
                if not self._timers:
                    self.seconds += time.perf_counter() - self._since

    def count(self) -> None:
        """Note that a run has finished."""
        self.n += bool(self._timers)

    async def _beat(self, fragment: str, interval: float) -> None:
        """At a fixed beat, answered or not, as a browser does."""
        due = time.perf_counter()
        while True:
            due += interval
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            with contextlib.suppress(ConnectionClosed):  # whoever listens learns of it
                await self._ask(fragment)
