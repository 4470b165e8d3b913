"""How long training holds the interpreter's lock, which every click needs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.gates.runs import PACES, new_job
from app.jobs.job import Job
from app.jobs.pace import updates_per_second
from app.jobs.scheduler import Scheduler
from benchmarks.table import Claim, Section, duration, markdown_table, percentile
from benchmarks.timing import Effort
from pages.images.runs import ImageJob
from rbm_core import compile_loops, preset

__all__ = ["lock", "waits"]

SECONDS, SECONDS_QUICK = 10.0, 1.0
# Between two looks at the clock the ticking thread is away for so long.
NAP_S = 0.0005
N_GATES, N_IMAGES = 30, 4
# Nobody is done before the measurement is.
N_EPOCHS = 1000
MOST_S = 0.002
QUEUED = Path("/proc/thread-self/schedstat")
SHARES = (0.5, 0.99, 0.999, 1.0)


def lock(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001  (one signature for all)
    """Let a thread tick beside the scheduler's, and see how late its ticks come."""
    compile_loops()  # as the server does when it starts
    seconds = SECONDS if effort.full else SECONDS_QUICK
    gates = waits([_gate(seed) for seed in range(N_GATES)], seconds)
    images = waits([_image(seed) for seed in range(N_IMAGES)], seconds)
    rows = [
        [what, *(duration(percentile(late, share)) for share in SHARES)]
        for what, late in (
            (f"{N_GATES} gates, at the pace of the animation", gates),
            (f"{N_IMAGES} images, `small-digits`, as fast as they can", images),
        )
    ]
    claims = [
        Claim(
            text=f"training {what}: p99.9 of the waits at most {duration(MOST_S)}",
            measured=duration(percentile(late, 0.999)),
            holds=percentile(late, 0.999) <= MOST_S,
        )
        for what, late in (("gates", gates), ("images", images))
    ]
    return Section(
        name="lock",
        title="The interpreter's lock",
        body=[
            f"A thread naps for {duration(NAP_S)} at a time, beside the one that trains for "
            "everybody: how much later than asked it is awake, as far as the other one was at work "
            "in that time, and less the wait for a core. What other processes do to both does not "
            "count.",
            markdown_table(["Training", "p50", "p99", "p99.9", "Longest"], rows),
        ],
        claims=claims,
    )


def waits(jobs: list[Callable[[Scheduler], None]], seconds: float) -> list[float]:
    """Return how late each tick came, in seconds, while a scheduler trains.

    Args:
        jobs: Each hands a job to the scheduler.
        seconds: For how long.
    """
    scheduler = Scheduler()
    scheduler.start()
    for begin in jobs:
        begin(scheduler)
    trained = _cpu_clock(next(t for t in threading.enumerate() if t.name == "trainer"))
    late: list[float] = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        trained_before, queued_before = trained(), _queued_s()
        time.sleep(NAP_S)
        waited = time.perf_counter() - began - NAP_S - (_queued_s() - queued_before)
        late.append(min(waited, trained() - trained_before))
    scheduler.stop()
    return late


def _queued_s() -> float:
    """How long this thread has waited for a core so far, as far as the system tells."""
    return int(QUEUED.read_text().split()[1]) / 1e9 if QUEUED.exists() else 0.0


def _cpu_clock(thread: threading.Thread) -> Callable[[], float]:
    """A thread's CPU time, or the wall clock where the system does not tell."""
    if sys.platform != "linux" or thread.ident is None:
        return time.perf_counter
    clock = time.pthread_getcpuclockid(thread.ident)
    return lambda: time.clock_gettime(clock)


def _gate(seed: int) -> Callable[[Scheduler], None]:
    recipe = preset("and-from-scratch").recipe.replace(seed=seed)
    job = new_job(recipe.replace(epochs=N_EPOCHS))
    return _begin(job, updates_per_second(PACES, "normal", recipe.start().n_updates))


def _image(seed: int) -> Callable[[Scheduler], None]:
    recipe = preset("small-digits").recipe.replace(seed=seed, epochs=N_EPOCHS)
    return _begin(ImageJob(recipe), None)


def _begin(job: Job, pace: float | None) -> Callable[[Scheduler], None]:  # type: ignore[type-arg]
    return lambda scheduler: scheduler.train(job, pace=pace)
