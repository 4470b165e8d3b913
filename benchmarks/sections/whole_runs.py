"""The notebook's two AND runs from beginning to end."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.problem import and_gate
from benchmarks.programs.notebook import Notebook
from benchmarks.table import Section, at_least, duration, markdown_table
from benchmarks.timing import Effort
from rbm_core import Recipe, preset

__all__ = ["whole_runs"]

# How many times as long the notebook takes.
RUNS = {"notebook-and-short": 100, "notebook-and-long": 400}
N_EPOCHS_QUICK = 2


def whole_runs(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001
    """Measure both, epoch about."""
    rows, claims = [], []
    for slug, wanted in RUNS.items():
        recipe = preset(slug).recipe
        ours, notebook, theirs, own = _both(recipe, effort)
        ratio = notebook / ours
        rows.append(
            [
                f"{preset(slug).title}: k = {recipe.training.k}, {recipe.training.epochs} × "
                f"{recipe.training.updates_per_epoch}",
                duration(ours),
                duration(notebook),
                f"{ratio:.1f}×",
                f"{own:.0%}, {theirs:.0%}",
            ]
        )
        claims.append(at_least(f"{preset(slug).title}: the notebook over ours", ratio, wanted))
    return Section(
        name="whole-runs",
        title="The notebook's AND, from beginning to end",
        body=[
            "Both programs train an epoch in turn. The last column is the success rate of the "
            "last epoch, ours and the notebook's: they learn the same thing.",
            markdown_table(["Run", "rbm_core", "notebook", "Ratio", "Success"], rows),
        ],
        claims=claims,
    )


def _both(recipe: Recipe, effort: Effort) -> tuple[float, float, float, float]:
    """Return CPU seconds of ours and of the notebook, then their last success rates."""
    k, updates = recipe.training.k_schedule.at(0), recipe.training.updates_per_epoch
    assert updates is not None
    run, notebook = recipe.start(), Notebook(and_gate(k=int(k)))
    epochs = recipe.training.epochs if effort.full else N_EPOCHS_QUICK
    seconds_ours, seconds_notebook = 0.0, 0.0
    for _ in range(epochs):
        began = time.process_time()
        record = run.advance(updates)
        between = time.process_time()
        notebook.train(updates)
        seconds_ours += between - began
        seconds_notebook += time.process_time() - between
    assert record.success_rate is not None
    own = float(record.success_rate)
    return seconds_ours, seconds_notebook, statistics.mean(notebook.success_rates), own
