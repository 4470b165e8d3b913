"""Many gate machines at once, as one program of tensors."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.problem import Problem, and_gate
from benchmarks.programs.engine import start
from benchmarks.programs.notebook import Notebook
from benchmarks.table import Section, at_least, duration, markdown_table
from benchmarks.timing import Effort, take_turns
from rbm_core import TrainRun

__all__ = ["ensembles"]

SIZES = (1, 32, 1024)
LARGEST = SIZES[-1]
# How many times the notebook's machine-updates a second.
ONE_CORE_GAIN, TWO_CORE_GAIN = 260, 480
N_UPDATES = 50


def ensembles(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001
    """Measure ensembles of AND machines against the notebook's one."""
    problem = and_gate(k=4)
    programs = {str(n): start(problem, n_replicas=None if n == 1 else n).advance for n in SIZES} | {
        "notebook": Notebook(problem).train
    }
    timings = take_turns(programs, effort)
    speed_up = _speed_up(problem, effort)
    rate_of_notebook = 1 / timings.median("notebook")
    rows, gains = [], []
    for n in SIZES:
        gains.append(n * timings.ratio("notebook", str(n)))
        rate = n / timings.median(str(n))
        rows.append(
            [str(n), duration(timings.median(str(n))), f"{rate:,.0f}", f"{gains[-1]:,.0f}×"]
        )
    rows.append(
        ["notebook", duration(timings.median("notebook")), f"{rate_of_notebook:,.0f}", "1×"]
    )
    return Section(
        name="ensembles",
        title="Ensembles: AND machines side by side, k = 4",
        body=[
            "Each machine has its own batch and its own chains in every update. Two threads are "
            f"done {speed_up:.2f} times as soon as one, by the wall clock, with the same numbers.",
            markdown_table(
                ["Machines", "CPU time of an update", "Machine-updates a second", "Notebook's"],
                rows,
            ),
        ],
        claims=[
            at_least(f"{LARGEST} machines on one core over the notebook", gains[-1], ONE_CORE_GAIN),
            at_least(f"{LARGEST} machines on two", gains[-1] * speed_up, TWO_CORE_GAIN),
        ],
    )


def _speed_up(problem: Problem, effort: Effort) -> float:
    """How much sooner two threads are done than one, by the wall clock."""
    runs = [start(problem, n_replicas=LARGEST, n_threads=n) for n in (1, 2)]
    ratios = []
    for _ in range(effort.rounds + 1):
        one, two = (_wall_seconds(run) for run in runs)
        ratios.append(one / two)
    return statistics.median(ratios[1:])  # the first calls compile and fill caches


def _wall_seconds(run: TrainRun) -> float:
    began = time.perf_counter()
    run.advance(N_UPDATES)
    return time.perf_counter() - began
