"""Parts of a page that follow what runs behind it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

__all__ = ["POLL_SECONDS", "follow"]

POLL_SECONDS = 0.5


def follow(
    draw: Callable[[], None], busy: Callable[[], bool], *, alone_when_idle: bool = True
) -> None:
    """Draw a part of the page, again and again while something runs behind it.

    When that has ended, the whole page runs once more: its other parts show the end too, and
    nothing polls any longer.

    Args:
        draw: Draws the part.
        busy: Whether something runs, or has yet to say that it stopped.
        alone_when_idle: Whether a click inside the part runs the part alone while nothing runs
            behind it; otherwise the whole page runs.
    """
    was_busy = busy()

    def part() -> None:
        # Asked before drawing: what is drawn is at least as new as the answer.
        still_busy = busy()
        draw()
        if was_busy and not still_busy:
            st.rerun()

    if was_busy or alone_when_idle:
        st.fragment(part, run_every=POLL_SECONDS if was_busy else None)()
    else:
        part()
