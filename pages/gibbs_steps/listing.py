"""The engine's lines that give the walk on screen again, written out to run as they stand."""

from __future__ import annotations

from app.gates.machine import Machine
from app.gates.recipe_code import recipe_code
from pages.gibbs_steps.walk import Walk

__all__ = ["gibbs_code"]

_HEAD = """\
import torch

from rbm_core import clamp_mask, default_recipe, half_step_hidden, half_step_visible
from rbm_core import make_generator, noise, state_index
from rbm_core import uniform
from rbm_core import held_distribution, total_variation

recipe = {recipe}
run = recipe.start()
run.advance({update})
rbm = run.rbm

generator = make_generator(recipe.seed, "walk", {n_restarts})
v = noise(rbm, 1, generator)
visits = torch.zeros(2**rbm.n_visible, dtype=torch.float64)
held = clamp_mask(rbm.n_visible, {first_hold})
"""

_LOOP = """
for n in range(1, {last}):
    n_units = rbm.n_hidden if n % 2 else rbm.n_visible
    coins = uniform((1, n_units), generator, rbm.weights)
"""

_BY_HAND = """\
    for unit, number in by_hand.get(n, {}).items():
        coins[0, unit] = number
"""

_STEP = """\
    if n % 2:
        step = half_step_hidden(rbm, v, generator, coins=coins)
        h = step.outcome
    else:
        step = half_step_visible(rbm, h, generator, clamp=held, held=v, coins=coins)
        v = step.outcome
        visits[state_index(v)] += 1
"""

_HOLDS = """\
    if n in holds:
        held = clamp_mask(rbm.n_visible, holds[n])
        visits.zero_()
"""

_PRINT_STEP = """
print("field      ", step.field)
print("probability", step.probability)
print("drew       ", step.uniform)
print("outcome    ", step.outcome)
print("energy     ", rbm.energy(v, h))
"""

_PRINT_STATE = """
print("visible state", v)
"""

_PRINT_VISITS = """\
law = held_distribution(rbm, v[0], held)
print("visits  ", visits)
print("exact   ", law)
print("distance", total_variation(visits / visits.sum(), law))
"""


def gibbs_code(machine: Machine, walk: Walk) -> str:
    """Write the lines that walk as the walk on screen did, coins by hand and holds included.

    Args:
        machine: The machine.
        walk: The walk.
    """
    holds = {entry.half_step: entry.units for entry in walk.holds}
    by_hand: dict[int, dict[int, float]] = {}
    for entry in walk.overrides:
        by_hand.setdefault(entry.half_step, {})[entry.unit] = entry.uniform
    parts = [
        _HEAD.format(
            recipe=recipe_code(machine.recipe),
            update=machine.update,
            n_restarts=walk.n_restarts,
            first_hold=holds.pop(0, ()),
        )
    ]
    if by_hand:
        parts.append(f"by_hand = {by_hand!r}  # half-step: {{unit: number set}}\n")
    if holds:
        parts.append(f"holds = {holds!r}  # after this half-step: units held\n")
    if walk.n_half_steps:
        parts.append(_LOOP.format(last=walk.n_half_steps + 1))
        parts += [_BY_HAND] * bool(by_hand) + [_STEP] + [_HOLDS] * bool(holds)
    parts.append(_PRINT_STEP if walk.n_half_steps else _PRINT_STATE)
    if walk.n_counted:
        parts.append(_PRINT_VISITS)
    return "".join(parts)
