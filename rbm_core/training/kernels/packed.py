"""The kernel for single machines of any size on the CPU: chains of packed bits."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.generators import Generator, make_generator, uniform
from rbm_core.machine.bit_draws import means
from rbm_core.machine.bit_products import add_up
from rbm_core.machine.lanes import WIDTH, Floats
from rbm_core.machine.packed import Words, by_unit, n_words, pack, padded, unit_means, unpack
from rbm_core.machine.packed_machine import PackedLayer, PackedMachine, flat
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM

__all__ = ["PackedKernel", "warm"]


class PackedKernel:
    """k Gibbs steps, each drawn, by sums of rows of weights. Cost grows with k.

    It obeys the law of `SampledKernel` and uses the same coins; sums are taken in another order.
    Batch and chains lie one after the other, each filled up to whole words of chains. The gradient
    is one product of them both, turned around, with their hidden means, those of the chains
    negative. Two units that are always on, one of them in the batch only, give the gradient of the
    hidden biases and the batch's mean hidden probability.
    """

    def __init__(self, rbm: RBM, n_batch: int) -> None:
        """Copy the machine and allocate the buffers.

        Args:
            rbm: Where to begin, one machine of single precision on the CPU; `self.rbm` is the live
                machine.
            n_batch: Rows in a batch, and chains.
        """
        self._machine = PackedMachine(rbm)
        self.rbm = rbm = self._machine.rbm
        n_visible, n_hidden = rbm.n_visible, rbm.n_hidden
        self._n_batch, self._n_filled = n_batch, n_words(n_batch) * WIDTH
        slope = padded(n_visible + 2, n_hidden)
        self._mean_v, self._mean_h = torch.zeros(n_visible), slope[n_visible + 1, :n_hidden]
        self.gradient = Parameters(
            slope[:n_visible, :n_hidden], torch.zeros(n_visible), slope[n_visible, :n_hidden]
        )
        self.parameters: tuple[Tensor, ...] = rbm.parameters()
        self.slopes: tuple[Tensor, ...] = self.gradient

        states: Words = np.zeros(2 * self._n_filled * n_words(n_visible), np.uint32)
        self._states, half = states, len(states) // 2
        self._batch, chains = states[:half], states[half:]
        self._visible = PackedLayer(n_batch, n_visible, chains)
        self._hidden = PackedLayer(n_batch, n_hidden)
        fields = padded(2 * self._n_filled, n_hidden)
        self._fields = fields.unflatten(0, (2, -1))[:, :n_batch, :n_hidden]
        self._read_fields, self._slope = flat(fields), flat(slope)
        self._means = flat(padded(2 * self._n_filled, n_hidden))
        self._nothing = flat(padded(1, n_hidden))
        self._turned = self._always_on(n_visible)
        self._data: Words = np.zeros((0, n_words(n_visible)), np.uint32)
        self._legal = self._powers = torch.empty(0)

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from."""
        self._data = pack(data)

    def set_legal(self, legal: Tensor) -> None:
        """Take which visible states are legal."""
        self._legal = legal.to(torch.float32)
        powers = [2.0**n for n in reversed(range(self.rbm.n_visible))]  # as in `state_index`
        self._powers = torch.tensor(powers)

    def start_at_data(self, rows: Tensor) -> None:
        """Put persistent chains on rows of the data."""
        self._gather(rows, self._visible.words)

    def start_at_noise(self, generator: Generator) -> None:
        """Put the chains on fair coins."""
        coins = uniform((self._n_batch, self.rbm.n_visible), generator, self.rbm.weights)
        self.set_chains(coins.lt_(0.5))

    def chains(self) -> Tensor:
        """Where the chains are."""
        n_batch, n_visible = self._n_batch, self.rbm.n_visible
        v = torch.empty(n_batch, n_visible)
        unpack(self._visible.words, n_batch, n_visible, flat(v))
        return v

    def set_chains(self, v: Tensor) -> None:
        """Put the chains on visible states."""
        self._visible.words[: self._n_batch * n_words(v.shape[-1])] = pack(v).reshape(-1)

    def contrast(self, rows: Tensor, k: int, generator: Generator, *, from_data: bool) -> None:
        """Compute the gradient for a batch."""
        machine, visible, hidden, n_batch = (
            self._machine, self._visible, self._hidden, self._n_batch
        )  # fmt: skip
        half = len(self._read_fields) // 2
        of_batch, of_chains = self._read_fields[:half], self._read_fields[half:]
        self._gather(rows, self._batch)
        machine.turn()
        if from_data:
            machine.hidden_fields(self._batch, n_batch, of_batch)
        else:  # one product for both
            machine.hidden_fields(self._states, self._n_filled + n_batch, self._read_fields)
        fields = of_batch if from_data else of_chains
        for _ in range(k):
            hidden.draw(fields, generator)
            machine.visible_fields(hidden.words, n_batch, visible.fields)
            visible.draw(visible.fields, generator)
            machine.hidden_fields(visible.words, n_batch, of_chains)
            fields = of_chains
        self._write_gradient(of_batch, of_chains)

    def data_means(self) -> tuple[Tensor, Tensor]:
        """Mean visible state and mean hidden probability of the last batch."""
        return self._mean_v, self._mean_h

    def free_energies(self) -> Tensor:
        """Mean free energy of the last batch and of the chains after k steps."""
        mean_states = torch.stack([self._mean_v, self._mean_v - self.gradient.visible_bias])
        hidden_term = F.softplus(self._fields).sum((-2, -1)) / self._n_batch
        return -(mean_states @ self.rbm.visible_bias + hidden_term)

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps."""
        numbers: Tensor = self.chains() @ self._powers
        return self._legal.take(numbers.long()).mean()

    def _gather(self, rows: Tensor, out: Words) -> None:
        chosen = self._data[rows.numpy()]
        out[: chosen.size] = chosen.reshape(-1)

    def _always_on(self, n_visible: int) -> Words:
        """Room for the states by unit, with the two units that are on in every chain."""
        width = n_words(self._n_batch)
        turned: Words = np.zeros((n_visible + 2, 2 * width), np.uint32)
        every_chain = pack(torch.ones(1, self._n_batch))[0]
        turned[n_visible] = np.tile(every_chain, 2)
        turned[n_visible + 1, :width] = every_chain
        return turned.reshape(-1)

    def _write_gradient(self, of_batch: Floats, of_chains: Floats) -> None:
        n_visible, n_hidden, n_batch = self.rbm.n_visible, self.rbm.n_hidden, self._n_batch
        half, share = len(self._means) // 2, np.float32(1 / n_batch)
        means(of_batch, n_batch, n_hidden, share, self._means[:half])
        means(of_chains, n_batch, n_hidden, -share, self._means[half:])
        width = n_words(n_batch)
        by_unit(self._batch, n_batch, n_visible, self._turned, 2 * width, 0)
        by_unit(self._visible.words, n_batch, n_visible, self._turned, 2 * width, width)
        n_in = 2 * self._n_filled
        add_up(self._turned, n_visible + 2, self._means, n_in, self._nothing, self._slope, n_hidden)
        unit_means(
            self._turned,
            n_visible,
            n_batch,
            self._mean_v.numpy(),
            self.gradient.visible_bias.numpy(),
        )


def warm() -> None:
    """Load or compile all that a training, or a chain, of packed bits calls."""
    kernel = PackedKernel(RBM(torch.zeros(1, 1), torch.zeros(1), torch.zeros(1)), 1)
    kernel.set_data(torch.zeros(1, 1))
    kernel.contrast(torch.zeros(1, dtype=torch.int64), 1, make_generator(0), from_data=True)
    kernel.chains()
