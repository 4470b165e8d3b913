"""Products of bits with weights, without multiplying.

A product of bits with a matrix is a sum of some of its rows. Where few units are on, their rows
are added one by one. Where many are, the fifteen sums of each four rows are made first and serve
all chains (Arlazarov, Dinic, Kronrod & Faradžev, 1970): a quarter of the additions. Which one is
decided by counting them. A matrix library multiplies every weight for every chain.

Nothing is reordered, so a product repeats itself on every processor. Arrays are those of
`rbm_core.machine.packed`.
"""

from __future__ import annotations

import numpy as np

from rbm_core.machine.compiled import compiled
from rbm_core.machine.lanes import BLOCK, WIDTH, Floats, add, load, store, transpose_block
from rbm_core.machine.packed import LINE_FLOATS, Words, n_words, ones, stride_of

__all__ = ["add_up", "n_rows_read", "transpose"]

# Fours of rows whose sums are held at a time, and rows that are read at a time: 24 KB either way,
# which the first cache keeps while all chains use them.
FOURS, ROWS = 12, 192
# Each four rows have 16 sums, of which one is empty.
N_SUMS = 16


def n_rows_read(n_in: int) -> int:
    """How many rows of weights must exist for n_in units: whole blocks; the rest are zeros."""
    return -(-n_in // BLOCK) * BLOCK


@compiled
def add_up(
    words: Words, n_chains: int, weights: Floats, n_in: int, start: Floats, out: Floats, n_out: int
) -> None:
    """Write start + the sum of the rows of `weights` whose bit is on, for each chain.

    Args:
        words: States, n_chains × n_in bits.
        n_chains: How many.
        weights: Rows, `n_rows_read(n_in)` of them.
        n_in: Units that have a row.
        start: What each sum begins with, one row.
        out: Rows, one for each chain.
        n_out: Numbers in a row.
    """
    n_on = n_fours = 0
    for i in range(n_chains * n_words(n_in)):
        word = words[i]
        n_on += ones(word)
        in_four = word | word >> np.uint32(1) | word >> np.uint32(2) | word >> np.uint32(3)
        n_fours += ones(in_four & np.uint32(0x11111111))
    if n_on <= n_fours + n_in // 4 * N_SUMS:
        _add_rows(words, n_chains, weights, n_in, start, out, n_out)
    else:
        _add_fours(words, n_chains, weights, n_in, start, out, n_out)


@compiled
def transpose(weights: Floats, n_in: int, n_out: int, out: Floats) -> None:
    """Write the transpose of n_in rows of n_out numbers, as rows for a product the other way.

    Args:
        weights: Rows, `n_rows_read(n_in)` of them.
        n_in: Rows that count.
        n_out: Numbers in each.
        out: Rows of n_in numbers, `n_rows_read(n_out)` of them.
    """
    stride, stride_out = stride_of(n_out), stride_of(n_in)
    for i in range(0, n_in, BLOCK):
        for j in range(0, n_out, BLOCK):
            transpose_block(weights, i * stride + j, stride, out, j * stride_out + i, stride_out)


@compiled
def _add_rows(
    words: Words, n_chains: int, weights: Floats, n_in: int, start: Floats, out: Floats, n_out: int
) -> None:
    """Do `add_up` by rows."""
    stride, width = stride_of(n_out), n_words(n_in)
    n_blocks = (n_in + ROWS - 1) // ROWS
    rows = np.empty((n_blocks, n_chains, ROWS + 1), np.int32)
    counts = np.empty((n_blocks, n_chains), np.int64)
    for block in range(n_blocks):
        for chain in range(n_chains):
            n = 0
            for i in range(block * ROWS, min(n_in, (block + 1) * ROWS)):
                rows[block, chain, n] = i * stride  # stays only if the bit is on
                n += (words[chain * width + i // WIDTH] >> (i % WIDTH)) & 1
            counts[block, chain] = n
    for at in range(0, n_out, WIDTH):
        for block in range(n_blocks):
            for chain in range(n_chains):
                to = chain * stride + at
                total = load(out, to) if block else load(start, at)
                for i in range(counts[block, chain]):
                    total = add(total, load(weights, rows[block, chain, i] + at))
                store(out, to, total)


@compiled
def _add_fours(
    words: Words, n_chains: int, weights: Floats, n_in: int, start: Floats, out: Floats, n_out: int
) -> None:
    """Do `add_up` by sums of four rows."""
    stride, width = stride_of(n_out), n_words(n_in)
    n_fours = (n_in + 3) // 4
    n_blocks = (n_fours + FOURS - 1) // FOURS
    sums = np.empty((n_blocks, n_chains, FOURS + 1), np.int16)
    counts = np.empty((n_blocks, n_chains), np.int64)
    for block in range(n_blocks):
        first = block * FOURS
        for chain in range(n_chains):
            n = 0
            for four in range(first, min(n_fours, first + FOURS)):
                which = (words[chain * width + four // 8] >> (four % 8 * 4)) & 15
                sums[block, chain, n] = ((four - first) * N_SUMS + which) * WIDTH
                n += which != 0
            counts[block, chain] = n
    table = _aligned(FOURS * N_SUMS * WIDTH)
    for at in range(0, n_out, WIDTH):
        for block in range(n_blocks):
            first = block * FOURS
            for four in range(first, min(n_fours, first + FOURS)):
                to = (four - first) * N_SUMS * WIDTH
                _sum_four(weights, four * 4 * stride + at, stride, table, to)
            for chain in range(n_chains):
                to = chain * stride + at
                total = load(out, to) if block else load(start, at)
                for i in range(counts[block, chain]):
                    total = add(total, load(table, sums[block, chain, i]))
                store(out, to, total)


@compiled
def _sum_four(weights: Floats, at: int, stride: int, table: Floats, to: int) -> None:
    """Write all sums of four rows but the empty one, which is never added."""
    for row in range(4):
        alone = load(weights, at + row * stride)
        store(table, to + (WIDTH << row), alone)
        for other in range(1, 1 << row):
            with_it = add(load(table, to + other * WIDTH), alone)
            store(table, to + ((1 << row) + other) * WIDTH, with_it)


@compiled
def _aligned(n: int) -> Floats:
    """Space for n numbers from the beginning of a cache line."""
    space = np.empty(n + LINE_FLOATS, np.float32)
    return space[-(space.ctypes.data // 4) % LINE_FLOATS :]
