"""Compiled updates behind a kernel's interface: one update from which the machine is taken back.

So the laws of kernels hold them too: the gradient is what a step of rate 1 adds, the means of the
batch are what the centring offsets move towards.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import Tensor

from rbm_core import RBM
from rbm_core.generators import Generator
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.states import enumerate_states, state_index
from rbm_core.training.loops import learn
from rbm_core.training.small import CD, NEVER, PCD, Data, Floats, Machines, Rules, Timed, Words
from rbm_core.training.step import CENTRING_RATE

__all__ = ["CompiledExactKernel", "CompiledSampledKernel"]


class CompiledSampledKernel:
    """Every unit of every step drawn."""

    least_k = NEVER

    def __init__(self, rbm: RBM, n_batch: int) -> None:
        self.rbm = rbm
        self.gradient = rbm.parameters().zeros()
        self.parameters: tuple[Tensor, ...] = rbm.parameters()
        self.slopes: tuple[Tensor, ...] = self.gradient
        n = rbm.replica_shape[0] if rbm.replica_shape else 1
        self._shape = (n, rbm.n_visible + 1, rbm.n_hidden + 1)
        self._chains = np.zeros((n, n_batch), dtype=np.int64)
        self._before = self._chains.copy()
        self._states = np.zeros(0, dtype=np.int64)
        self._legal: Floats = np.zeros(2**rbm.n_visible)
        self._sums = np.zeros((n, 3))
        self._joint, self._moved = np.zeros(self._shape), np.zeros(self._shape)
        self._offsets = np.zeros((n, rbm.n_visible + rbm.n_hidden))

    def set_data(self, data: Tensor) -> None:
        self._states = state_index(data).numpy()

    def set_legal(self, legal: Tensor) -> None:
        self._legal = legal.double().numpy()

    def start_at_data(self, rows: Tensor) -> None:
        self._chains[:] = self._states[rows.numpy()]

    def start_at_noise(self, generator: Generator) -> None:
        """As an update of the scheme does, with no step after it: the draw alone is told apart."""
        uniform = cast("np.random.Generator", generator).random(self._chains.shape)
        self._chains[:] = (uniform * 2**self.rbm.n_visible).astype(np.int64)

    def chains(self) -> Tensor:
        states = enumerate_states(self.rbm.n_visible)[torch.as_tensor(self._chains)]
        return states if self.rbm.replica_shape else states[0]

    def set_chains(self, v: Tensor) -> None:
        self._chains[:] = state_index(v).numpy()

    def contrast(self, rows: Tensor, k: int, generator: Generator, *, from_data: bool) -> None:
        numpy_generator = cast("np.random.Generator", generator)
        parts = [p.double().numpy() for p in self.rbm.parameters()]
        self._joint[:, :-1, :-1], self._joint[:, :-1, -1], self._joint[:, -1, :-1] = parts
        words = numpy_generator.integers(2**63, size=(len(self._chains), 4)).astype(np.uint64)
        self._sums[:] = 0.0
        for centred, target in ((False, self._moved), (True, np.zeros(self._shape))):
            self._update(rows, k, (centred, from_data), words.copy(), target)
        slope = self._moved - self._joint
        parts = [slope[:, :-1, :-1], slope[:, :-1, -1], slope[:, -1, :-1]]
        self.slopes = self.gradient = Parameters(*(self._led(part) for part in parts))

    def _update(
        self, rows: Tensor, k: int, how: tuple[bool, bool], streams: Words, target: Floats
    ) -> None:
        """One update of a copy; the centred one is a repetition that shows the batch's means."""
        centred, from_data = how
        target[:] = self._joint
        self._offsets[:] = 0.0
        chains, sums = (self._before, self._sums * 0) if centred else (self._chains, self._sums)
        if not centred:
            self._before = self._chains.copy()
        scheme = CD if from_data else PCD
        least_k = self.least_k
        rules = Rules(scheme, least_k, centred, momentum=False, single=False, l1=0.0, l2=0.0)
        timed = Timed(np.ones(1), np.zeros(1), np.full(1, k))
        velocity, factors = np.zeros(self._shape), np.ones(len(target))
        machines = Machines(target, velocity, self._offsets, streams, chains, factors, sums)
        for r in range(len(target)):
            own = rows if rows.ndim == 1 else rows[r]
            data = Data(self._states, own.numpy().copy(), self._legal)
            learn(machines, data, rules, timed, r, r + 1)

    def data_means(self) -> tuple[Tensor, Tensor]:
        means = self._led(self._offsets) / CENTRING_RATE
        n_visible = self.rbm.n_visible
        return means[..., :n_visible], means[..., n_visible:]

    def free_energies(self) -> Tensor:
        return self._led(self._sums)[..., :2]

    def legal_share(self) -> Tensor:
        return self._led(self._sums)[..., 2]

    def _led(self, array: Floats) -> Tensor:
        return torch.as_tensor(array if self.rbm.replica_shape else array[0])


class CompiledExactKernel(CompiledSampledKernel):
    """One draw from the exact matrix."""

    least_k = 1
