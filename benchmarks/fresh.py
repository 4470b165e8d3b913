"""What a new process takes: started by `benchmarks.sections.processes`, prints JSON.

python -m benchmarks.fresh first-result
python -m benchmarks.fresh presets
python -m benchmarks.fresh memory N_ROWS
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

__all__: list[str] = []

N_UPDATES = 40
STATUS = Path("/proc/self/status")


def first_result() -> dict[str, float]:
    """Import torch, then the engine; train a gate for an epoch and evaluate it exactly."""
    began = time.perf_counter()
    import torch  # noqa: F401  (its own time is what is wanted)

    torch_imported = time.perf_counter()
    import rbm_core

    imported = time.perf_counter()
    recipe = rbm_core.preset("and-from-scratch").recipe
    dataset = recipe.load_dataset()
    run = recipe.start(dataset)
    next(run)
    float(rbm_core.log_likelihood(run.rbm, dataset.train))
    return {
        "torch": torch_imported - began,
        "import": imported - torch_imported,
        "result": time.perf_counter() - imported,
    }


def list_presets() -> dict[str, float]:
    """List the presets, and tell whether what only training needs was imported for it."""
    from rbm_core.cli import main

    with redirect_stdout(sys.stderr):
        main(["presets"])
    return {"numba": float("numba" in sys.modules)}


def memory(n_rows: int) -> dict[str, float]:
    """Train 784×500 on rows of bits; MB above import and compiled code.

    Of the data, and at most while training; and what the compiled code takes, once a process.
    """
    import torch

    from benchmarks.problem import Problem
    from benchmarks.programs.engine import start
    from rbm_core import Dataset, compile_loops

    after_import = _resident()
    compile_loops()
    compiled = _resident() - after_import
    before = _resident()
    rows = torch.zeros(n_rows, 784)
    rows[:, ::7] = 1.0
    dataset = Dataset(name="stripes", train=rows)
    data = _resident() - before
    _forget_peak()
    run = start(Problem(dataset=dataset, n_hidden=500, k=3, batch_size=64, learning_rate=0.01))
    run.advance(N_UPDATES)
    return {"compiled": compiled, "data": data, "peak": _peak() - before}


def _peak() -> float:
    """Most memory since `_forget_peak` where the system can forget, else since the beginning."""
    if STATUS.exists():
        lines = STATUS.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _forget_peak() -> None:
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5")


def _resident() -> float:
    """Memory now where the system tells, else the most there was."""
    if STATUS.exists():
        lines = STATUS.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1e3
    return _peak()


if __name__ == "__main__":
    kind, *given = sys.argv[1:]
    work = {"first-result": first_result, "presets": list_presets}
    print(json.dumps(work[kind]() if kind in work else memory(int(given[0]))))
