"""Compiled Gibbs steps of machines whose visible states can be counted.

A state is its number, the first unit the most significant bit. Two ways from the start of a chain
to its end k Gibbs steps later follow one law: every unit of every step drawn (`walk`), or one draw
from the k-th power of the exact transition matrix (`leap`). Everything is plain arithmetic in
double precision, the exponential too, so the numbers are the same on every processor.

Random words are those of numpy's SFC64. A uniform that decides a unit has 32 bits, any other 53.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rbm_core.machine.compiled import compiled
from rbm_core.training.small import Floats, Ints, Words

__all__ = ["Room", "leap", "means_given", "uniforms", "walk"]

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
BITS_OF_ONE = 1023 << 52
ROUNDER = 6755399441055744.0  # 1.5 · 2**52: adding it leaves a whole number in the last bits
# Beyond, a sigmoid is 0 or 1 to sixteen digits.
LARGEST = 700.0


class Room(NamedTuple):
    """Memory that updates of one call share.

    A loop takes what it needs of it by name beforehand: each look into the tuple inside a loop is
    counted as a use of the array, and a sixth of an update was such counting.

    Attributes:
        down: p(h_j = 1 given v), shape (n_states, n_hidden); a row is made when first needed.
        down_cuts: The same in 2**-32, rounded.
        down_made: The update that each row was made in.
        lift: p(v_i = 1 given h) where so many states are kept, else one row; `lift_cuts` and
            `lift_made` as above.
        up: The joint parameters transposed.
        counts: How often each state is in the batch and at the end of the chains, (2, n_states).
        slope: The gradient, shaped as `joint`.
        means: Mean visible state and mean hidden probability of the batch.
        batch: States of the rows in the batch.
        uniform: Random numbers.
        given_v: p(h given v), and `given_h`, p(v given h): whole laws, for the exact matrix.
        square: Its powers are made in this matrix and two more, `spare` and `result`.
    """

    down: Floats
    down_cuts: Ints
    down_made: Ints
    lift: Floats
    lift_cuts: Ints
    lift_made: Ints
    up: Floats
    counts: Floats
    slope: Floats
    means: Floats
    batch: Ints
    uniform: Floats
    given_v: Floats
    given_h: Floats
    square: Floats
    spare: Floats
    result: Floats


@compiled
def uniforms(stream: Words, out: Floats, n: int) -> None:
    """Fill with uniforms on [0, 1), those of numpy's generator; the stream advances in place."""
    a, b, c, count = stream[0], stream[1], stream[2], stream[3]
    for i in range(n):
        word = a + b + count
        count += np.uint64(1)
        a = b ^ (b >> np.uint64(11))
        b = c + (c << np.uint64(3))
        c = ((c << np.uint64(24)) | (c >> np.uint64(40))) + word
        out[i] = np.int64(word >> np.uint64(11)) * 2.0**-53
    stream[0], stream[1], stream[2], stream[3] = a, b, c, count


@compiled
def _sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)) to the last digit or two, by arithmetic that every processor does alike."""
    y = -x
    y = y if y < LARGEST else LARGEST
    y = y if y > -LARGEST else -LARGEST
    shifted = y * LOG2_E + ROUNDER
    whole = shifted - ROUNDER
    r = (y - whole * LN2_HIGH) - whole * LN2_LOW
    p = 1.6059043836821613e-10 * r + 2.08767569878681e-09  # 1/13!, 1/12!, …
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    exponent = np.int64((np.float64(shifted).view(np.int64) << 52) + BITS_OF_ONE)
    return 1.0 / (1.0 + p * exponent.view(np.float64))


@compiled
def means_given(table: Floats, state: int, out: Floats, cuts: Ints, row: int) -> None:
    """p(unit = 1 given a state of the other layer); the table's last row holds the biases."""
    n_from, n = table.shape[0] - 1, out.shape[1]
    for j in range(n):
        out[row, j] = table[n_from, j]
    for i in range(n_from):
        if (state >> (n_from - 1 - i)) & 1:
            for j in range(n):
                out[row, j] += table[i, j]
    for j in range(n):
        out[row, j] = _sigmoid(out[row, j])
        cuts[row, j] = int(out[row, j] * 4294967296.0 + 0.5)


@compiled
def walk(joint: Floats, room: Room, stream: Words, chains: Ints, k: int, update: int) -> None:
    """Move the chains by k Gibbs steps, every unit drawn."""
    down, down_cuts, down_made, up = room.down, room.down_cuts, room.down_made, room.up
    lift, lift_cuts, lift_made = room.lift, room.lift_cuts, room.lift_made
    n_visible, n_hidden = joint.shape[0] - 1, joint.shape[1] - 1
    kept = lift.shape[0] > 1
    a, b, d, count = stream[0], stream[1], stream[2], stream[3]
    word = np.uint64(0)
    for c in range(chains.shape[0]):
        v = chains[c]
        for _ in range(k):
            if down_made[v] != update:
                means_given(joint, v, down, down_cuts, v)
                down_made[v] = update
            h = 0
            for j in range(n_hidden):
                if j & 1 == 0:
                    word = a + b + count
                    count += np.uint64(1)
                    a = b ^ (b >> np.uint64(11))
                    b = d + (d << np.uint64(3))
                    d = ((d << np.uint64(24)) | (d >> np.uint64(40))) + word
                h = (h << 1) | int(np.int64(word >> np.uint64(32)) < down_cuts[v, j])
                word <<= np.uint64(32)
            row = h if kept else 0
            if not kept or lift_made[row] != update:
                means_given(up, h, lift, lift_cuts, row)
                lift_made[row] = update
            v = 0
            for i in range(n_visible):
                if i & 1 == 0:
                    word = a + b + count
                    count += np.uint64(1)
                    a = b ^ (b >> np.uint64(11))
                    b = d + (d << np.uint64(3))
                    d = ((d << np.uint64(24)) | (d >> np.uint64(40))) + word
                v = (v << 1) | int(np.int64(word >> np.uint64(32)) < lift_cuts[row, i])
                word <<= np.uint64(32)
        chains[c] = v
    stream[0], stream[1], stream[2], stream[3] = a, b, d, count


@compiled
def _law(means: Floats, out: Floats, row: int) -> None:
    """Probabilities of all states of independent units with these means."""
    out[row, 0] = 1.0
    size = 1
    for j in range(means.shape[1] - 1, -1, -1):
        p = means[row, j]
        q = 1.0 - p
        for s in range(size):
            x = out[row, s]
            out[row, size + s] = x * p
            out[row, s] = x * q
        size *= 2


@compiled
def _product(a: Floats, b: Floats, out: Floats) -> None:
    """Write a b, four terms of each sum at a time."""
    n_terms, n = a.shape[1], b.shape[1]
    fours = n_terms - n_terms % 4
    for i in range(a.shape[0]):
        for j in range(n):
            out[i, j] = 0.0
        for m in range(0, fours, 4):
            w, x, y, z = a[i, m], a[i, m + 1], a[i, m + 2], a[i, m + 3]
            for j in range(n):
                out[i, j] += (w * b[m, j] + x * b[m + 1, j]) + (y * b[m + 2, j] + z * b[m + 3, j])
        for m in range(fours, n_terms):
            for j in range(n):
                out[i, j] += a[i, m] * b[m, j]


@compiled
def _copy(array: Floats, out: Floats) -> None:
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            out[i, j] = array[i, j]


@compiled
def _raised(square: Floats, spare: Floats, result: Floats, k: int) -> Floats:
    """The k-th power of the square matrix, which is lost."""
    begun = False
    while True:
        if k & 1:
            if begun:
                _product(result, square, spare)
                result, spare = spare, result
            else:
                _copy(square, result)
                begun = True
        k >>= 1
        if k == 0:
            return result
        _product(square, square, spare)
        square, spare = spare, square


@compiled
def _climb(ladder: Floats, uniform: Floats, chains: Ints) -> None:
    """Replace each state by the first whose distribution function, in the state's row, is above.

    All chains take a step of the bisection before any takes the next: a loop over the steps of one
    chain would become branches that no processor can foresee, at ten times the cost.
    """
    n_states = int(math.sqrt(ladder.shape[0]))
    for c in range(chains.shape[0]):
        chains[c] *= n_states
    width = n_states // 2
    while width > 0:
        for c in range(chains.shape[0]):
            below = np.uint64(chains[c] + width - 1)
            chains[c] += width * int(ladder[below] <= uniform[c])
        width //= 2
    for c in range(chains.shape[0]):
        chains[c] &= n_states - 1


@compiled
def _all_means(table: Floats, out: Floats) -> None:
    """p(unit = 1) given each state of the other layer; the table's last row holds the biases."""
    n_from, n = table.shape[0] - 1, out.shape[1]
    for j in range(n):
        out[0, j] = table[n_from, j]
    size = 1
    for i in range(n_from - 1, -1, -1):
        for s in range(size):
            for j in range(n):
                out[size + s, j] = out[s, j] + table[i, j]
        size *= 2
    flat = out.reshape(out.size)
    for x in range(flat.shape[0]):
        flat[x] = _sigmoid(flat[x])


@compiled
def leap(joint: Floats, room: Room, stream: Words, chains: Ints, k: int, update: int) -> None:
    """Move the chains by k Gibbs steps, each with one draw from the exact law."""
    down, lift, made = room.down, room.lift, room.down_made
    given_v, given_h, uniform = room.given_v, room.given_h, room.uniform
    _all_means(joint, down)
    for v in range(given_v.shape[0]):
        made[v] = update
        _law(down, given_v, v)
    _all_means(room.up, lift)
    for h in range(given_h.shape[0]):
        _law(lift, given_h, h)
    square = room.square
    _product(given_v, given_h, square)
    ladder = _raised(square, room.spare, room.result, k)
    n_states = ladder.shape[0]
    for v in range(n_states):
        below = 0.0
        for s in range(n_states):
            below += ladder[v, s]
            ladder[v, s] = below
    uniforms(stream, uniform, chains.shape[0])
    _climb(ladder.reshape(n_states * n_states), uniform, chains)
