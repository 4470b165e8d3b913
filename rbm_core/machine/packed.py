"""Layers of bits, 32 units to a word.

Arrays are flat: chain after chain, `n_words(n)` words each; bits beyond the n-th are off. Rows of
numbers that belong to units lie `stride_of(n)` apart, so that they can be read 32 at a time: what
stands beyond the n-th has no meaning.
"""

from __future__ import annotations

import numpy as np
import torch
from numba.extending import register_jitable
from numpy.typing import NDArray
from torch import Tensor

from rbm_core.machine.compiled import compiled
from rbm_core.machine.lanes import WIDTH, Floats, from_bits, store

__all__ = [
    "Words",
    "by_unit",
    "n_words",
    "ones",
    "pack",
    "padded",
    "stride_of",
    "unit_means",
    "unpack",
]

Words = NDArray[np.uint32]

LINE_FLOATS = 16
# Rows packed at a time, so that no second copy of a data set is held.
SLICE_ROWS = 1024


@register_jitable
def n_words(n: int) -> int:
    """How many words hold n bits."""
    return (n + WIDTH - 1) // WIDTH


@register_jitable
def stride_of(n: int) -> int:
    """How far rows of n numbers lie apart: an odd number of cache lines.

    With an even one, and worse with a power of two, rows compete for the same places of a cache:
    a product with rows 512 numbers apart takes half as long again as with 528.
    """
    return (n + WIDTH - 1) // WIDTH * WIDTH + LINE_FLOATS


def padded(n_rows: int, n: int) -> Tensor:
    """Zeros for rows of n numbers, shape (n_rows, stride_of(n)); torch aligns them."""
    return torch.zeros(n_rows, stride_of(n))


def pack(bits: Tensor) -> Words:
    """Pack rows of bits.

    Args:
        bits: Zeros and ones of any type, shape (n_rows, n).

    Returns:
        Words, shape (n_rows, n_words(n)).
    """
    n_rows, n = bits.shape
    held = np.zeros((n_rows, n_words(n) * 4), np.uint8)
    cuts = range(SLICE_ROWS, n_rows, SLICE_ROWS)
    for rows, part in zip(np.split(held, cuts), np.split(bits.numpy(), cuts), strict=True):
        rows[:, : (n + 7) // 8] = np.packbits(part != 0, axis=1, bitorder="little")
    return held.view("<u4")


@compiled
def unpack(words: Words, n_rows: int, n: int, out: Floats) -> None:
    """Write rows of bits as numbers.

    Args:
        words: Rows of words.
        n_rows: How many.
        n: Bits in each.
        out: Zeros and ones, n_rows × n, rows end to end.
    """
    width, n_whole = n_words(n), n // WIDTH
    for row in range(n_rows):
        for word in range(n_whole):
            store(out, row * n + word * WIDTH, from_bits(words[row * width + word]))
        for i in range(n_whole * WIDTH, n):
            out[row * n + i] = (words[row * width + n_whole] >> (i % WIDTH)) & 1


@compiled
def by_unit(words: Words, n_chains: int, n: int, out: Words, width: int, first: int) -> None:
    """Turn bits around: for each unit, in which chains it is on.

    Args:
        words: The states of some chains.
        n_chains: How many.
        n: Units.
        out: Rows of words, one for each unit.
        width: Words in a row of `out`.
        first: Where in a row to write; n_words(n_chains) words follow.
    """
    square = np.empty(WIDTH, np.uint32)
    for block in range(n_words(n_chains)):
        for word in range(n_words(n)):
            for i in range(WIDTH):
                chain = block * WIDTH + i
                square[i] = words[chain * n_words(n) + word] if chain < n_chains else 0
            _turn(square)
            for i in range(min(WIDTH, n - word * WIDTH)):
                out[(word * WIDTH + i) * width + first + block] = square[i]


@compiled
def unit_means(words: Words, n: int, n_chains: int, mean: Floats, excess: Floats) -> None:
    """Count in which share of the chains each unit is on, in a batch and in the chains of a model.

    Args:
        words: For each unit, the words of the batch's chains and those of the model's.
        n: Units.
        n_chains: Chains in either.
        mean: Where the share in the batch goes.
        excess: Where that share minus the model's goes.
    """
    width = n_words(n_chains)
    for unit in range(n):
        n_batch = n_model = 0
        for i in range(unit * 2 * width, unit * 2 * width + width):
            n_batch += ones(words[i])
            n_model += ones(words[i + width])
        mean[unit] = n_batch / n_chains
        excess[unit] = (n_batch - n_model) / n_chains


@compiled
def ones(word: int) -> int:
    """Bits of a word that are on."""
    pairs = np.uint32(word) - ((np.uint32(word) >> np.uint32(1)) & np.uint32(0x55555555))
    fours = (pairs & np.uint32(0x33333333)) + ((pairs >> np.uint32(2)) & np.uint32(0x33333333))
    eights = (fours + (fours >> np.uint32(4))) & np.uint32(0x0F0F0F0F)
    return int(np.uint32(eights * np.uint32(0x01010101)) >> np.uint32(24))


@compiled
def _turn(square: Words) -> None:
    """Transpose 32×32 bits by exchanging halves, quarters … of it (Warren, Hacker's Delight)."""
    step, mask = 16, np.uint32(0x0000FFFF)
    while step:
        for i in range(WIDTH):
            if not i & step:
                moved = np.uint32((square[i] >> step) ^ square[i + step]) & mask
                square[i + step] ^= moved
                square[i] ^= moved << step
        step >>= 1
        mask ^= np.uint32(mask << step)
