"""From starting the dashboard to its first page."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from benchmarks.table import Claim, Section, duration
from benchmarks.timing import Effort
from benchmarks.visitor import Visitor, visit
from tools.dashboard import serve

__all__ = ["start"]

LAUNCHES, LAUNCHES_QUICK = 5, 1
MOST_UP_S, MOST_PAGE_S = 4.0, 2.5


def start(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001  (one signature for all)
    """Start it as `make run` does, and open the landing page as soon as it is up."""
    ups: list[float] = []
    pages: list[float] = []
    for _ in range(LAUNCHES if effort.full else LAUNCHES_QUICK):
        began = time.perf_counter()
        with serve() as address:
            ups.append(time.perf_counter() - began)
            asyncio.run(visit(address, lambda here: _open(here, pages)))
    up, page = statistics.median(ups), statistics.median(pages)
    return Section(
        name="start",
        title="The dashboard's start",
        body=[
            f"Wall clock, median of {len(ups)} starts, compiled code cached: healthy after "
            f"{duration(up)}, and the landing page, asked for at once, stands {duration(page)} "
            "later."
        ],
        claims=[
            Claim(
                text=f"healthy after at most {duration(MOST_UP_S)}",
                measured=duration(up),
                holds=up <= MOST_UP_S,
            ),
            Claim(
                text=f"the first page after at most {duration(MOST_PAGE_S)} more",
                measured=duration(page),
                holds=page <= MOST_PAGE_S,
            ),
        ],
    )


async def _open(here: Visitor, pages: list[float]) -> None:
    pages.append(await here.open(""))
