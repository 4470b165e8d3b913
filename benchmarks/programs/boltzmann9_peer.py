"""boltzmann9: its own update, PCD, the only scheme it has."""

from __future__ import annotations

from importlib import import_module

import torch
from torch import Tensor

from benchmarks.problem import Problem

__all__ = ["Boltzmann9"]


class Boltzmann9:
    """`cd_step` with its defaults: no momentum, no decay, no clipping."""

    def __init__(self, problem: Problem) -> None:
        """Make the machine."""
        machine = import_module("boltzmann9.model").RBM
        self._rbm = machine(
            {"visible_blocks": {"v": problem.n_visible}, "hidden_blocks": {"h": problem.n_hidden}}
        )
        self._learning_rate, self._k = problem.learning_rate, problem.k
        self._batches = problem.batches()

    def train(self, n_updates: int) -> None:
        """Make gradient updates."""
        for _ in range(n_updates):
            self._rbm.cd_step(next(self._batches), lr=self._learning_rate, k=self._k)

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Run chains, by its `sample`'s loop for more than one chain."""
        with torch.no_grad():
            for _ in range(n_steps):
                h = torch.bernoulli(self._rbm.hidden_prob(v))
                v = torch.bernoulli(self._rbm.visible_prob(h))
