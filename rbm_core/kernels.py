"""The hot loop of training: one contrastive gradient, into reused buffers.

Two kernels obey one law. `SampledKernel` walks the chains step by step; `MatrixKernel` draws the
state after k steps in one go from the k-th power of the exact transition matrix, at a cost that
hardly depends on k, for visible layers small enough to enumerate. Both change their own buffers
in place and nothing else; the parameters they read are the live tensors of the run.

Source of the gradient: Hinton (2012), section 3: probabilities for the hidden units in both
statistics, samples inside the chain.
"""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.exact import enumerate_states, state_index
from rbm_core.generators import Generator, fill_uniform, integers
from rbm_core.rbm import RBM

__all__ = ["Kernel", "MatrixKernel", "SampledKernel"]


class Kernel(Protocol):
    """What a training run asks of either kernel.

    Attributes:
        gradient: Data statistics minus model statistics of the last call, as an RBM-shaped triple.
        data_mean_v: Mean visible state of the last batch, shape (..., n_visible).
        data_mean_h: Mean hidden probability of the last batch, shape (..., n_hidden).
    """

    gradient: RBM
    data_mean_v: Tensor
    data_mean_h: Tensor

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from, shape (n_samples, n_visible)."""

    def set_legal(self, legal: Tensor) -> None:
        """Take which visible states are legal, shape (2**n_visible,), for `legal_share`."""

    def start_at_data(self, rows: Tensor) -> None:
        """Put persistent chains on rows of the data, shape (..., n_chains)."""

    def start_at_noise(self, generator: Generator) -> None:
        """Put the chains on fair coins; the generator is advanced in place."""

    def chains(self) -> Tensor:
        """Where the chains are: visible states, shape (..., n_chains, n_visible)."""

    def set_chains(self, v: Tensor) -> None:
        """Put the chains on visible states, shape (..., n_chains, n_visible)."""

    def contrast(self, rows: Tensor, k: int, generator: Generator, *, from_data: bool) -> None:
        """Compute the gradient for a batch; the generator is advanced in place.

        Args:
            rows: Numbers of the data rows in the batch, shape (..., n_batch) or (n_batch,).
            k: Gibbs steps.
            generator: Advanced in place.
            from_data: Start the chains at the batch instead of where they are.
        """

    def free_energies(self) -> tuple[Tensor, Tensor]:
        """Mean free energy of the last batch and of the chains after k steps, shape (...)."""

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps, shape (...)."""


def affine(bias: Tensor, states: Tensor, weights: Tensor, out: Tensor) -> Tensor:
    """Write states @ weights + bias into `out`, with or without a replica axis."""
    if states.ndim == 2:
        return torch.addmm(bias, states, weights, out=out)
    return torch.baddbmm(bias.unsqueeze(-2), states, weights, out=out)


class SampledKernel:
    """k Gibbs steps, each drawn. Cost grows with k."""

    def __init__(self, rbm: RBM, n_batch: int, n_chains: int) -> None:
        """Allocate the buffers.

        Args:
            rbm: The live machine; read at every call.
            n_batch: Rows in a batch.
            n_chains: Chains; with `from_data` it must equal n_batch.
        """
        self._rbm = rbm
        self._weights_t = rbm.weights.transpose(-1, -2)
        like, lead = rbm.weights, rbm.replica_shape

        def empty(*shape: int) -> Tensor:
            return torch.zeros(*lead, *shape, dtype=like.dtype, device=like.device)

        self._batch = empty(n_batch, rbm.n_visible)
        self._data_field = empty(n_batch, rbm.n_hidden)
        self._data_mean_h = empty(n_batch, rbm.n_hidden)
        self._v = empty(n_chains, rbm.n_visible)
        self._mean_v = empty(n_chains, rbm.n_visible)
        self._h = empty(n_chains, rbm.n_hidden)
        self._field = empty(n_chains, rbm.n_hidden)
        self._mean_h = empty(n_chains, rbm.n_hidden)
        self.gradient = RBM(*(torch.zeros_like(p) for p in rbm.parameters()))
        self.data_mean_v = empty(rbm.n_visible)
        self.data_mean_h = empty(rbm.n_hidden)
        self._data = self._legal = empty(0)

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from."""
        self._data = data.to(self._batch)

    def set_legal(self, legal: Tensor) -> None:
        """Take which visible states are legal."""
        self._legal = legal.to(self._batch)

    def start_at_data(self, rows: Tensor) -> None:
        """Put persistent chains on rows of the data."""
        self._gather(rows, self._v)

    def start_at_noise(self, generator: Generator) -> None:
        """Put the chains on fair coins."""
        fill_uniform(self._v, generator).lt_(0.5)

    def chains(self) -> Tensor:
        """Where the chains are."""
        return self._v

    def set_chains(self, v: Tensor) -> None:
        """Put the chains on visible states."""
        self._v.copy_(v)

    def contrast(self, rows: Tensor, k: int, generator: Generator, *, from_data: bool) -> None:
        """Compute the gradient for a batch."""
        rbm = self._rbm
        self._gather(rows, self._batch)
        affine(rbm.hidden_bias, self._batch, rbm.weights, out=self._data_field)
        torch.sigmoid(self._data_field, out=self._data_mean_h)
        if from_data:
            mean_h = self._data_mean_h
        else:
            affine(rbm.hidden_bias, self._v, rbm.weights, out=self._field)
            mean_h = torch.sigmoid(self._field, out=self._mean_h)
        for _ in range(k):
            fill_uniform(self._h, generator).lt_(mean_h)
            affine(rbm.visible_bias, self._h, self._weights_t, out=self._mean_v).sigmoid_()
            fill_uniform(self._v, generator).lt_(self._mean_v)
            affine(rbm.hidden_bias, self._v, rbm.weights, out=self._field)
            mean_h = torch.sigmoid(self._field, out=self._mean_h)
        self._write_gradient()

    def free_energies(self) -> tuple[Tensor, Tensor]:
        """Mean free energy of the last batch and of the chains after k steps."""
        return (
            self._mean_free_energy(self._batch, self._data_field),
            self._mean_free_energy(self._v, self._field),
        )

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps."""
        return self._legal[state_index(self._v)].mean(-1)

    def _gather(self, rows: Tensor, out: Tensor) -> None:
        if rows.ndim == out.ndim - 1:
            flat = out.view(-1, out.shape[-1])
            torch.index_select(self._data, 0, rows.reshape(-1), out=flat)
        else:  # one batch for every replica
            out.copy_(self._data.index_select(0, rows))

    def _write_gradient(self) -> None:
        gradient = self.gradient
        n_batch, n_chains = self._batch.shape[-2], self._v.shape[-2]
        product = gradient.weights
        data_t, model_t = self._batch.transpose(-1, -2), self._v.transpose(-1, -2)
        if product.ndim == 2:
            torch.addmm(product, data_t, self._data_mean_h, beta=0, alpha=1 / n_batch, out=product)
            product.addmm_(model_t, self._mean_h, alpha=-1 / n_chains)
        else:
            torch.baddbmm(
                product, data_t, self._data_mean_h, beta=0, alpha=1 / n_batch, out=product
            )
            product.baddbmm_(model_t, self._mean_h, alpha=-1 / n_chains)
        torch.mean(self._batch, -2, out=self.data_mean_v)
        torch.mean(self._data_mean_h, -2, out=self.data_mean_h)
        torch.sub(self.data_mean_v, self._v.mean(-2), out=gradient.visible_bias)
        torch.sub(self.data_mean_h, self._mean_h.mean(-2), out=gradient.hidden_bias)

    def _mean_free_energy(self, v: Tensor, field: Tensor) -> Tensor:
        linear = (v.mean(-2) * self._rbm.visible_bias).sum(-1)
        return -linear - F.softplus(field).sum((-2, -1)) / field.shape[-2]


class MatrixKernel:
    """The state after k Gibbs steps, drawn at once from the k-th power of the exact matrix.

    The chains are kept as state numbers, the statistics as counts over the 2**n_visible states.
    The law of the end states equals that of `SampledKernel`; the random numbers differ.
    """

    def __init__(self, rbm: RBM, n_batch: int, n_chains: int) -> None:
        """Enumerate both layers.

        Args:
            rbm: The live machine; read at every call.
            n_batch: Rows in a batch.
            n_chains: Chains; with `from_data` it must equal n_batch.
        """
        self._rbm = rbm
        like, lead = rbm.weights, rbm.replica_shape
        device = like.device
        self._states_v = enumerate_states(rbm.n_visible, dtype=like.dtype).to(device)
        self._states_h = enumerate_states(rbm.n_hidden, dtype=like.dtype).to(device)
        self._n_states = self._states_v.shape[0]
        self._batch = torch.zeros(*lead, n_batch, dtype=torch.int64, device=device)
        self._chains = torch.zeros(*lead, n_chains, dtype=torch.int64, device=device)
        self._coins = torch.zeros(*lead, n_chains, dtype=like.dtype, device=device)
        self._ones = torch.ones(*lead, max(n_batch, n_chains), dtype=like.dtype, device=device)
        self._free_energy = self._share_data = self._share_model = self._coins
        self._numbers = self._batch
        self._legal = self._coins
        self.gradient = RBM(*(torch.zeros_like(p) for p in rbm.parameters()))
        self.data_mean_v = torch.zeros_like(rbm.visible_bias)
        self.data_mean_h = torch.zeros_like(rbm.hidden_bias)

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from."""
        self._numbers = state_index(data.to(self._states_v.device))

    def set_legal(self, legal: Tensor) -> None:
        """Take which visible states are legal."""
        self._legal = legal.to(self._states_v)

    def start_at_data(self, rows: Tensor) -> None:
        """Put persistent chains on rows of the data."""
        self._chains.copy_(self._numbers[rows])

    def start_at_noise(self, generator: Generator) -> None:
        """Put the chains on fair coins."""
        self._chains = integers(self._n_states, tuple(self._chains.shape), generator)

    def chains(self) -> Tensor:
        """Where the chains are."""
        return self._states_v[self._chains]

    def set_chains(self, v: Tensor) -> None:
        """Put the chains on visible states."""
        self._chains.copy_(state_index(v))

    def contrast(self, rows: Tensor, k: int, generator: Generator, *, from_data: bool) -> None:
        """Compute the gradient for a batch."""
        self._batch.copy_(self._numbers[rows])
        mean_h, matrix = self._transition()
        start = self._batch if from_data else self._chains
        self._chains = self._draw(torch.linalg.matrix_power(matrix, k), start, generator)
        self._share_data = self._shares(self._batch)
        self._share_model = self._shares(self._chains)
        excess = (self._share_data - self._share_model).unsqueeze(-1)  # (..., n_states, 1)
        weighted = excess * mean_h
        states_t = self._states_v.T
        gradient = self.gradient
        torch.matmul(states_t, weighted, out=gradient.weights)
        torch.sum(excess * self._states_v, -2, out=gradient.visible_bias)
        torch.sum(weighted, -2, out=gradient.hidden_bias)
        data_share = self._share_data.unsqueeze(-1)
        torch.sum(data_share * self._states_v, -2, out=self.data_mean_v)
        torch.sum(data_share * mean_h, -2, out=self.data_mean_h)

    def free_energies(self) -> tuple[Tensor, Tensor]:
        """Mean free energy of the last batch and of the chains after k steps."""
        return (
            (self._share_data * self._free_energy).sum(-1),
            (self._share_model * self._free_energy).sum(-1),
        )

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps."""
        return (self._share_model * self._legal).sum(-1)

    def _transition(self) -> tuple[Tensor, Tensor]:
        """p(h_j = 1 given v) of every state, and the one-step matrix."""
        rbm, v, h = self._rbm, self._states_v, self._states_h
        hidden_field = rbm.hidden_field(v)
        visible_field = rbm.visible_field(h)
        norm_h = F.softplus(hidden_field).sum(-1, keepdim=True)
        norm_v = F.softplus(visible_field).sum(-1, keepdim=True)
        self._free_energy = -norm_h.squeeze(-1) - (v @ rbm.visible_bias.unsqueeze(-1)).squeeze(-1)
        down = (hidden_field @ h.T).sub_(norm_h).exp_()
        up = (visible_field @ v.T).sub_(norm_v).exp_()
        return torch.sigmoid(hidden_field), down @ up

    def _draw(self, matrix: Tensor, start: Tensor, generator: Generator) -> Tensor:
        """Draw an end state for each chain by inverting the distribution function of its row."""
        ladder = matrix.cumsum(-1)
        rows = ladder.gather(-2, start.unsqueeze(-1).expand(*start.shape, self._n_states))
        height = fill_uniform(self._coins, generator).unsqueeze(-1) * rows[..., -1:]
        # Rounding can put the height on the last rung, one above the last state.
        return (height >= rows).sum(-1).clamp_max_(self._n_states - 1)

    def _shares(self, numbers: Tensor) -> Tensor:
        """Share of each state among state numbers, shape (..., n_states)."""
        n = numbers.shape[-1]
        counts = torch.zeros(
            *numbers.shape[:-1], self._n_states, dtype=self._ones.dtype, device=numbers.device
        )
        return counts.scatter_add_(-1, numbers, self._ones[..., :n]).div_(n)
