"""CPU time of programs that take turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import ctypes
import gc
import math
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

__all__ = ["Effort", "Timings", "one_thread", "take_turns"]

Work = Callable[[int], object]


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much is measured.

    Attributes:
        rounds: Turns of each program; medians are over them.
        seconds: CPU time that a turn should take.
        full: False shortens what is long by nature (whole runs, 10 000 steps).
    """

    rounds: int
    seconds: float
    full: bool = True


@dataclass(frozen=True, kw_only=True)
class Timings:
    """CPU seconds per unit of work, by program, one for each round.

    Attributes:
        seconds: Program name → seconds of each round.
    """

    seconds: Mapping[str, tuple[float, ...]]

    def median(self, name: str) -> float:
        """Median seconds per unit of work."""
        return statistics.median(self.seconds[name])

    def ratio(self, name: str, reference: str) -> float:
        """How many times as long as the reference: median over rounds of the ratio in a round."""
        pairs = zip(self.seconds[name], self.seconds[reference], strict=True)
        return statistics.median(one / other for one, other in pairs)


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold torch, MKL, OpenBLAS and OpenMP to one thread each."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        torch.set_num_threads(before)


def take_turns(
    programs: Mapping[str, Work], effort: Effort, *, n: int | None = None, fresh: bool = False
) -> Timings:
    """Time programs in rounds, in an order that turns around from round to round.

    Args:
        programs: Name → what does n units of work.
        effort: Rounds, and seconds per turn.
        n: Units of work per turn; None chooses as many as fill `effort.seconds`.
        fresh: Give freed memory back to the system before each turn, so that a program which
            needs much of it asks for it anew, as it would when it runs once.
    """
    counts = {name: n or _fitting_count(work, effort.seconds) for name, work in programs.items()}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(effort.rounds):
        names = list(programs) if turn % 2 == 0 else list(programs)[::-1]
        for name in names:
            if fresh:
                _give_memory_back()
            seconds[name].append(_cpu_seconds(programs[name], counts[name]) / counts[name])
    return Timings(seconds={name: tuple(values) for name, values in seconds.items()})


def _fitting_count(work: Work, seconds: float) -> int:
    work(2)  # first calls compile, allocate and fill caches
    n, taken = 1, _cpu_seconds(work, 1)
    while taken < seconds / 8:
        n = max(2 * n, math.floor(n * seconds / (8 * max(taken, 1e-6))))
        taken = _cpu_seconds(work, n)
    return max(1, round(n * seconds / taken))


def _cpu_seconds(work: Work, n: int) -> float:
    began = time.process_time()
    work(n)
    return time.process_time() - began


def _give_memory_back() -> None:
    """Collect garbage and, where the C library can, return what it keeps."""
    gc.collect()
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL("libc.so.6").malloc_trim(0)
