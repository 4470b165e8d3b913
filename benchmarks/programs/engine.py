"""This engine, through its public names."""

from __future__ import annotations

from collections import deque

from torch import Tensor

from benchmarks.problem import Problem
from rbm_core import RBM, TrainConfig, TrainRun, gibbs_chain, make_generator, train

__all__ = ["Engine", "start"]

ENDLESS = 10**6


class Engine:
    """A training run of rbm_core, with all that it records."""

    def __init__(self, problem: Problem) -> None:
        """Set up the run."""
        self._run = start(problem)
        self._stream = make_generator(0, "dream")

    def train(self, n_updates: int) -> None:
        """Make gradient updates."""
        self._run.advance(n_updates)

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Run chains."""
        deque(gibbs_chain(self._run.rbm, v, n_steps, self._stream), maxlen=0)


def start(
    problem: Problem, *, n_replicas: int | None = None, n_threads: int = 1, device: str = "cpu"
) -> TrainRun:
    """Begin a run of the engine that does not end by itself.

    Args:
        problem: What is trained.
        n_replicas: None for one machine, else the size of an ensemble.
        n_threads: How many replicas are trained at a time.
        device: Where it lives.
    """
    gate = problem.dataset.is_truth_table
    config = TrainConfig(
        k=problem.k,
        learning_rate=problem.learning_rate,
        batch_size=problem.batch_size,
        epochs=ENDLESS,
        updates_per_epoch=1000 if gate else None,
        order="draw" if gate else "shuffle",
    )
    rbm = RBM.initialise(
        problem.n_visible,
        problem.n_hidden,
        generator=make_generator(0, "init", device=device),
        n_replicas=n_replicas,
        device=device,
    )
    return train(problem.dataset, config, rbm, n_threads=n_threads)
