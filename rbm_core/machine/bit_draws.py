"""From fields to probabilities and bits, in one pass each.

Arrays are those of `rbm_core.machine.packed`.
"""

from __future__ import annotations

import numpy as np

from rbm_core.machine.compiled import compiled
from rbm_core.machine.lanes import WIDTH, Floats, below, load, scaled, sigmoid, store
from rbm_core.machine.packed import Words, n_words, stride_of

__all__ = ["draw", "means"]


@compiled
def draw(fields: Floats, uniforms: Floats, n_chains: int, n: int, words: Words) -> None:
    """Turn units on where a uniform falls below the logistic function of their field.

    Args:
        fields: Rows, one for each chain.
        uniforms: n_chains × n numbers end to end, and `WIDTH` more that are read for nothing.
        n_chains: How many.
        n: Units.
        words: Where the bits go.
    """
    stride, width = stride_of(n), n_words(n)
    last = np.uint32((1 << ((n - 1) % WIDTH + 1)) - 1)
    for chain in range(n_chains):
        for word in range(width):
            mean = sigmoid(load(fields, chain * stride + word * WIDTH))
            words[chain * width + word] = below(load(uniforms, chain * n + word * WIDTH), mean)
        words[chain * width + width - 1] &= last


@compiled
def means(fields: Floats, n_chains: int, n: int, factor: np.float32, out: Floats) -> None:
    """Write the logistic function of fields, times a factor.

    Args:
        fields: Rows, one for each chain.
        n_chains: How many.
        n: Units.
        factor: Multiplies each of them.
        out: Rows.
    """
    stride = stride_of(n)
    for chain in range(n_chains):
        for at in range(chain * stride, chain * stride + n, WIDTH):
            store(out, at, scaled(sigmoid(load(fields, at)), factor))
