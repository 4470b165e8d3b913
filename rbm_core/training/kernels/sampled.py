"""The kernel that walks its chains step by step, for machines of any size."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.generators import Generator, fill_uniform
from rbm_core.machine.products import affine, contrast_states
from rbm_core.machine.rbm import RBM
from rbm_core.training.kernels.kernel import replaced

__all__ = ["SampledKernel"]


class SampledKernel:
    """k Gibbs steps, each drawn. Cost grows with k."""

    def __init__(self, rbm: RBM, n_batch: int) -> None:
        """Copy the machine and allocate the buffers.

        Args:
            rbm: Where to begin; `self.rbm` is the live machine.
            n_batch: Rows in a batch, and chains.
        """
        self.rbm = rbm = rbm.clone()
        self.gradient = rbm.parameters().zeros()
        self.parameters: tuple[Tensor, ...] = rbm.parameters()
        self.slopes: tuple[Tensor, ...] = self.gradient
        self._weights_t = rbm.weights.transpose(-1, -2)
        like, lead = rbm.weights, rbm.replica_shape

        def empty(*shape: int) -> Tensor:
            return torch.zeros(2, *lead, *shape, dtype=like.dtype, device=like.device)

        # Batch and chains one after the other: their means and free energies take one call.
        self._states = empty(n_batch, rbm.n_visible)
        self._fields = empty(n_batch, rbm.n_hidden)
        self._means_h = empty(n_batch, rbm.n_hidden)
        self._batch, self._v = self._states[0], self._states[1]
        self._data_field, self._field = self._fields[0], self._fields[1]
        self._data_mean_h, self._mean_h = self._means_h[0], self._means_h[1]
        self._h = torch.zeros_like(self._mean_h)
        self._mean_v = torch.zeros_like(self._v)
        self._mean_states, self._mean_means_h = empty(rbm.n_visible), empty(rbm.n_hidden)
        self._data = self._legal = self._powers = empty(0)

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from."""
        dtype = self._batch.dtype if data.is_floating_point() else data.dtype  # bits stay bytes
        self._data = replaced(self._data, data.to(self._batch.device, dtype))

    def set_legal(self, legal: Tensor) -> None:
        """Take which visible states are legal."""
        self._legal = legal.to(self._batch)
        powers = [2.0**n for n in reversed(range(self._v.shape[-1]))]  # as in `state_index`
        self._powers = self._v.new_tensor(powers)

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
        rbm = self.rbm
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

    def data_means(self) -> tuple[Tensor, Tensor]:
        """Mean visible state and mean hidden probability of the last batch."""
        return self._mean_states[0], self._mean_means_h[0]

    def free_energies(self) -> Tensor:
        """Mean free energy of the last batch and of the chains after k steps."""
        visible_term = (self._mean_states * self.rbm.visible_bias).sum(-1)
        hidden_term = F.softplus(self._fields).sum((-2, -1)) / self._fields.shape[-2]
        means: Tensor = -(visible_term + hidden_term)
        return means.movedim(0, -1)

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps."""
        numbers: Tensor = self._v @ self._powers
        return self._legal.take(numbers.long()).mean(-1)

    def _gather(self, rows: Tensor, out: Tensor) -> None:
        chosen = self._data.index_select(0, rows.reshape(-1))
        # One batch for every replica, or each its own.
        out.copy_(chosen if rows.ndim == 1 else chosen.view_as(out))

    def _write_gradient(self) -> None:
        gradient = self.gradient
        contrast_states(
            (self._batch, self._data_mean_h), (self._v, self._mean_h), out=gradient.weights
        )
        torch.mean(self._states, -2, out=self._mean_states)
        torch.mean(self._means_h, -2, out=self._mean_means_h)
        torch.sub(*self._mean_states, out=gradient.visible_bias)
        torch.sub(*self._mean_means_h, out=gradient.hidden_bias)
