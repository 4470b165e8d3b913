"""Compiled updates of machines whose visible states can be counted, many in one call.

A state is its number, the first unit the most significant bit. Two ways from the start of a chain
to its end k Gibbs steps later follow one law: every unit of every step drawn, or one draw from the
k-th power of the exact transition matrix. Everything is plain arithmetic in double precision, the
exponential too, so a run gives the same numbers on every processor.

Random words are those of numpy's SFC64. A uniform that decides a unit has 32 bits, any other 53.

One file in spite of its length: see `compiled` for why code that calls each other stays together.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rbm_core.machine.compiled import compiled
from rbm_core.training.small import (
    CD,
    MAX_KEPT_HIDDEN,
    RDM,
    Data,
    Floats,
    Ints,
    Machines,
    Rules,
    Timed,
    Words,
)

__all__ = ["learn", "uniforms"]

CENTRING_RATE = 0.01  # as in `step`

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
BITS_OF_ONE = 1023 << 52
ROUNDER = 6755399441055744.0  # 1.5 · 2**52: adding it leaves a whole number in the last bits
# Beyond, a sigmoid is 0 or 1 to sixteen digits.
LARGEST = 700.0


class _Room(NamedTuple):
    """Memory that updates of one call share.

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
    uniform: Floats
    given_v: Floats
    given_h: Floats
    square: Floats
    spare: Floats
    result: Floats


@compiled
def _clear(array: Floats) -> None:
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            array[i, j] = 0.0


@compiled
def _copy(array: Floats, out: Floats) -> None:
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            out[i, j] = array[i, j]


@compiled
def _transpose(array: Floats, out: Floats) -> None:
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            out[j, i] = array[i, j]


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
def _means(table: Floats, state: int, out: Floats, cuts: Ints, row: int) -> None:
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
def _walk(joint: Floats, room: _Room, stream: Words, chains: Ints, k: int, update: int) -> None:
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
                _means(joint, v, down, down_cuts, v)
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
                _means(up, h, lift, lift_cuts, row)
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
def _leap(joint: Floats, room: _Room, stream: Words, chains: Ints, k: int, update: int) -> None:
    """Move the chains by k Gibbs steps, each with one draw from the exact law."""
    given_v, given_h, uniform = room.given_v, room.given_h, room.uniform
    _all_means(joint, room.down)
    for v in range(given_v.shape[0]):
        room.down_made[v] = update
        _law(room.down, given_v, v)
    _all_means(room.up, room.lift)
    for h in range(given_h.shape[0]):
        _law(room.lift, given_h, h)
    _product(given_v, given_h, room.square)
    ladder = _raised(room.square, room.spare, room.result, k)
    n_states = ladder.shape[0]
    for s in range(1, n_states):
        for v in range(n_states):
            ladder[v, s] += ladder[v, s - 1]
    uniforms(stream, uniform, chains.shape[0])
    _climb(ladder.reshape(n_states * n_states), uniform, chains)


@compiled
def _free_energy(joint: Floats, down: Floats, v: int) -> float:
    """-b_v·v - Σ softplus(field), where softplus(x) = max(x, 0) - log max(p, 1 - p)."""
    n_visible, n_hidden = joint.shape[0] - 1, joint.shape[1] - 1
    energy, product = 0.0, 1.0
    for i in range(n_visible):
        if (v >> (n_visible - 1 - i)) & 1:
            energy -= joint[i, n_hidden]
    for j in range(n_hidden):
        p = down[v, j]
        if p > 0.5:
            field = joint[n_visible, j]
            for i in range(n_visible):
                if (v >> (n_visible - 1 - i)) & 1:
                    field += joint[i, j]
            energy -= field
            product *= p
        else:
            product *= 1.0 - p
    return energy + math.log(product)


@compiled
def _add(slope: Floats, down: Floats, v: int, share: float) -> None:
    """Add a share of the statistics of a visible state: v hᵀ, v and h with h at its mean."""
    n_visible, n_hidden = slope.shape[0] - 1, slope.shape[1] - 1
    for i in range(n_visible + 1):
        if i == n_visible or (v >> (n_visible - 1 - i)) & 1:
            for j in range(n_hidden):
                slope[i, j] += share * down[v, j]
            slope[i, n_hidden] += share


@compiled
def _contrast(joint: Floats, room: _Room, legal: Floats, sums: Floats, n: int, update: int) -> None:
    """Write the gradient, add to the sums, from the counts of n."""
    slope, counts, down = room.slope, room.counts, room.down
    _clear(slope)
    for v in range(counts.shape[1]):
        of_data, of_model = counts[0, v] / n, counts[1, v] / n
        if of_data == 0.0 and of_model == 0.0:
            continue
        if room.down_made[v] != update:
            _means(joint, v, down, room.down_cuts, v)
            room.down_made[v] = update
        energy = _free_energy(joint, down, v)
        sums[0] += of_data * energy
        sums[1] += of_model * energy
        sums[2] += of_model * legal[v]
        _add(slope, down, v, of_data - of_model)
    slope[-1, -1] = 0.0  # it multiplies a constant


@compiled
def _data_means(room: _Room, n: int) -> None:
    """Write the batch's mean visible state and mean hidden probability."""
    means, counts, down = room.means, room.counts, room.down
    n_hidden = down.shape[1]
    n_visible = means.shape[0] - n_hidden
    for i in range(means.shape[0]):
        means[i] = 0.0
    for v in range(counts.shape[1]):
        share = counts[0, v] / n
        if share == 0.0:
            continue
        for i in range(n_visible):
            if (v >> (n_visible - 1 - i)) & 1:
                means[i] += share
        for j in range(n_hidden):
            means[n_visible + j] += share * down[v, j]


@compiled
def _rounded(x: float, single: bool) -> float:
    return np.float64(np.float32(x)) if single else x


@compiled
def _centre(slope: Floats, means: Floats, offsets: Floats, single: bool) -> None:
    """Turn the plain gradient into the centred one; see `Step` for the equations."""
    n_visible, n_hidden = slope.shape[0] - 1, slope.shape[1] - 1
    for i in range(n_visible + n_hidden):
        moved = offsets[i] + CENTRING_RATE * (means[i] - offsets[i])
        offsets[i] = _rounded(moved, single)
    mu, lam = offsets[:n_visible], offsets[n_visible:]
    for i in range(n_visible):
        for j in range(n_hidden):
            slope[i, j] -= slope[i, n_hidden] * lam[j] + mu[i] * slope[n_visible, j]
    for i in range(n_visible):
        for j in range(n_hidden):
            slope[i, n_hidden] -= slope[i, j] * lam[j]
            slope[n_visible, j] -= slope[i, j] * mu[i]


@compiled
def _step(
    joint: Floats, velocity: Floats, slope: Floats, rate: float, keep: float, rules: Rules
) -> None:
    """Decay, momentum and the step itself; the rate has the replica's factor in it."""
    n_visible, n_hidden = joint.shape[0] - 1, joint.shape[1] - 1
    for i in range(n_visible + 1):
        for j in range(n_hidden + 1):
            pull = slope[i, j]
            if i < n_visible and j < n_hidden:
                pull -= rules.l2 * joint[i, j] + rules.l1 * np.sign(joint[i, j])
            move = rate * pull
            if rules.momentum:
                move += keep * velocity[i, j]
                velocity[i, j] = _rounded(move, rules.single)
                move = velocity[i, j]
            joint[i, j] = _rounded(joint[i, j] + move, rules.single)


@compiled
def _begin(data: Data, room: _Room, stream: Words, chains: Ints, scheme: int, first: int) -> None:
    """Count the batch, and put the chains where their scheme starts them."""
    n, n_rows, n_states = chains.shape[0], data.states.shape[0], room.counts.shape[1]
    _clear(room.counts)
    drawn = data.order.shape[0] == 0
    if drawn:
        uniforms(stream, room.uniform, n)
    for c in range(n):
        row = int(room.uniform[c] * n_rows) if drawn else data.order[first + c]
        v = data.states[row]
        room.counts[0, v] += 1.0
        if scheme == CD:
            chains[c] = v
    if scheme == RDM:
        uniforms(stream, room.uniform, n)
        for c in range(n):
            chains[c] = int(room.uniform[c] * n_states)


@compiled
def _room(n_visible: int, n_hidden: int, n_chains: int, exact: bool) -> _Room:
    """Memory for machines of a size; that of the exact matrix only where it is asked for."""
    n_states, kept = 1 << n_visible, exact or n_hidden <= MAX_KEPT_HIDDEN
    n_kept = 1 << n_hidden if kept else 1
    n_square, n_laws = (n_states, 1 << n_hidden) if exact else (1, 1)
    return _Room(
        np.empty((n_states, n_hidden)),
        np.empty((n_states, n_hidden), np.int64),
        np.full(n_states, -1),
        np.empty((n_kept, n_visible)),
        np.empty((n_kept, n_visible), np.int64),
        np.full(n_kept, -1),
        np.empty((n_hidden + 1, n_visible + 1)),
        np.empty((2, n_states)),
        np.empty((n_visible + 1, n_hidden + 1)),
        np.empty(n_visible + n_hidden),
        np.empty(n_chains),
        np.empty((n_square, n_laws)),
        np.empty((n_laws, n_square)),
        np.empty((n_square, n_square)),
        np.empty((n_square, n_square)),
        np.empty((n_square, n_square)),
    )


@compiled
def learn(machines: Machines, data: Data, rules: Rules, timed: Timed, low: int, high: int) -> None:
    """Make updates of the replicas from `low` to `high`, in place.

    Args:
        machines: The replicas.
        data: What is learned.
        rules: Settings that stay.
        timed: Settings of each update; as many updates are made.
        low: First replica.
        high: One above the last.
    """
    n_visible, n_hidden = machines.joint.shape[1] - 1, machines.joint.shape[2] - 1
    n_chains, n_updates = machines.chains.shape[1], timed.ks.shape[0]
    room = _room(n_visible, n_hidden, n_chains, timed.ks.max() >= rules.least_k)
    for r in range(low, high):
        joint, stream, chains = machines.joint[r], machines.streams[r], machines.chains[r]
        for u in range(n_updates):
            clock = (r - low) * n_updates + u
            _transpose(joint, room.up)
            _begin(data, room, stream, chains, rules.scheme, u * n_chains)
            if timed.ks[u] >= rules.least_k:
                _leap(joint, room, stream, chains, timed.ks[u], clock)
            else:
                _walk(joint, room, stream, chains, timed.ks[u], clock)
            for c in range(n_chains):
                room.counts[1, chains[c]] += 1.0
            _contrast(joint, room, data.legal, machines.sums[r], n_chains, clock)
            if rules.centred:
                _data_means(room, n_chains)
                _centre(room.slope, room.means, machines.offsets[r], rules.single)
            rate = timed.rates[u] * machines.factors[r]
            _step(joint, machines.velocity[r], room.slope, rate, timed.keeps[u], rules)
