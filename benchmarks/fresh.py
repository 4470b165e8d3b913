"""What a new process takes: started by `benchmarks.sections.processes`, prints JSON.

python -m benchmarks.fresh first-result
python -m benchmarks.fresh memory N_ROWS
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

__all__: list[str] = []

N_UPDATES = 40
STATM = Path("/proc/self/statm")


def first_result() -> dict[str, float]:
    """Import the engine, train a gate for an epoch and evaluate it exactly."""
    began = time.perf_counter()
    import rbm_core

    imported = time.perf_counter()
    recipe = rbm_core.preset("and-from-scratch").recipe
    dataset = recipe.load_dataset()
    run = recipe.start(dataset)
    next(run)
    float(rbm_core.log_likelihood(run.rbm, dataset.train))
    return {"import": imported - began, "result": time.perf_counter() - imported}


def memory(n_rows: int) -> dict[str, float]:
    """Train 784×500 on some rows; memory above import, before and after, in MB."""
    from benchmarks.problem import Problem, images
    from benchmarks.programs.engine import start

    after_import = _resident()
    dataset = images(None, n_rows=n_rows)
    data = _resident() - after_import
    run = start(Problem(dataset=dataset, n_hidden=500, k=3, batch_size=64, learning_rate=0.01))
    run.advance(N_UPDATES)
    return {"data": data, "peak": _peak() - after_import}


def _peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _resident() -> float:
    """Memory now where the system tells, else the most there was."""
    if not STATM.exists():
        return _peak()
    return int(STATM.read_text().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    kind, *given = sys.argv[1:]
    answer = first_result() if kind == "first-result" else memory(int(given[0]))
    print(json.dumps(answer))
