"""The hot loop of training: one contrastive gradient, into reused buffers.

Two kernels obey one law. `SampledKernel` walks the chains step by step; `MatrixKernel` draws the
state after k steps in one go from the k-th power of the exact transition matrix, at a cost that
hardly depends on k, for visible layers small enough to enumerate. Each owns the live
parameters of its run and its buffers, and changes nothing else.

Source of the gradient: Hinton (2012), section 3: probabilities for the hidden units in both
statistics, samples inside the chain.
"""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.generators import Generator, fill_uniform, integers
from rbm_core.machine.products import affine, contrast_states
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import enumerate_states, state_index

__all__ = ["Kernel", "MatrixKernel", "SampledKernel"]


class Kernel(Protocol):
    """What a training run asks of either kernel.

    Attributes:
        rbm: The live machine, a copy of the one the kernel was made with.
        gradient: Data statistics minus model statistics of the last call, as an RBM-shaped triple.
        parameters: Tensors that hold the machine's parameters, each once.
        slopes: Tensors that hold the gradient, shaped as `parameters`.
    """

    rbm: RBM
    gradient: RBM
    parameters: tuple[Tensor, ...]
    slopes: tuple[Tensor, ...]

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from, shape (n_samples, n_visible), or as bytes."""

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

    def data_means(self) -> tuple[Tensor, Tensor]:
        """Mean visible state and mean hidden probability of the last batch, (..., n_units)."""

    def free_energies(self) -> Tensor:
        """Mean free energy of the last batch and of the chains after k steps, shape (..., 2)."""

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps, shape (...)."""


class SampledKernel:
    """k Gibbs steps, each drawn. Cost grows with k."""

    def __init__(self, rbm: RBM, n_batch: int) -> None:
        """Copy the machine and allocate the buffers.

        Args:
            rbm: Where to begin; `self.rbm` is the live machine.
            n_batch: Rows in a batch, and chains.
        """
        self.rbm = rbm = rbm.clone()
        self.gradient = RBM(*(torch.zeros_like(p) for p in rbm.parameters()))
        self.parameters: tuple[Tensor, ...] = rbm.parameters()
        self.slopes: tuple[Tensor, ...] = self.gradient.parameters()
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
        self._data = _replace(self._data, data.to(self._batch.device, dtype))

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


class MatrixKernel:
    """The state after k Gibbs steps, drawn at once from the k-th power of the exact matrix.

    The law of the end states equals that of `SampledKernel`; the random numbers differ. The
    parameters lie in one matrix A = [[W, b_v], [b_h, 0]], so that with v and h extended by a one
    the joint log-weights of all states are v A h: a softmax along one axis gives p(h|v), along the
    other p(v|h). Batch and chains are kept as state numbers, statistics as shares of the
    2**n_visible states, probabilities in double precision where the device has it.
    """

    def __init__(self, rbm: RBM, n_batch: int) -> None:
        """Enumerate both layers and copy the machine.

        Args:
            rbm: Where to begin; `self.rbm` is the live machine.
            n_batch: Rows in a batch, and chains.
        """
        lead, n_visible, n_hidden = rbm.replica_shape, rbm.n_visible, rbm.n_hidden
        device = rbm.weights.device
        self._n_states = n_states = 2**n_visible
        self._precise = torch.float32 if device.type == "mps" else torch.float64

        def zeros(*shape: int, dtype: torch.dtype = self._precise) -> Tensor:
            return torch.zeros(*lead, *shape, dtype=dtype, device=device)

        self._joint = zeros(n_visible + 1, n_hidden + 1, dtype=rbm.weights.dtype)
        self._slope = zeros(n_visible + 1, n_hidden + 1)
        self._corner = self._slope[..., -1, -1]
        self.rbm, self.gradient = _views(self._joint), _views(self._slope)
        for live, given in zip(self.rbm.parameters(), rbm.parameters(), strict=True):
            live.copy_(given)
        self.parameters: tuple[Tensor, ...] = (self._joint,)
        self.slopes: tuple[Tensor, ...] = (self._slope,)
        self._v = F.pad(enumerate_states(n_visible, dtype=self._precise), (0, 1), value=1.0)
        self._v = self._v.to(device)
        self._h = F.pad(enumerate_states(n_hidden, dtype=self._precise), (0, 1), value=1.0)
        self._h = self._h.to(device)
        self._row_offset = torch.arange(n_states, device=device)[:, None].to(self._precise)
        # Batch and chains side by side: one call counts both.
        self._numbers = zeros(2, n_batch, dtype=torch.int64)
        self._batch, self._chains = self._numbers[..., 0, :], self._numbers[..., 1, :]
        self._parts = zeros(2, n_batch).fill_(1 / n_batch)
        self._shares = zeros(2, n_states)
        self._data_share, self._model_share = self._shares[..., 0, :], self._shares[..., 1, :]
        self._coins = zeros(n_batch)
        self._log_weight = zeros(n_states, 1)
        self._mean_h = zeros(n_states, n_hidden + 1)
        self._data = self._legal = zeros(0)

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from."""
        self._data = _replace(self._data, state_index(data.to(self._v.device)))

    def set_legal(self, legal: Tensor) -> None:
        """Take which visible states are legal."""
        self._legal = legal.to(self._v)

    def start_at_data(self, rows: Tensor) -> None:
        """Put persistent chains on rows of the data."""
        self._chains.copy_(self._data[rows])

    def start_at_noise(self, generator: Generator) -> None:
        """Put the chains on fair coins."""
        self._chains.copy_(integers(self._n_states, tuple(self._chains.shape), generator))

    def chains(self) -> Tensor:
        """Where the chains are."""
        return self._v[self._chains, :-1].to(self._joint.dtype)

    def set_chains(self, v: Tensor) -> None:
        """Put the chains on visible states."""
        self._chains.copy_(state_index(v))

    def contrast(self, rows: Tensor, k: int, generator: Generator, *, from_data: bool) -> None:
        """Compute the gradient for a batch."""
        self._batch.copy_(self._data.take(rows))
        ladder = self._ladder(k)
        height = fill_uniform(self._coins, generator)
        height.add_(self._batch if from_data else self._chains)
        rung = torch.searchsorted(ladder, height, right=True)
        # A row has a power of two of rungs, so the last bits of a rung are the end state.
        torch.bitwise_and(rung, self._n_states - 1, out=self._chains)
        self._shares.zero_().scatter_add_(-1, self._numbers, self._parts)
        excess = (self._data_share - self._model_share).unsqueeze(-1)
        torch.matmul(self._v.T, excess * self._mean_h, out=self._slope)
        # The corner multiplies a constant that no probability depends on.
        self._corner.zero_()

    def data_means(self) -> tuple[Tensor, Tensor]:
        """Mean visible state and mean hidden probability of the last batch."""
        share = self._shares[..., :1, :]
        dtype = self._joint.dtype
        return (
            (share @ self._v).squeeze(-2)[..., :-1].to(dtype),
            (share @ self._mean_h).squeeze(-2)[..., :-1].to(dtype),
        )

    def free_energies(self) -> Tensor:
        """Mean free energy of the last batch and of the chains after k steps."""
        return -(self._shares @ self._log_weight).squeeze(-1)

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps."""
        return self._model_share @ self._legal

    def _ladder(self, k: int) -> Tensor:
        """Distribution functions of all states after k steps, end to end, rising.

        Row s runs from s to s + 1, so a height s + u finds the end state of a chain at s. Shape
        (..., n_states * n_states).
        """
        log_weights = (self._v @ self._joint.to(self._precise)) @ self._h.T
        torch.logsumexp(log_weights, -1, keepdim=True, out=self._log_weight)  # -F(v)
        # A softmax along the last axis would take eight times as long for rows as short as these.
        down = (log_weights - self._log_weight).exp_()  # p(h|v)
        up = torch.softmax(log_weights, -2)  # p(v|h)
        torch.matmul(down, self._h, out=self._mean_h)
        matrix = torch.linalg.matrix_power(down @ up.transpose(-1, -2), k)
        ladder: Tensor = matrix.cumsum(-1).add_(self._row_offset)
        return ladder.flatten(-2)


def _replace(held: Tensor, new: Tensor) -> Tensor:
    """Write new data over data of the same shape, where captured work looks for them."""
    return held.copy_(new) if held.shape == new.shape else new


def _views(joint: Tensor) -> RBM:
    """A machine whose parameters are parts of one matrix."""
    return RBM(joint[..., :-1, :-1], joint[..., :-1, -1], joint[..., -1, :-1])
