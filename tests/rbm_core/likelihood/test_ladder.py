"""Laws of a round of a ladder, against the exact product law of its rungs."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from rbm_core import (
    RBM,
    ConfigError,
    LadderState,
    ShapeError,
    base_machine,
    exact_samples,
    ladder_round,
    make_generator,
    start_ladder,
    state_index,
    visible_distribution,
)
from tests.conftest import MakeMachine

N_COLUMNS = 100_000


def three_rungs(make_rbm: MakeMachine) -> RBM:
    """An independent machine and two others, of 3 visible units."""
    pair = make_rbm(2, 2, n_visible=3, n_hidden=2)
    base = base_machine(pair.replica(0))
    return RBM(
        *(
            torch.cat([b[None], p])
            for b, p in zip(base.parameters(), pair.parameters(), strict=True)
        )
    )


def at_equilibrium(rungs: RBM, seed: int, n_columns: int = N_COLUMNS) -> LadderState:
    v = exact_samples(rungs, n_columns, make_generator(seed))
    return LadderState(v=v, born=torch.full(v.shape[:-1], -1), n_rounds=0)


def distance(rungs: RBM, v: Tensor) -> float:
    """Total variation between the joint of all rungs and its law, in sampling floors."""
    laws = visible_distribution(rungs)
    law = torch.einsum("a,b,c->abc", *laws).reshape(-1)
    a, b, c = state_index(v)
    seen = torch.bincount((a * 8 + b) * 8 + c, minlength=len(law)) / v.shape[-2]
    floor = (law * (1 - law) / v.shape[-2]).sqrt().sum() / 2
    return float((seen - law).abs().sum() / 2 / floor)


def rounds(rungs: RBM, state: LadderState, n: int, seed: int = 7) -> LadderState:
    stream = make_generator(seed)
    for number in range(n):
        state, _info = ladder_round(rungs, state, stream, measure=number % 3 == 0)
    return state


def test_rounds_leave_the_joint_law_of_all_rungs(make_rbm: MakeMachine) -> None:
    rungs = three_rungs(make_rbm)
    assert distance(rungs, rounds(rungs, at_equilibrium(rungs, 0), 8).v) < 1.5


def test_a_wrong_swap_sign_breaks_the_joint_law(
    make_rbm: MakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rungs = three_rungs(make_rbm)
    right = RBM.free_energy
    monkeypatch.setattr(RBM, "free_energy", lambda rbm, v: -right(rbm, v))
    assert distance(rungs, rounds(rungs, at_equilibrium(rungs, 0), 8).v) > 5


def test_rounds_reach_the_joint_law_from_coins(make_rbm: MakeMachine) -> None:
    rungs = three_rungs(make_rbm)
    state = start_ladder(rungs, N_COLUMNS, make_generator(0))
    assert distance(rungs, state.v) > 5
    assert distance(rungs, rounds(rungs, state, 40).v) < 1.5


def test_births_travel_with_their_states(make_rbm: MakeMachine) -> None:
    rungs = three_rungs(make_rbm)
    state = start_ladder(rungs, 500, make_generator(0))
    assert state.renewal.tolist() == [0, 0, 0]
    stream, seen = make_generator(1), []
    for number in range(150):
        state, info = ladder_round(rungs, state, stream)
        assert state.n_rounds == number + 1
        assert int(state.born.max()) == number  # rung 0 has just been drawn
        swaps = round(float(info.swap_rate[number % 2]) * 500)
        if number % 2 == 0:
            assert int((state.born[1] == number).sum()) == swaps
        seen.append(state.renewal)
    renewal = torch.stack(seen)
    assert bool((renewal[:, 0] > 0).all())
    assert float(renewal[0, 2]) == 0.0  # nothing climbs two rungs in one round
    assert float(renewal[-1].min()) == 1.0


def test_works_are_differences_of_free_energy_before_the_swap(make_rbm: MakeMachine) -> None:
    rungs = three_rungs(make_rbm)
    # Without a swap the states after the round are those that were measured.
    far = RBM(*(p.clone() for p in rungs.parameters()))
    far.visible_bias.add_(torch.tensor([-60.0, 60.0, -60.0])[:, None])
    state, info = ladder_round(far, at_equilibrium(far, 0, 11), make_generator(0), measure=True)
    assert float(info.swap_rate[0]) == 0.0
    assert math.isnan(float(info.swap_rate[1]))
    assert info.works_lo is not None
    assert info.works_hi is not None
    for pair in range(2):
        low, high = far.replica(pair), far.replica(pair + 1)
        for found, v in ((info.works_lo, state.v[pair]), (info.works_hi, state.v[pair + 1])):
            torch.testing.assert_close(found[pair], high.free_energy(v) - low.free_energy(v))


def test_measuring_does_not_change_the_walk(make_rbm: MakeMachine) -> None:
    rungs = three_rungs(make_rbm)
    walks = []
    for measure in (False, True):
        state, stream = start_ladder(rungs, 50, make_generator(0)), make_generator(1)
        for _ in range(10):
            state, info = ladder_round(rungs, state, stream, measure=measure)
        assert (info.works_lo is not None) == measure
        walks.append(state.v)
    assert torch.equal(*walks)


def test_a_ladder_of_two_rungs_swaps_in_every_round(make_rbm: MakeMachine) -> None:
    rungs = RBM(*(p[:2] for p in three_rungs(make_rbm).parameters()))
    state, stream = start_ladder(rungs, 50, make_generator(0)), make_generator(1)
    for _ in range(4):
        state, info = ladder_round(rungs, state, stream)
        assert float(info.swap_rate[0]) > 0


def test_a_ladder_refuses_what_it_cannot_use(make_rbm: MakeMachine) -> None:
    rungs, stream = three_rungs(make_rbm), make_generator(0)
    with pytest.raises(ConfigError, match="first rung has weights"):
        start_ladder(RBM(*(p[1:] for p in rungs.parameters())), 5, stream)
    with pytest.raises(ShapeError, match="at least 2"):
        start_ladder(rungs.replica(0), 5, stream)
    with pytest.raises(ConfigError, match="n_columns is 1"):
        start_ladder(rungs, 1, stream)
    state = start_ladder(rungs, 5, stream)
    with pytest.raises(ShapeError, match="do not fit 2 rungs"):
        ladder_round(RBM(*(p[:2] for p in rungs.parameters())), state, stream)
