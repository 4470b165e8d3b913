"""Half-steps of a walk: pure, `walk in, walk out`; the machine never changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pages.gibbs_steps.visit_laws import VisitLaw, distance
from pages.gibbs_steps.walk import (
    HIDDEN,
    VISIBLE,
    Draw,
    Layer,
    Override,
    Walk,
    states,
    values,
)
from rbm_core import (
    RBM,
    Generator,
    HalfStep,
    clamp_mask,
    generator_state,
    half_step_hidden,
    half_step_visible,
    restore_generator,
    state_index,
    uniform,
)

__all__ = ["advance", "next_draw"]

# Half-steps whose energies are kept for the trace; older ones are out of its window.
N_ENERGIES = 60
# Visible states kept for the way drawn on the landscape.
N_TRAIL = 6
# The distance is noted at each step up to 40, then each time the count has grown by 5 %.
NOTE_GROWTH = 0.05


@dataclass(frozen=True, eq=False)
class _Moment:
    """One half-step inside `advance`: the states before it, what happened, the states after."""

    number: int
    layer: Layer
    v_before: Tensor
    h_before: Tensor | None
    step: HalfStep
    v: Tensor
    h: Tensor


def advance(rbm: RBM, walk: Walk, n_half_steps: int) -> Walk:
    """Make half-steps; coins set by hand are used up by the first of them.

    The random stream gives every unit its number whether or not a hand overrules it, so a walk
    with one coin set meets the same chance as the walk without.

    Args:
        rbm: The machine.
        walk: Where to go on from; it is not changed.
        n_half_steps: How many half-steps.
    """
    if n_half_steps < 1:
        return walk
    generator = restore_generator(walk.stream)
    visits, distances = walk.visits.copy(), list(walk.distances)
    energies, draws = list(walk.energies), {HIDDEN: walk.last_hidden, VISIBLE: walk.last_visible}
    trail = list(walk.trail)
    last = walk.n_half_steps + n_half_steps
    for moment in _moments(rbm, walk, n_half_steps, generator):
        if moment.layer == VISIBLE:
            trail.append(int(state_index(moment.v)))
            visits[trail[-1]] += 1
            _note(distances, visits, walk.law, moment.number // 2 - walk.counted_from)
        if moment.number > last - N_ENERGIES:
            energies.append((moment.number, float(rbm.energy(moment.v, moment.h))))
        if moment.number > last - 2:  # the last of each layer
            draws[moment.layer] = _as_draw(rbm, walk, moment, energies[-1][1])
    return replace(
        walk,
        v=values(moment.v),
        h=values(moment.h),
        n_half_steps=last,
        coins=(),
        overrides=(*walk.overrides, *_set_by_hand(walk)),
        visits=visits,
        distances=tuple(distances),
        energies=tuple(energies[-N_ENERGIES:]),
        trail=tuple(trail[-N_TRAIL:]),
        last_hidden=draws[HIDDEN],
        last_visible=draws[VISIBLE],
        stream=generator_state(generator),
    )


def next_draw(rbm: RBM, walk: Walk) -> Draw:
    """Return what is known of the next half-step: fields, chances, and coins set by hand.

    Args:
        rbm: The machine.
        walk: The walk.
    """
    v = states(walk.v, rbm)
    h = None if walk.h is None else states(walk.h, rbm)
    field = rbm.hidden_field(v) if walk.next_layer == HIDDEN or h is None else rbm.visible_field(h)
    held = walk.held if walk.next_layer == VISIBLE else ()
    probability = values(torch.sigmoid(field))
    uniforms = np.full_like(probability, np.nan)
    outcome = np.full_like(probability, np.nan)
    for unit, number in walk.coins:
        uniforms[unit] = number
        outcome[unit] = float(uniforms[unit] < probability[unit])
    for unit in held:
        probability[unit] = outcome[unit] = walk.v[unit]
    return Draw(
        layer=walk.next_layer,
        half_step=walk.n_half_steps + 1,
        field=values(field),
        probability=probability,
        uniform=uniforms,
        outcome=outcome,
        by_hand=tuple(unit for unit, _ in walk.coins),
        held=held,
        energy_before=None if h is None else float(rbm.energy(v, h)),
    )


def _set_by_hand(walk: Walk) -> list[Override]:
    """What the next half-step owes to the visitor's hand."""
    number = walk.n_half_steps + 1
    return [Override(half_step=number, unit=unit, uniform=coin) for unit, coin in walk.coins]


def _moments(rbm: RBM, walk: Walk, n_half_steps: int, generator: Generator) -> Iterator[_Moment]:
    """Half-steps one after another; the generator is advanced in place."""
    clamp = clamp_mask(rbm.n_visible, walk.held)
    v = states(walk.v, rbm)
    h = None if walk.h is None else states(walk.h, rbm)
    by_hand = walk.coins
    for number in range(walk.n_half_steps + 1, walk.n_half_steps + n_half_steps + 1):
        visible = number % 2 == 0
        n_units = rbm.n_visible if visible else rbm.n_hidden
        coins = uniform((1, n_units), generator, rbm.weights)
        for unit, chosen in by_hand:
            coins[0, unit] = chosen
        by_hand = ()
        v_before, h_before = v, h
        if visible and h is not None:
            step = half_step_visible(rbm, h, generator, clamp=clamp, held=v, coins=coins)
            v = step.outcome
        else:
            step = half_step_hidden(rbm, v, generator, coins=coins)
            h = step.outcome
        yield _Moment(number, VISIBLE if visible else HIDDEN, v_before, h_before, step, v, h)


def _as_draw(rbm: RBM, walk: Walk, moment: _Moment, energy_after: float) -> Draw:
    before, step = moment.h_before, moment.step
    first = moment.number == walk.n_half_steps + 1
    return Draw(
        layer=moment.layer,
        half_step=moment.number,
        field=values(step.field),
        probability=values(step.probability),
        uniform=values(step.uniform),
        outcome=values(step.outcome),
        by_hand=tuple(unit for unit, _ in walk.coins) if first else (),
        held=walk.held if moment.layer == VISIBLE else (),
        energy_before=None if before is None else float(rbm.energy(moment.v_before, before)),
        energy_after=energy_after,
    )


def _note(
    distances: list[tuple[int, float]], visits: NDArray[np.int64], law: VisitLaw, n: int
) -> None:
    """Append the distance where it is due; the moments depend on the count alone."""
    due = distances[-1][0] + max(1, int(distances[-1][0] * NOTE_GROWTH)) if distances else 1
    if n >= due:
        distances.append((n, distance(visits, law.exact)))
