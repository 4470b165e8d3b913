"""The kernel that draws the end of k steps from the exact transition matrix."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.generators import Generator, fill_uniform, integers
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import enumerate_states, state_index
from rbm_core.training.kernels.kernel import replaced

__all__ = ["MatrixKernel"]


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
        self.rbm, self.gradient = RBM(*_views(self._joint)), _views(self._slope)
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
        self._data = replaced(self._data, state_index(data.to(self._v.device)))

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


def _views(joint: Tensor) -> Parameters:
    """Parameters that are parts of one matrix."""
    return Parameters(joint[..., :-1, :-1], joint[..., :-1, -1], joint[..., -1, :-1])
