"""A brute-force reference for binary RBMs: plain NumPy, plain loops over all states.

It imports nothing of the program and no torch, shares no trick with it, and enumerates joint states
(v, h) wherever the program sums a layer out. Use it on machines of at most 12 units in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Machine:
    """weights (n_visible, n_hidden), visible bias (n_visible,), hidden bias (n_hidden,)."""

    weights: Array
    visible_bias: Array
    hidden_bias: Array

    @property
    def n_visible(self) -> int:
        return int(self.weights.shape[0])

    @property
    def n_hidden(self) -> int:
        return int(self.weights.shape[1])


def words(n: int) -> Iterator[tuple[int, ...]]:
    """All binary words of n bits in counting order, the first bit most significant."""
    return product((0, 1), repeat=n)


def word_number(bits: Sequence[float]) -> int:
    """Place of a word in that order."""
    return int("".join(str(int(bit)) for bit in bits), 2)


def energy(machine: Machine, v: Sequence[float], h: Sequence[float]) -> float:
    """E(v, h), every term added by hand."""
    total = 0.0
    for i, v_i in enumerate(v):
        total -= machine.visible_bias[i] * v_i
        for j, h_j in enumerate(h):
            total -= v_i * machine.weights[i, j] * h_j
    for j, h_j in enumerate(h):
        total -= machine.hidden_bias[j] * h_j
    return float(total)


def joint(machine: Machine) -> Array:
    """p(v, h) of every pair of states, shape (2**n_visible, 2**n_hidden)."""
    weight = np.array(
        [
            [np.exp(-energy(machine, v, h)) for h in words(machine.n_hidden)]
            for v in words(machine.n_visible)
        ]
    )
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def partition(machine: Machine) -> float:
    """Z, summed over every pair of states."""
    return float(
        sum(
            np.exp(-energy(machine, v, h))
            for v in words(machine.n_visible)
            for h in words(machine.n_hidden)
        )
    )


def free_energy(machine: Machine, v: Sequence[float]) -> float:
    """F(v) = -log Σ_h exp(-E(v, h)), the sum over h taken word by word."""
    return float(-np.log(sum(np.exp(-energy(machine, v, h)) for h in words(machine.n_hidden))))


def visible_law(machine: Machine) -> Array:
    """p(v), shape (2**n_visible,)."""
    return np.asarray(joint(machine).sum(1))


def log_likelihood(machine: Machine, rows: Array) -> float:
    """Mean log p(v) over rows."""
    law = visible_law(machine)
    return float(np.mean([np.log(law[word_number(row)]) for row in rows]))


def transition(machine: Machine, clamped: Sequence[int] = ()) -> Array:
    """T[v, v'] = Σ_h p(h|v) p(v'|h, clamped bits of v), from conditionals of the joint law."""
    p = joint(machine)
    visible = list(words(machine.n_visible))
    matrix = np.zeros((len(visible), len(visible)))
    for a, v in enumerate(visible):
        fits = np.array([all(w[i] == v[i] for i in clamped) for w in visible], dtype=float)
        for h in range(p.shape[1]):
            p_h_given_v = p[a, h] / p[a].sum()
            p_v_given_h = p[:, h] * fits / (p[:, h] * fits).sum()
            matrix[a] += p_h_given_v * p_v_given_h
    return matrix


def conditional_law(machine: Machine, clamped: Sequence[int], values: Sequence[float]) -> Array:
    """p(v given that the clamped bits have these values), shape (2**n_visible,)."""
    law = visible_law(machine)
    for number, v in enumerate(words(machine.n_visible)):
        if any(v[i] != value for i, value in zip(clamped, values, strict=True)):
            law[number] = 0.0
    return np.asarray(law / law.sum())


def moments(machine: Machine) -> Machine:
    """⟨v h⟩, ⟨v⟩ and ⟨h⟩ under the model, summed over the joint law."""
    p = joint(machine)
    weights = np.zeros_like(machine.weights)
    visible, hidden = np.zeros_like(machine.visible_bias), np.zeros_like(machine.hidden_bias)
    for a, v in enumerate(words(machine.n_visible)):
        for b, h in enumerate(words(machine.n_hidden)):
            weights += p[a, b] * np.outer(v, h)
            visible += p[a, b] * np.array(v)
            hidden += p[a, b] * np.array(h)
    return Machine(weights, visible, hidden)


def data_moments(machine: Machine, rows: Array) -> Machine:
    """⟨v h⟩, ⟨v⟩ and ⟨h⟩ with v from the rows and h from p(h|v)."""
    p = joint(machine)
    weights = np.zeros_like(machine.weights)
    visible, hidden = np.zeros_like(machine.visible_bias), np.zeros_like(machine.hidden_bias)
    for row in rows:
        a = word_number(row)
        for b, h in enumerate(words(machine.n_hidden)):
            share = p[a, b] / p[a].sum() / len(rows)
            weights += share * np.outer(row, h)
            visible += share * row
            hidden += share * np.array(h)
    return Machine(weights, visible, hidden)


def total_variation(p: Array, q: Array) -> float:
    """Half the summed difference of two laws."""
    return float(np.abs(p - q).sum() / 2)


def sampling_floor(p: Array, n: int) -> float:
    """Expected size of the total variation that n exact samples of p show."""
    return float(np.sqrt(p * (1 - p) / n).sum() / 2)
