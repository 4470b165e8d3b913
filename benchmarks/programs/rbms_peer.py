"""rbms: the body of its training loop, in its default scheme, PCD."""

from __future__ import annotations

from importlib import import_module

import torch
from torch import Tensor

from benchmarks.problem import Problem
from rbm_core import make_generator
from rbm_core.generators import normal

__all__ = ["Rbms"]


class Rbms:
    """`fit_batch_pcd` and SGD.

    Left out of its loop, in its favour: a permutation of all rows for every batch, centring (which
    the others do not do), and the archive it opens after every update.
    """

    def __init__(self, problem: Problem) -> None:
        """Make the machine, its chains and the optimiser."""
        self._fit_batch = import_module("rbms.training.pcd").fit_batch_pcd
        machine = import_module("rbms.bernoulli_bernoulli.classes").BBRBM
        sizes = problem.n_visible, problem.n_hidden
        self._rbm = machine(
            normal(sizes, make_generator(0)) * 0.01, torch.zeros(sizes[0]), torch.zeros(sizes[1])
        )
        self._k = problem.k
        self._rbm.init_grad()
        self._chains = self._rbm.init_chains(problem.batch_size)
        self._optimiser = torch.optim.SGD(
            self._rbm.parameters(), problem.learning_rate, maximize=True
        )
        self._batches = problem.batches()
        self._row_weights = torch.ones(problem.batch_size)

    def train(self, n_updates: int) -> None:
        """Make gradient updates."""
        with torch.no_grad():
            for _ in range(n_updates):
                self._optimiser.zero_grad(set_to_none=False)
                self._chains, _logs = self._fit_batch(
                    batch=(next(self._batches), self._row_weights),
                    parallel_chains=self._chains,
                    params=self._rbm,
                    gibbs_steps=self._k,
                    beta=1.0,
                    centered=False,
                )
                self._optimiser.step()

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Run chains."""
        with torch.no_grad():
            chains = self._rbm.init_chains(len(v), start_v=v)
            self._rbm.sample_state(chains=chains, n_steps=n_steps)
