"""scikit-learn's BernoulliRBM: PCD with one step, the only scheme it has."""

from __future__ import annotations

import numpy as np
from sklearn.neural_network import BernoulliRBM
from torch import Tensor

from benchmarks.problem import Problem

__all__ = ["ScikitLearn"]


class ScikitLearn:
    """`partial_fit`, a batch at a time, in single precision."""

    def __init__(self, problem: Problem) -> None:
        """Make the estimator and fit it once, which allocates its parameters."""
        self._batches = problem.batches()
        self._rbm = BernoulliRBM(
            n_components=problem.n_hidden,
            learning_rate=problem.learning_rate,
            batch_size=problem.batch_size,
            random_state=0,
        )
        self.train(1)

    def train(self, n_updates: int) -> None:
        """Make gradient updates."""
        for _ in range(n_updates):
            self._rbm.partial_fit(next(self._batches).numpy())

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Run chains."""
        states = v.numpy()
        for _ in range(n_steps):
            states = self._rbm.gibbs(states).astype(np.float32)
