"""learnergy: the body of its `fit`, CD."""

from __future__ import annotations

from importlib import import_module

import torch
from torch import Tensor

from benchmarks.problem import Problem

__all__ = ["Learnergy"]


class Learnergy:
    """Its sampling, its energy and its optimiser.

    Left out of its loop, in its favour: a DataLoader, and a pseudo-likelihood and reconstruction
    error after every batch.
    """

    def __init__(self, problem: Problem) -> None:
        """Make the machine."""
        machine = import_module("learnergy.models.bernoulli").RBM
        self._rbm = machine(
            problem.n_visible,
            problem.n_hidden,
            steps=problem.k,
            learning_rate=problem.learning_rate,
        )
        self._batches = problem.batches()

    def train(self, n_updates: int) -> None:
        """Make gradient updates."""
        rbm = self._rbm
        for _ in range(n_updates):
            batch = next(self._batches)
            model_v = rbm.gibbs_sampling(batch)[-1].detach()
            cost = torch.mean(rbm.energy(batch)) - torch.mean(rbm.energy(model_v))
            rbm.optimizer.zero_grad()
            cost.backward()
            rbm.optimizer.step()

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Run chains."""
        with torch.no_grad():
            for _ in range(n_steps):
                _mean_h, h = self._rbm.hidden_sampling(v)
                _mean_v, v = self._rbm.visible_sampling(h)
