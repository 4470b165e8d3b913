"""What a fresh process takes: time to a first result, a run by the command line, and memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.table import Claim, Section, duration, markdown_table
from benchmarks.timing import Effort

__all__ = ["processes"]

ROOT = Path(__file__).resolve().parents[2]
N_NOTEBOOK_ROWS = 301 * 64  # what the notebook's runs ever see
N_ALL_ROWS = 60_000
MOST_LAUNCHES = 5
# Numba's own load, 0.65 s on an AVX2 machine, is in both.
MOST_BEYOND_TORCH_S = 0.9
MOST_BEYOND_PRESETS_S = 0.9
MOST_MB = 150
TRAINED = "notebook-and-short"


def processes(effort: Effort, root: Path | None) -> Section:
    """Start processes and read what they print."""
    n_launches = min(effort.rounds, MOST_LAUNCHES)
    time_text, time_claims = _times(n_launches, root)
    sizes = (N_NOTEBOOK_ROWS, N_ALL_ROWS) if effort.full else (N_NOTEBOOK_ROWS,)
    memory_text, memory_claim = _memory(sizes, root)
    return Section(
        name="processes",
        title="A fresh process",
        body=[*time_text, *memory_text],
        claims=[*time_claims, memory_claim],
    )


def _times(n_launches: int, root: Path | None) -> tuple[list[str], list[Claim]]:
    launches = [_fresh(root, "first-result") for _ in range(n_launches)]
    torch, importing, result = (
        statistics.median(launch[part] for launch in launches)
        for part in ("torch", "import", "result")
    )
    train_it = ("train", "--preset", TRAINED)
    pairs = [(_command(*train_it), _command("presets")) for _ in range(n_launches)]
    train, presets = (statistics.median(times) for times in zip(*pairs, strict=True))
    beyond = statistics.median(one - other for one, other in pairs)
    loads_numba = bool(_fresh(root, "presets")["numba"])
    text = [
        f"Wall clock, medians of {n_launches} launches, compiled code cached. `import torch` "
        f"takes {duration(torch)}, `import rbm_core` {duration(importing)} more, and a first "
        "result after it, AND trained for an epoch with its exact log-likelihood, "
        f"{duration(result)}.",
        f"`python -m rbm_core {' '.join(train_it)}`, 15 × 1000 updates of AND, takes "
        f"{duration(train)}; `python -m rbm_core presets`, which trains nothing, "
        f"{duration(presets)}.",
    ]
    claims = [
        _seconds("a first result beyond `import torch`", importing + result, MOST_BEYOND_TORCH_S),
        _seconds("15 × 1000 updates of AND beyond `presets`", beyond, MOST_BEYOND_PRESETS_S),
        Claim(
            text="`presets` does not load what only training needs",
            measured="it loads Numba" if loads_numba else "it does not",
            holds=not loads_numba,
        ),
    ]
    return text, claims


def _memory(sizes: tuple[int, ...], root: Path | None) -> tuple[list[str], Claim]:
    memory = {n: _fresh(root, "memory", str(n)) for n in sizes}
    training = {n: use["peak"] - use["data"] for n, use in memory.items()}
    text = [
        "Memory of a 784×500 training with k = 3 and batches of 64, above import and compiled "
        f"code. That takes {memory[N_NOTEBOOK_ROWS]['compiled']:.0f} MB, once a process. The rows "
        "are the caller's, in single precision; the run adds their bits, packed.",
        markdown_table(
            ["Rows", "The rows", "The training", "Both"],
            [
                [str(n), *(f"{mb:.0f} MB" for mb in (use["data"], training[n], use["peak"]))]
                for n, use in memory.items()
            ],
        ),
    ]
    of_notebook, beside_all = memory[N_NOTEBOOK_ROWS]["peak"], max(training.values())
    claim = Claim(
        text=f"a 784×500 training takes less than {MOST_MB} MB above import and compiled code: "
        "with all the rows that the notebook's run sees, and beside all 60 000",
        measured=f"{of_notebook:.0f} MB, {beside_all:.0f} MB",
        holds=max(of_notebook, beside_all) < MOST_MB,
    )
    return text, claim


def _seconds(text: str, seconds: float, most: float) -> Claim:
    return Claim(
        text=f"{text}: at most {duration(most)}", measured=duration(seconds), holds=seconds <= most
    )


def _command(*arguments: str) -> float:
    """Wall-clock seconds of a command of the engine."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "rbm_core", *arguments],
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - began


def _fresh(root: Path | None, *arguments: str) -> dict[str, float]:
    environment = os.environ | ONE_THREAD
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


ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
