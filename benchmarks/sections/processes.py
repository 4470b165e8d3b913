"""What a fresh process takes: time to a first result, and memory of a training."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.table import Claim, Section, duration, markdown_table
from benchmarks.timing import Effort

__all__ = ["processes"]

ROOT = Path(__file__).resolve().parents[2]
N_NOTEBOOK_ROWS = 301 * 64  # what the notebook's runs ever see
N_ALL_ROWS = 60_000
MOST_LAUNCHES = 5


def processes(effort: Effort, root: Path | None) -> Section:
    """Start processes and read what they print."""
    launches = [_fresh(root, "first-result") for _ in range(min(effort.rounds, MOST_LAUNCHES))]
    importing = statistics.median(launch["import"] for launch in launches)
    result = statistics.median(launch["result"] for launch in launches)
    sizes = (N_NOTEBOOK_ROWS, N_ALL_ROWS) if effort.full else (N_NOTEBOOK_ROWS,)
    memory = {n: _fresh(root, "memory", str(n)) for n in sizes}
    training = {n: use["peak"] - use["data"] for n, use in memory.items()}
    return Section(
        name="processes",
        title="A fresh process",
        body=[
            f"`import rbm_core` takes {duration(importing)}, most of it torch's own. A first "
            f"result after it, AND trained for an epoch with its exact log-likelihood: "
            f"{duration(result)} (wall clock, median of {len(launches)} launches).",
            "Memory above import of a 784×500 training with k = 3 and batches of 64. The rows are "
            "the caller's, in single precision; the run adds their bits, a byte each.",
            markdown_table(
                ["Rows", "The rows", "The training", "Both"],
                [
                    [
                        str(n),
                        f"{use['data']:.0f} MB",
                        f"{training[n]:.0f} MB",
                        f"{use['peak']:.0f} MB",
                    ]
                    for n, use in memory.items()
                ],
            ),
        ],
        claims=[
            Claim(
                text="a first result at most 3 s after `import rbm_core`",
                measured=duration(result),
                holds=result <= 3,
            ),
            Claim(
                text="a 784×500 training takes less than 150 MB above import: with all the rows "
                "that the notebook's run sees, and beside all 60 000",
                measured=f"{memory[N_NOTEBOOK_ROWS]['peak']:.0f} MB, "
                f"{max(training.values()):.0f} MB",
                holds=max(memory[N_NOTEBOOK_ROWS]["peak"], *training.values()) < 150,
            ),
        ],
    )


def _fresh(root: Path | None, *arguments: str) -> dict[str, float]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    if root is not None:
        environment["RBM_DATA"] = str(root)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fresh", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer
