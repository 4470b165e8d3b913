"""Laws of the walker: the engine's numbers, replay, coins set by hand, convergence."""

from __future__ import annotations

import contextlib
import io
import math
from typing import Any

import numpy as np
import pytest
import torch

from app.gates.machine import Machine
from pages.gibbs_steps.listing import gibbs_code
from pages.gibbs_steps.stepping import advance, next_draw
from pages.gibbs_steps.visit_laws import chance_bounds, distance
from pages.gibbs_steps.walk import HIDDEN, VISIBLE, Walk, begin, hold, set_coins
from rbm_core import RBM, ConfigError, SizeError, default_recipe, gibbs_chain, make_generator, noise


@pytest.fixture(scope="module")
def rbm() -> RBM:
    return RBM.initialise(5, 3, 1.0, generator=make_generator(3))


def _same(one: Walk, other: Walk) -> bool:
    assert one.h is not None
    assert other.h is not None
    return bool(
        (one.v == other.v).all()
        and (one.h == other.h).all()
        and (one.visits == other.visits).all()
        and one.energies == other.energies
        and one.distances == other.distances
        and one.overrides == other.overrides
        and torch.equal(one.stream, other.stream)
    )


def _replay(rbm: RBM, walk: Walk) -> Walk:
    """Walk again from the start with the same seed, the same holds and the same coins by hand."""
    again = begin(rbm, walk.seed, walk.n_restarts)
    stops = {entry.half_step for entry in walk.holds} | {walk.n_half_steps}
    stops |= {entry.half_step - 1 for entry in walk.overrides}
    for stop in sorted(stops):
        again = advance(rbm, again, stop - again.n_half_steps)
        for entry in walk.holds:
            if entry.half_step == stop:
                again = hold(again, rbm, entry.units)
        coins = {o.unit: o.uniform for o in walk.overrides if o.half_step == stop + 1}
        again = set_coins(again, rbm, coins)
    return set_coins(again, rbm, dict(walk.coins))


def test_walk_visits_the_states_of_the_engines_own_chain(rbm: RBM) -> None:
    walk = begin(rbm, 7, 2)
    generator = make_generator(7, "walk", 2)
    first = noise(rbm, 1, generator)
    assert (walk.v == first[0].numpy()).all()
    for v in gibbs_chain(rbm, first, 50, generator):
        walk = advance(rbm, walk, 2)
        assert (walk.v == v[0].numpy()).all()
    assert walk.visits.sum() == 50


def test_walk_does_not_depend_on_how_it_is_cut(rbm: RBM) -> None:
    cut = begin(rbm, 1)
    for n in (1, 1, 3, 20, 175):
        cut = advance(rbm, cut, n)
    assert _same(cut, advance(rbm, begin(rbm, 1), 200))


def test_another_walk_of_the_seed_meets_other_chance(rbm: RBM) -> None:
    one, other = (advance(rbm, begin(rbm, 1, n), 200) for n in (0, 1))
    assert not _same(one, other)


def test_draw_explains_its_outcome(rbm: RBM) -> None:
    walk = begin(rbm, 1)
    for layer in (HIDDEN, VISIBLE):
        expected = next_draw(rbm, walk)
        walk = advance(rbm, walk, 1)
        draw = walk.last_draw
        assert draw is not None
        assert draw.layer == layer == expected.layer
        np.testing.assert_array_equal(draw.field, expected.field)
        np.testing.assert_array_equal(draw.outcome, draw.uniform < draw.probability)
        np.testing.assert_allclose(draw.probability, 1 / (1 + np.exp(-draw.field)), rtol=1e-5)
        state = walk.h if layer == HIDDEN else walk.v
        np.testing.assert_array_equal(draw.outcome, state)


def test_energies_before_and_after_are_the_joint_energy(rbm: RBM) -> None:
    walk = advance(rbm, begin(rbm, 1), 1)
    before = walk
    assert walk.last_draw is not None
    assert walk.last_draw.energy_before is None
    walk = advance(rbm, walk, 1)
    draw = walk.last_draw
    assert draw is not None
    w, b, c = (p.double().numpy() for p in rbm.parameters())

    def energy(v: np.ndarray, h: np.ndarray) -> float:
        return -float(b @ v + c @ h + v @ w @ h)

    assert walk.h is not None
    assert math.isclose(draw.energy_before or 0, energy(before.v, walk.h), rel_tol=1e-5)
    assert math.isclose(draw.energy_after or 0, energy(walk.v, walk.h), rel_tol=1e-5)
    assert walk.energies[-1] == (2, draw.energy_after)


@pytest.mark.parametrize("n_before", [6, 7])
def test_coin_set_by_hand_changes_exactly_the_chosen_unit(rbm: RBM, n_before: int) -> None:
    walk = advance(rbm, begin(rbm, 1), n_before)
    plain = advance(rbm, walk, 1).last_draw
    assert plain is not None
    for unit in range(len(plain.outcome)):
        other_side = 0.0 if plain.outcome[unit] == 0 else 0.999999
        changed = advance(rbm, set_coins(walk, rbm, {unit: other_side}), 1)
        draw = changed.last_draw
        assert draw is not None
        assert draw.by_hand == (unit,)
        assert [u for u in range(len(plain.outcome)) if draw.outcome[u] != plain.outcome[u]] == [
            unit
        ]
        differs = np.flatnonzero(draw.uniform != plain.uniform)
        assert differs.tolist() == [unit]


def test_coin_set_by_hand_serves_one_half_step(rbm: RBM) -> None:
    walk = set_coins(begin(rbm, 1), rbm, {1: 0.25})
    walk = advance(rbm, walk, 10)
    assert walk.coins == ()
    assert [(o.half_step, o.unit, o.uniform) for o in walk.overrides] == [(1, 1, 0.25)]


def test_replay_gives_the_same_walk_with_coins_and_holds(rbm: RBM) -> None:
    walk = advance(rbm, set_coins(begin(rbm, 1), rbm, {0: 0.9}), 3)
    walk = advance(rbm, set_coins(walk, rbm, {2: 0.1, 4: 0.5}), 4)
    walk = advance(rbm, hold(walk, rbm, [1]), 30)
    walk = advance(rbm, hold(set_coins(walk, rbm, {}), rbm, []), 1)
    walk = set_coins(walk, rbm, {0: 0.3})
    again = _replay(rbm, walk)
    assert _same(walk, again)
    assert again.coins == walk.coins
    assert again.holds == walk.holds


def test_held_units_never_move_and_visits_follow_the_conditional_law(rbm: RBM) -> None:
    walk = hold(advance(rbm, begin(rbm, 1), 9), rbm, [0, 3])
    held = walk.v[[0, 3]].copy()
    assert walk.visits.sum() == 0
    for _ in range(20):
        walk = advance(rbm, walk, 2)
        assert (walk.v[[0, 3]] == held).all()
    walk = advance(rbm, walk, 20_000)
    law = walk.law.exact
    assert walk.visits[law == 0].sum() == 0
    at = chance_bounds(walk.law, walk.n_counted)
    assert at.walk is not None
    assert distance(walk.visits, law) < 1.5 * at.walk[-1]


def test_visits_converge_to_the_exact_law() -> None:
    """A quick machine: 10⁴ correlated steps are as good as independent draws, nearly."""
    rbm = RBM.initialise(5, 3, 0.5, generator=make_generator(3))
    walk = advance(rbm, begin(rbm, 1), 20_000)
    law = walk.law.exact
    at = chance_bounds(walk.law, walk.n_counted)
    assert at.n[-1] == 10_000
    assert distance(walk.visits, law) < 1.5 * at.independent[-1]
    n, far = np.array(walk.distances).T
    assert far[0] > 0.5
    assert (np.diff(n) > 0).all()
    assert far[-1] < 0.1 * far[0]


def test_bad_coins_units_and_machines_are_refused(rbm: RBM) -> None:
    walk = begin(rbm, 1)
    with pytest.raises(ConfigError, match=r"hidden unit 2 is 1\.0; it must be"):
        set_coins(walk, rbm, {1: 1.0})
    with pytest.raises(ConfigError, match="units run from 1 to 3"):
        set_coins(walk, rbm, {3: 0.5})
    with pytest.raises(ConfigError, match="clamped unit 5"):
        hold(walk, rbm, [5])
    large = RBM.initialise(13, 3, generator=make_generator(0))
    with pytest.raises(SizeError, match="13 visible"):
        begin(large, 0)


def test_code_repeats_a_walk_with_coins_and_holds() -> None:
    recipe = default_recipe("or").replace(n_hidden=3, seed=5)
    run = recipe.start()
    run.advance(30)
    machine = Machine(
        recipe=recipe, dataset=run.dataset, rbm=run.rbm.clone(), update=30, n_updates=2000
    )
    walk = hold(begin(machine.rbm, recipe.seed, 1), machine.rbm, [2])
    walk = advance(machine.rbm, set_coins(walk, machine.rbm, {0: 0.5}), 7)
    walk = advance(machine.rbm, hold(walk, machine.rbm, [0, 1]), 8)
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(gibbs_code(machine, walk), space)  # noqa: S102  (running it is the test)
    assert walk.h is not None
    assert space["v"][0].tolist() == walk.v.tolist()
    assert space["h"][0].tolist() == walk.h.tolist()
    assert space["visits"].tolist() == walk.visits.tolist()


def test_code_of_a_walk_that_has_not_begun_runs() -> None:
    recipe = default_recipe("and")
    run = recipe.start()
    machine = Machine(
        recipe=recipe, dataset=run.dataset, rbm=run.rbm.clone(), update=0, n_updates=2000
    )
    walk = begin(machine.rbm, recipe.seed)
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(gibbs_code(machine, walk), space)  # noqa: S102  (running it is the test)
    assert space["v"][0].tolist() == walk.v.tolist()
