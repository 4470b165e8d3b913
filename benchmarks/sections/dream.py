"""The notebook's dream: eight chains of 784 pixels for 10 000 Gibbs steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from benchmarks.problem import Problem, images
from benchmarks.programs import Program, at_hand
from benchmarks.table import Section, at_least, at_most, duration, markdown_table
from benchmarks.timing import Effort, take_turns

__all__ = ["dream"]

N_CHAINS = 8
N_STEPS, N_STEPS_QUICK = 10_000, 500
MOST_ROUNDS = 3


def dream(effort: Effort, root: Path | None) -> Section:
    """Measure whole dreams, for the notebook's graph grows with every step of one."""
    dataset = images(root, n_rows=N_CHAINS)
    problem = Problem(dataset=dataset, n_hidden=500, k=1, batch_size=N_CHAINS, learning_rate=0.01)
    n_steps = N_STEPS if effort.full else N_STEPS_QUICK
    effort = replace(effort, rounds=min(effort.rounds, MOST_ROUNDS))
    programs = {
        contender.name: _dreamer(contender.make(problem), dataset.train)
        for contender in at_hand(problem.k)
    }
    timings = take_turns(programs, effort, n=n_steps, fresh=True)
    floors = [contender.name for contender in at_hand(problem.k) if contender.floor]
    rows = [
        [
            name,
            duration(timings.median(name) * n_steps),
            duration(timings.median(name)),
            f"{timings.ratio(name, 'rbm_core'):.2f}×",
        ]
        for name in programs
    ]
    return Section(
        name="dream",
        title=f"The dream: {N_CHAINS} chains of 784 pixels, 500 hidden units, {n_steps} steps",
        body=[
            "The notebook records every step for a backward pass that never comes, 2 GB of it; "
            "before each turn, freed memory goes back to the system. "
            "No machine is trained, so about half of all units are on.",
            markdown_table(["", "CPU time", "A step", "Ours"], rows),
        ],
        claims=[
            at_least("the notebook over ours", timings.ratio("notebook", "rbm_core"), 1.7),
            at_most(
                "ours over the products alone, by the better library",
                max(timings.ratio("rbm_core", name) for name in floors),
                1.2,
            ),
        ],
    )


def _dreamer(program: Program, v: Tensor) -> Callable[[int], None]:
    return lambda n_steps: program.dream(v, n_steps)
