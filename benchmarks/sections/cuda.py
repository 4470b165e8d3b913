"""The same engine on a CUDA device, where there is one."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import torch

from benchmarks.problem import Problem, and_gate, images
from benchmarks.programs.engine import start
from benchmarks.table import Claim, Section, markdown_table
from benchmarks.timing import Effort
from rbm_core import TrainRun

__all__ = ["cuda"]

N_UPDATES, N_UPDATES_QUICK = 1000, 50
N_MACHINES = 10_000
N_ROWS = 6400


def cuda(effort: Effort, root: Path | None) -> Section:
    """Measure wall time on the device, or say that there is none."""
    title = "On a CUDA device"
    if not torch.cuda.is_available():
        return Section(
            name="cuda",
            title=title,
            body=["Not run: there was no CUDA device. `make bench` measures it where there is."],
        )
    dataset = images(root, n_rows=N_ROWS)
    problem = Problem(dataset=dataset, n_hidden=500, k=3, batch_size=64, learning_rate=0.01)
    image = _wall_seconds(start(problem, device="cuda"), effort)
    gate = _wall_seconds(start(and_gate(k=4), n_replicas=N_MACHINES, device="cuda"), effort)
    rate = N_MACHINES / gate
    return Section(
        name="cuda",
        title=title,
        body=[
            f"{torch.cuda.get_device_name()}, wall time with the device's queue emptied.",
            markdown_table(
                ["", "An update", "Machine-updates a second"],
                [
                    ["784×500, batch 64, k = 3", f"{image * 1e6:.0f} µs", f"{1 / image:,.0f}"],
                    [f"{N_MACHINES} gates, k = 4", f"{gate * 1e6:.0f} µs", f"{rate:,.0f}"],
                ],
            ),
        ],
        claims=[
            Claim(
                text="784×500, batch 64, k = 3: at most 170 µs an update (on an H100)",
                measured=f"{image * 1e6:.0f} µs",
                holds=image <= 170e-6,
            ),
            Claim(
                text="10 000 gates: at least 8 million machine-updates a second (on an H100)",
                measured=f"{rate / 1e6:.1f} million",
                holds=rate >= 8e6,
            ),
        ],
    )


def _wall_seconds(run: TrainRun, effort: Effort) -> float:
    n = N_UPDATES if effort.full else N_UPDATES_QUICK
    run.advance(n)
    taken = []
    for _ in range(effort.rounds):
        torch.cuda.synchronize()
        began = time.perf_counter()
        run.advance(n)
        torch.cuda.synchronize()
        taken.append((time.perf_counter() - began) / n)
    return statistics.median(taken)
