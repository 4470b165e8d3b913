"""The notebook's own loop, said again: its sampling, its loss, its gradient through the chain.

What it does that is slow stays as it is: every Gibbs step is recorded for a backward pass that
finds no gradient there, a gate's batch is made anew in NumPy, and its success is counted after
every update. Left out is what is not its loop: reading images through a DataLoader (the batches
are handed over) and printing.

Source: L. Tarbouriech and J. Touzet, Restricted Boltzmann Machines, a notebook.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own customary name)

from benchmarks.problem import Problem

__all__ = ["Notebook", "NotebookRBM"]


class NotebookRBM(nn.Module):
    """A machine whose chain is part of the graph that autograd records.

    Attributes:
        weights: Shape (n_hidden, n_visible), the transpose of rbm_core's.
        visible_bias: Shape (n_visible,).
        hidden_bias: Shape (n_hidden,).
    """

    def __init__(self, n_visible: int, n_hidden: int, k: int, generator: torch.Generator) -> None:
        """Draw small weights.

        Args:
            n_visible: Visible units.
            n_hidden: Hidden units.
            k: Gibbs steps of `forward`.
            generator: Of this and of all later draws.
        """
        super().__init__()
        drawn = torch.randn(n_hidden, n_visible, generator=generator)
        self.weights = nn.Parameter(drawn * 1e-2)
        self.visible_bias = nn.Parameter(torch.zeros(n_visible))
        self.hidden_bias = nn.Parameter(torch.zeros(n_hidden))
        self._k = k
        self._generator = generator

    def draw(self, mean: Tensor) -> Tensor:
        """Draw bits by the sign of mean minus a uniform."""
        return torch.relu(torch.sign(mean - torch.rand(mean.size(), generator=self._generator)))

    def hidden_given(self, v: Tensor) -> Tensor:
        """Draw hidden states."""
        return self.draw(torch.sigmoid(F.linear(v, self.weights, self.hidden_bias)))

    def visible_given(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Draw visible states; return them and their probabilities."""
        mean = torch.sigmoid(F.linear(h, self.weights.t(), self.visible_bias))
        return self.draw(mean), mean

    def forward(self, v: Tensor) -> Tensor:
        """Return the visible states after k steps from v."""
        h = self.hidden_given(v)
        for _ in range(self._k):
            v, _mean = self.visible_given(h)
            h = self.hidden_given(v)
        return v

    def free_energy(self, v: Tensor) -> Tensor:
        """Mean free energy, by log(1 + exp(x)) as the notebook has it (it overflows)."""
        hidden = F.linear(v, self.weights, self.hidden_bias).exp().add(1).log().sum(1)
        return (-hidden - v.mv(self.visible_bias)).mean()


class Notebook:
    """The notebook's training and its dream."""

    def __init__(self, problem: Problem) -> None:
        """Set up the machine and plain stochastic gradient descent."""
        self._problem = problem
        self.rbm = NotebookRBM(
            problem.n_visible, problem.n_hidden, problem.k, torch.Generator().manual_seed(0)
        )
        self._optimiser = torch.optim.SGD(self.rbm.parameters(), problem.learning_rate)
        self._batches = problem.batches()
        self._coins = np.random.default_rng(0)
        self.losses: list[Tensor] = []
        self.success_rates: list[float] = []

    def train(self, n_updates: int) -> None:
        """Make gradient updates; keep the losses and success rates of these alone."""
        self.losses, self.success_rates = [], []
        for _ in range(n_updates):
            gate = self._problem.dataset.is_truth_table
            batch = self._gate_batch() if gate else next(self._batches)
            model_v = self.rbm(batch)
            loss = self.rbm.free_energy(batch) - self.rbm.free_energy(model_v)
            self.losses.append(loss.detach())
            self._optimiser.zero_grad()
            loss.backward()
            self._optimiser.step()
            if gate:
                self.success_rates.append(_success_rate(model_v.detach().numpy()))

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Run chains, writing the probabilities of each step into a frame as the notebook does.

        The notebook starts from a frame of the same tensor, by which its graph comes to hold
        itself and is never freed; here it starts from v, so that rounds can follow each other.
        """
        frames = torch.zeros(2, *v.shape)
        h = self.rbm.hidden_given(v)
        for _ in range(n_steps):
            drawn, mean = self.rbm.visible_given(h)
            h = self.rbm.hidden_given(drawn)
            frames[1] = mean

    def _gate_batch(self) -> Tensor:
        inputs = self._coins.integers(0, 2, (self._problem.batch_size, 2))
        target = inputs[:, 0:1] * inputs[:, 1:2]
        return torch.from_numpy(np.concatenate((inputs, target), axis=1).astype(np.single))


def _success_rate(rows: NDArray[np.float32]) -> float:
    """Share of rows whose third bit is the AND of the first two."""
    truth = rows[:, 0:1] * rows[:, 1:2]
    return float(1 - np.mean(np.abs(rows[:, 2:3] - truth)))
