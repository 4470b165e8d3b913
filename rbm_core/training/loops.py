"""Compiled updates of machines whose visible states can be counted, many in one call.

The batch is counted by states, the chains are moved, and from the counts come the gradient, the
records and the step. See `transitions` for states, draws and arithmetic.
"""

from __future__ import annotations

import math

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
from rbm_core.training.transitions import Room, leap, means_given, uniforms, walk

__all__ = ["learn"]

CENTRING_RATE = 0.01  # as in `step`


@compiled
def _clear(array: Floats) -> None:
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            array[i, j] = 0.0


@compiled
def _transpose(array: Floats, out: Floats) -> None:
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            out[j, i] = array[i, j]


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
def _contrast(joint: Floats, room: Room, legal: Floats, sums: Floats, n: int, update: int) -> None:
    """Write the gradient, add to the sums, from the counts of n."""
    slope, counts, down = room.slope, room.counts, room.down
    cuts, made = room.down_cuts, room.down_made
    _clear(slope)
    for v in range(counts.shape[1]):
        of_data, of_model = counts[0, v] / n, counts[1, v] / n
        if of_data == 0.0 and of_model == 0.0:
            continue
        if made[v] != update:
            means_given(joint, v, down, cuts, v)
            made[v] = update
        energy = _free_energy(joint, down, v)
        sums[0] += of_data * energy
        sums[1] += of_model * energy
        sums[2] += of_model * legal[v]
        _add(slope, down, v, of_data - of_model)
    slope[-1, -1] = 0.0  # it multiplies a constant


@compiled
def _data_means(room: Room, n: int) -> None:
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
def _begin(data: Data, room: Room, stream: Words, chains: Ints, scheme: int, first: int) -> None:
    """Count the batch, and put the chains where their scheme starts them."""
    n, n_rows, n_states = chains.shape[0], data.states.shape[0], room.counts.shape[1]
    states, order = data.states, data.order
    batch, counts, uniform = room.batch, room.counts, room.uniform
    if order.shape[0] == 0:
        uniforms(stream, uniform, n)
        for c in range(n):
            batch[c] = states[np.uint64(uniform[c] * n_rows)]
    else:
        for c in range(n):
            batch[c] = states[order[first + c]]
    _clear(counts)
    for c in range(n):
        counts[0, np.uint64(batch[c])] += 1.0
    if scheme == CD:
        for c in range(n):
            chains[c] = batch[c]
    if scheme == RDM:
        uniforms(stream, uniform, n)
        for c in range(n):
            chains[c] = int(uniform[c] * n_states)


@compiled
def _room(n_visible: int, n_hidden: int, n_chains: int, exact: bool) -> Room:
    """Memory for machines of a size; that of the exact matrix only where it is asked for."""
    n_states, kept = 1 << n_visible, exact or n_hidden <= MAX_KEPT_HIDDEN
    n_kept = 1 << n_hidden if kept else 1
    n_square, n_laws = (n_states, 1 << n_hidden) if exact else (1, 1)
    return Room(
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
        np.empty(n_chains, np.int64),
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
    counts, slope, means, up, legal = room.counts, room.slope, room.means, room.up, data.legal
    for r in range(low, high):
        joint, stream, chains = machines.joint[r], machines.streams[r], machines.chains[r]
        velocity, offsets, sums = machines.velocity[r], machines.offsets[r], machines.sums[r]
        for u in range(n_updates):
            clock = (r - low) * n_updates + u
            _transpose(joint, up)
            _begin(data, room, stream, chains, rules.scheme, u * n_chains)
            if timed.ks[u] >= rules.least_k:
                leap(joint, room, stream, chains, timed.ks[u], clock)
            else:
                walk(joint, room, stream, chains, timed.ks[u], clock)
            for c in range(n_chains):
                counts[1, np.uint64(chains[c])] += 1.0
            _contrast(joint, room, legal, sums, n_chains, clock)
            if rules.centred:
                _data_means(room, n_chains)
                _centre(slope, means, offsets, rules.single)
            rate = timed.rates[u] * machines.factors[r]
            _step(joint, velocity, slope, rate, timed.keeps[u], rules)
