"""Many gate machines at once, as one program of tensors."""

from __future__ import annotations

from pathlib import Path

from benchmarks.problem import and_gate
from benchmarks.programs.engine import start
from benchmarks.programs.notebook import Notebook
from benchmarks.table import Claim, Section, duration, markdown_table
from benchmarks.timing import Effort, take_turns

__all__ = ["ensembles"]

SIZES = (1, 32, 1024)


def ensembles(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001
    """Measure ensembles of AND machines against the notebook's one."""
    problem = and_gate(k=4)
    programs = {str(n): start(problem, n_replicas=None if n == 1 else n).advance for n in SIZES} | {
        "notebook": Notebook(problem).train
    }
    timings = take_turns(programs, effort)
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
            "Each machine has its own batch and its own chains in every update.",
            markdown_table(
                ["Machines", "CPU time of an update", "Machine-updates a second", "Notebook's"],
                rows,
            ),
        ],
        claims=[
            Claim(
                text="1024 machines: at least 100 times the notebook's machine-updates a second",
                measured=f"{gains[-1]:.0f}",
                holds=gains[-1] >= 100,
            )
        ],
    )
