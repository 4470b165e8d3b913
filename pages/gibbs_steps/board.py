"""What *Gibbs, step by step* shows of a walk: rows of units, and four panels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.charts import energy_landscape, visits
from app.charts.states import state_name
from app.components.coin_rows import LayerRows, UnitRow
from app.components.live_board import Panel
from app.gates.machine import Machine
from app.gates.names import bit_names, hidden_names
from pages.gibbs_steps import words
from pages.gibbs_steps.stepping import next_draw
from pages.gibbs_steps.visit_laws import Floats, chance_bounds, distance
from pages.gibbs_steps.walk import HIDDEN, VISIBLE, Draw, Layer, Values, Walk
from rbm_core import enumerate_states, state_index

__all__ = ["layer_rows", "panels", "unit_names"]

# The distance is drawn over at least this many steps, so that its scale does not jump at first.
MIN_STEPS = 100


def unit_names(machine: Machine, layer: Layer) -> tuple[str, ...]:
    """Name the units of a layer.

    Args:
        machine: The machine.
        layer: The layer.
    """
    if layer == VISIBLE:
        return bit_names(machine.dataset)
    return hidden_names(machine.rbm.n_hidden)


def layer_rows(machine: Machine, walk: Walk) -> tuple[LayerRows, LayerRows]:
    """Return the rows of the hidden layer and of the visible one.

    Args:
        machine: The machine.
        walk: Its walk.
    """
    upcoming = next_draw(machine.rbm, walk)
    parts = []
    for layer, state, last in (
        (HIDDEN, walk.h, walk.last_hidden),
        (VISIBLE, walk.v, walk.last_visible),
    ):
        is_next = walk.next_layer == layer
        parts.append(
            LayerRows(
                title=words.LAYERS[layer],
                note=words.layer_note(walk, layer),
                is_next=is_next,
                can_hold=layer == VISIBLE,
                units=_unit_rows(
                    unit_names(machine, layer),
                    state,
                    upcoming if is_next else last,
                    walk.held if layer == VISIBLE else (),
                ),
            )
        )
    return parts[0], parts[1]


def panels(machine: Machine, walk: Walk, height: int) -> list[Panel]:
    """Draw landscape, energy, visits and distance.

    Args:
        machine: The machine.
        walk: Its walk.
        height: Pixels of each panel.
    """
    states = _states(machine)
    return [
        _landscape(states, walk, height),
        _visits(states, walk, height),
        _trace(walk, height),
        _distance(walk, height),
    ]


@dataclass(frozen=True, eq=False, kw_only=True)
class _States:
    """What a machine says of all its visible states, wherever the walk is.

    Attributes:
        n_visible: Units of a state.
        free_energy: F(v) in counting order, shape (2**n_visible,), nats.
        legal: Numbers of the states that the data hold.
    """

    n_visible: int
    free_energy: Floats
    legal: frozenset[int]


@lru_cache(maxsize=64)
def _states(machine: Machine) -> _States:
    rbm = machine.rbm
    states = enumerate_states(rbm.n_visible, dtype=rbm.weights.dtype)
    return _States(
        n_visible=rbm.n_visible,
        free_energy=rbm.free_energy(states).numpy(),
        legal=frozenset(state_index(machine.dataset.train).tolist()),
    )


def _unit_rows(
    names: tuple[str, ...], state: Values | None, draw: Draw | None, held: tuple[int, ...]
) -> tuple[UnitRow, ...]:
    def at(values: Values | None, unit: int) -> float:
        return math.nan if values is None else float(values[unit])

    return tuple(
        UnitRow(
            name=name,
            state=None if state is None else int(state[unit]),
            field=at(draw.field if draw else None, unit),
            probability=at(draw.probability if draw else None, unit),
            uniform=at(draw.uniform if draw else None, unit),
            by_hand=draw is not None and unit in draw.by_hand,
            held=unit in held,
        )
        for unit, name in enumerate(names)
    )


def _landscape(states: _States, walk: Walk, height: int) -> Panel:
    landscape = energy_landscape.Landscape(
        n_visible=states.n_visible,
        free_energy=states.free_energy,
        trail=walk.trail,
        legal=states.legal,
        reachable=frozenset(np.flatnonzero(walk.law.exact > 0).tolist()),
    )
    here = state_name(landscape.here, states.n_visible)
    return Panel(
        name="landscape",
        title=words.TITLES["landscape"],
        note=words.landscape_note(here, float(states.free_energy[landscape.here])),
        alt=energy_landscape.landscape_alt(landscape),
        figure=energy_landscape.landscape_figure(landscape),
        height=height,
    )


def _visits(states: _States, walk: Walk, height: int) -> Panel:
    bars = visits.VisitBars(
        n_visible=states.n_visible,
        visits=walk.visits,
        law=walk.law.exact,
        legal=states.legal,
        here=walk.trail[-1],
    )
    return Panel(
        name="visits",
        title=words.TITLES["visits_held" if walk.held else "visits"],
        note=words.visits_note(walk),
        alt=visits.visits_alt(bars),
        figure=visits.visits_figure(bars),
        height=height,
    )


def _trace(walk: Walk, height: int) -> Panel:
    moments = np.array([moment for moment, _ in walk.energies], dtype=np.float64)
    energies = np.array([energy for _, energy in walk.energies], dtype=np.float64)
    return Panel(
        name="trace",
        title=words.TITLES["trace"],
        note=words.energy_note(walk.last_draw),
        alt=energy_landscape.energy_trace_alt(moments, energies),
        figure=energy_landscape.energy_trace_figure(moments, energies),
        height=height,
    )


def _distance(walk: Walk, height: int) -> Panel:
    now = distance(walk.visits, walk.law.exact)
    noted = list(walk.distances)
    if walk.n_counted and noted[-1][0] != walk.n_counted:
        noted.append((walk.n_counted, now))
    at = chance_bounds(walk.law, max(MIN_STEPS, walk.n_counted))
    bound = at.independent if at.walk is None else at.walk
    curves = visits.DistanceCurves(
        n=np.array([n for n, _ in noted], dtype=np.float64),
        distance=np.array([value for _, value in noted], dtype=np.float64),
        bound_n=at.n,
        independent=at.independent,
        walk=at.walk,
    )
    return Panel(
        name="distance",
        title=words.TITLES["distance"],
        note=words.distance_note(now, float(np.interp(max(walk.n_counted, 1), at.n, bound))),
        alt=visits.distance_alt(curves),
        figure=visits.distance_figure(curves),
        height=height,
    )
