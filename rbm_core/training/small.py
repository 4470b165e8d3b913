"""Small machines as compiled code sees them: arrays of numbers, and what an update costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CD",
    "MAX_KEPT_HIDDEN",
    "NEVER",
    "PCD",
    "RDM",
    "Data",
    "Floats",
    "Ints",
    "Machines",
    "Rules",
    "Sizes",
    "Timed",
    "Words",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

CD, PCD, RDM = 0, 1, 2

# p(v given h) is kept for every state of hidden layers of at most so many units.
MAX_KEPT_HIDDEN = 12
# The exact matrix is no choice of its own accord beyond 512 visible states, or tables of 8 MB.
MAX_MATRIX_VISIBLE = 9
MAX_TABLE_UNITS = 20
# More steps than this are not compared any more.
LAST_K = 4096
NEVER = 2**62


class Machines(NamedTuple):
    """Replicas and all that their next update needs; changed in place.

    Attributes:
        joint: [[W, b_v], [b_h, 0]] of each, shape (n_replicas, n_visible + 1, n_hidden + 1).
        velocity: Last step, the same shape.
        offsets: Centring offsets, shape (n_replicas, n_visible + n_hidden).
        streams: SFC64's four words, shape (n_replicas, 4).
        chains: State numbers, shape (n_replicas, n_chains).
        factors: Multiplies the learning rate, shape (n_replicas,).
        sums: F of the batches, F of the chains, legal share, shape (n_replicas, 3); added to.
    """

    joint: Floats
    velocity: Floats
    offsets: Floats
    streams: Words
    chains: Ints
    factors: Floats
    sums: Floats


class Data(NamedTuple):
    """What is learned.

    Attributes:
        states: State number of each row.
        order: Rows in the order of the updates to come, or none where rows are drawn.
        legal: 1 for each legal visible state, shape (2**n_visible,).
    """

    states: Ints
    order: Ints
    legal: Floats


class Rules(NamedTuple):
    """Settings that no update changes.

    Attributes:
        scheme: CD, PCD or RDM.
        least_k: From so many steps on the exact matrix is taken.
        centred: Whether the gradient is.
        momentum: Whether there is any.
        single: Whether parameters are rounded to single precision after each update.
        l1: Decay by sign.
        l2: Decay in proportion.
    """

    scheme: int
    least_k: int
    centred: bool
    momentum: bool
    single: bool
    l1: float
    l2: float


class Timed(NamedTuple):
    """Settings of each update, shape (n_updates,)."""

    rates: Floats
    keeps: Floats
    ks: Ints


class Sizes(NamedTuple):
    """Sizes of a machine and its batch, and from them the cost of an update.

    The costs are rounded measurements in nanoseconds (one core of an AMD EPYC, Zen 5). They decide
    by rule, never by a clock, so that a run repeats itself wherever it runs.

    Attributes:
        n_visible: Visible units.
        n_hidden: Hidden units.
        n_chains: Rows in a batch, and chains.
    """

    n_visible: int
    n_hidden: int
    n_chains: int

    def exact_cost(self, k: int) -> float:
        """Cost of k steps through the exact matrix."""
        n_v, n_h = 1 << self.n_visible, 1 << self.n_hidden
        products = k.bit_length() + k.bit_count() - 2
        rows = 20 * (n_v + n_h) + 0.6 * n_v * n_h
        return rows + 0.1 * n_v**2 * n_h + 0.06 * products * n_v**3 + 7 * self.n_chains

    def sampled_cost(self, k: int) -> float:
        """Cost of k steps, every unit drawn."""
        n_steps = self.n_chains * k
        kept = self.n_hidden <= MAX_KEPT_HIDDEN
        n_rows = min(1 << self.n_visible, n_steps + 2 * self.n_chains)
        n_rows += min(1 << self.n_hidden, n_steps) if kept else n_steps
        units = self.n_visible + self.n_hidden
        return n_rows * (40 + 2 * units) + 1.25 * n_steps * units

    def least_exact_k(self) -> int:
        """The number of steps from which the exact matrix costs less."""
        units = self.n_visible + self.n_hidden
        if self.n_visible > MAX_MATRIX_VISIBLE or units > MAX_TABLE_UNITS:
            return NEVER
        worth = (k for k in range(1, LAST_K) if self.exact_cost(k) <= self.sampled_cost(k))
        return next(worth, NEVER)
