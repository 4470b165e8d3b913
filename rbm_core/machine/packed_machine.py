"""A machine and its layers laid out for products of packed bits."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rbm_core.generators import Generator, fill_uniform
from rbm_core.machine.bit_draws import draw
from rbm_core.machine.bit_products import add_up, n_rows_read, transpose
from rbm_core.machine.lanes import WIDTH, Floats
from rbm_core.machine.packed import Words, n_words, padded
from rbm_core.machine.rbm import RBM

__all__ = ["PackedLayer", "PackedMachine"]


class PackedMachine:
    """A copy of a machine, its weights in rows for either direction.

    Attributes:
        rbm: The live machine; its tensors are parts of what the products read.
    """

    def __init__(self, rbm: RBM) -> None:
        """Copy a single machine of single precision on the CPU."""
        n_visible, n_hidden = rbm.n_visible, rbm.n_hidden
        weights = padded(n_rows_read(n_visible), n_hidden)
        weights_t = padded(n_rows_read(n_hidden), n_visible)
        biases = padded(1, n_visible)[0], padded(1, n_hidden)[0]
        self.rbm = RBM(weights[:n_visible, :n_hidden], biases[0][:n_visible], biases[1][:n_hidden])
        for live, given in zip(self.rbm.parameters(), rbm.parameters(), strict=True):
            live.copy_(given)
        self._weights, self._weights_t = flat(weights), flat(weights_t)
        self._visible_bias, self._hidden_bias = (bias.numpy() for bias in biases)
        self.turn()

    def turn(self) -> None:
        """Renew the weights' transpose, which `visible_fields` reads, after they have changed."""
        transpose(self._weights, self.rbm.n_visible, self.rbm.n_hidden, self._weights_t)

    def hidden_fields(self, v: Words, n_chains: int, out: Floats) -> None:
        """Write v W + b_h into rows, one for each chain."""
        rbm = self.rbm
        add_up(v, n_chains, self._weights, rbm.n_visible, self._hidden_bias, out, rbm.n_hidden)

    def visible_fields(self, h: Words, n_chains: int, out: Floats) -> None:
        """Write h Wᵀ + b_v into rows, one for each chain."""
        rbm = self.rbm
        add_up(h, n_chains, self._weights_t, rbm.n_hidden, self._visible_bias, out, rbm.n_visible)


class PackedLayer:
    """States of one layer in some chains, room for their fields, and the coins that decide.

    Attributes:
        words: The states, packed.
        fields: Inputs of the units, in rows.
    """

    def __init__(self, n_chains: int, n: int, words: Words | None = None) -> None:
        """Allocate the layer, all units off, or take up states that are held elsewhere."""
        self._n_chains, self._n = n_chains, n
        self.words = np.zeros(n_chains * n_words(n), np.uint32) if words is None else words
        self.fields = flat(padded(n_chains, n))
        coins = torch.zeros(n_chains * n + WIDTH)  # `draw` reads some more
        self._coins, self._read_coins = coins[: n_chains * n].view(n_chains, n), flat(coins)

    def draw(self, fields: Floats, generator: Generator) -> None:
        """Draw the states from fields, with the coins that `bernoulli` would use."""
        fill_uniform(self._coins, generator)
        draw(fields, self._read_coins, self._n_chains, self._n, self.words)


def flat(rows: Tensor) -> Floats:
    """The same memory as one row of numbers."""
    numbers: Floats = rows.numpy().reshape(-1)
    return numbers
