"""One walker, half a Gibbs step at a time: where it stands and how it came there, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pages.gibbs_steps.visit_laws import VisitLaw, visit_law
from rbm_core import (
    MAX_CHAIN_UNITS,
    MAX_LAYER_UNITS,
    RBM,
    ConfigError,
    SizeError,
    generator_state,
    make_generator,
    noise,
    state_index,
)

__all__ = [
    "HIDDEN",
    "VISIBLE",
    "Draw",
    "Hold",
    "Layer",
    "Override",
    "Values",
    "Walk",
    "begin",
    "hold",
    "set_coins",
    "states",
    "values",
]

Layer = Literal["hidden", "visible"]
HIDDEN: Layer = "hidden"
VISIBLE: Layer = "visible"

Values = NDArray[np.float32]


@dataclass(frozen=True, eq=False, kw_only=True)
class Draw:
    """One half-step; arrays have shape (n_units,).

    Attributes:
        layer: The layer drawn.
        half_step: Its number, from 1.
        field: Input of each unit.
        probability: Chance of a 1; a held unit shows its value.
        uniform: The number that decided each unit, NaN where it is still to be drawn.
        outcome: 1.0 where uniform < probability, NaN where it is still open.
        by_hand: Units whose uniform was set by hand.
        held: Units that kept their value whatever was drawn.
        energy_before: E(v, h) before, or None when there was no hidden state yet.
        energy_after: E(v, h) after, or None while it is still to come.
    """

    layer: Layer
    half_step: int
    field: Values
    probability: Values
    uniform: Values
    outcome: Values
    by_hand: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    energy_before: float | None = None
    energy_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class Override:
    """A uniform set by hand.

    Attributes:
        half_step: Number of the half-step, from 1.
        unit: Unit of the layer drawn.
        uniform: The number set, in [0, 1).
    """

    half_step: int
    unit: int
    uniform: float


@dataclass(frozen=True, kw_only=True)
class Hold:
    """From after this half-step on, these visible units and no others were held."""

    half_step: int
    units: tuple[int, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Walk:
    """A walk, whole: with the machine it says all that the next half-step needs.

    Attributes:
        seed: Seed of its random stream.
        n_restarts: Which walk of that seed; the stream is (seed, "walk", n_restarts).
        v: The visible state, shape (n_visible,).
        h: The hidden state, shape (n_hidden,), or None before the first half-step.
        n_half_steps: Half-steps made; when even, the hidden layer is next.
        coins: Uniforms set by hand for the next half-step, as (unit, number).
        held: Visible units that are held.
        overrides: Every uniform ever set by hand, in order.
        holds: Every change of the held units, in order.
        law: What visits tend to under the present holds.
        counted_from: Full steps made when counting began (it begins anew when a hold changes).
        visits: How often each visible state was seen since, in counting order.
        distances: (steps counted, total variation) at moments of the past.
        energies: (half-step, E(v, h)) of the last half-steps.
        trail: Numbers of the last visible states, the present one last.
        last_hidden: The last draw of the hidden layer.
        last_visible: The last draw of the visible layer.
        stream: The random stream as bytes.
    """

    seed: int
    n_restarts: int
    v: Values
    h: Values | None = None
    n_half_steps: int = 0
    coins: tuple[tuple[int, float], ...] = ()
    held: tuple[int, ...] = ()
    overrides: tuple[Override, ...] = ()
    holds: tuple[Hold, ...] = ()
    law: VisitLaw
    counted_from: int = 0
    visits: NDArray[np.int64]
    distances: tuple[tuple[int, float], ...] = ()
    energies: tuple[tuple[int, float], ...] = ()
    trail: tuple[int, ...]
    last_hidden: Draw | None = None
    last_visible: Draw | None = None
    stream: Tensor

    @property
    def next_layer(self) -> Layer:
        """The layer that the next half-step draws."""
        return VISIBLE if self.n_half_steps % 2 else HIDDEN

    @property
    def n_steps(self) -> int:
        """Full steps made, v → h → v."""
        return self.n_half_steps // 2

    @property
    def n_counted(self) -> int:
        """Visible states counted."""
        return self.n_steps - self.counted_from

    @property
    def last_draw(self) -> Draw | None:
        """The half-step made last."""
        return self.last_hidden if self.next_layer == VISIBLE else self.last_visible


def begin(rbm: RBM, seed: int, n_restarts: int = 0) -> Walk:
    """Put a walker on a state of fair coins.

    Args:
        rbm: The machine: at most 12 visible and 20 hidden units.
        seed: The recipe's seed.
        n_restarts: Which walk of that seed.

    Raises:
        SizeError: If the machine is too large to list its states.
    """
    if rbm.n_visible > MAX_CHAIN_UNITS or rbm.n_hidden > MAX_LAYER_UNITS:
        raise SizeError(
            f"this machine has {rbm.n_visible} visible and {rbm.n_hidden} hidden units; a walk is "
            f"followed unit by unit up to {MAX_CHAIN_UNITS} and {MAX_LAYER_UNITS}, "
            "so choose a gate or a small pattern"
        )
    generator = make_generator(seed, "walk", n_restarts)
    first = noise(rbm, 1, generator)
    return Walk(
        seed=seed,
        n_restarts=n_restarts,
        v=values(first),
        trail=(int(state_index(first)),),
        law=visit_law(rbm, first[0], ()),
        visits=np.zeros(2**rbm.n_visible, np.int64),
        stream=generator_state(generator),
    )


def set_coins(walk: Walk, rbm: RBM, coins: Mapping[int, float]) -> Walk:
    """Choose uniforms of the next half-step; units not named leave theirs to chance.

    Args:
        walk: The walk.
        rbm: The machine.
        coins: A number in [0, 1) for each unit chosen, of the layer that is drawn next.

    Raises:
        ConfigError: If a unit does not exist or a number is out of range.
    """
    n_units = rbm.n_hidden if walk.next_layer == HIDDEN else rbm.n_visible
    for unit, number in coins.items():
        if not 0 <= unit < n_units:
            raise ConfigError(
                f"a coin is set for {walk.next_layer} unit {unit + 1}; "
                f"units run from 1 to {n_units}"
            )
        if not 0 <= number < 1:
            raise ConfigError(
                f"the coin of {walk.next_layer} unit {unit + 1} is {number}; "
                "it must be at least 0 and below 1"
            )
    return replace(walk, coins=tuple(sorted(coins.items())))


def hold(walk: Walk, rbm: RBM, units: Sequence[int]) -> Walk:
    """Hold these visible units at their present values, and count visits anew.

    Args:
        walk: The walk.
        rbm: The machine.
        units: Visible units to hold from now on; all others are free.

    Raises:
        ConfigError: If a unit does not exist.
    """
    held = tuple(sorted(set(units)))
    return replace(
        walk,
        held=held,
        holds=(*walk.holds, Hold(half_step=walk.n_half_steps, units=held)),
        law=visit_law(rbm, torch.from_numpy(walk.v), held),
        # A half-finished step ends under the new law, so it counts.
        counted_from=walk.n_steps,
        visits=np.zeros_like(walk.visits),
        distances=(),
    )


def values(layer: Tensor) -> Values:
    """Return one chain's numbers as a vector, shape (n_units,)."""
    return cast("Values", layer.reshape(-1).to(torch.float32).numpy().copy())


def states(vector: Values, rbm: RBM) -> Tensor:
    """Return a vector as one chain of a machine, shape (1, n_units)."""
    return torch.from_numpy(vector)[None].to(rbm.weights)
