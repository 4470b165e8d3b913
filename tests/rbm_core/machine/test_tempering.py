"""Laws of parallel tempering, against the exact product law of a tiny ladder."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ConfigError, ShapeError, make_generator
from rbm_core.exact.enumeration import visible_distribution
from rbm_core.exact.samples import exact_samples
from rbm_core.machine.gibbs import gibbs_chain, noise
from rbm_core.machine.independent import base_machine
from rbm_core.machine.states import state_index
from rbm_core.machine.tempering import (
    TemperedState,
    start_tempering,
    swap_neighbours,
    tempered_ladder,
    tempered_samples,
    tempered_step,
)

BETAS = torch.tensor([0.2, 0.6, 1.0])
N_CHAINS = 100_000


def machine(n_visible: int = 3, n_hidden: int = 2) -> RBM:
    stream = np.random.default_rng(2)
    return RBM(
        torch.as_tensor(2 * stream.normal(size=(n_visible, n_hidden))),
        torch.as_tensor(stream.normal(size=n_visible)),
        torch.as_tensor(stream.normal(size=n_hidden)),
    )


def joint_distance(ladder: RBM, v: Tensor) -> float:
    """Total variation between the joint of all temperatures and its law, in sampling floors."""
    laws = visible_distribution(ladder)  # (3, 8)
    law = torch.einsum("a,b,c->abc", *laws).reshape(-1)
    a, b, c = state_index(v)
    n_states = laws.shape[-1]
    seen = torch.bincount((a * n_states + b) * n_states + c, minlength=len(law)) / v.shape[-2]
    floor = (law * (1 - law) / v.shape[-2]).sqrt().sum() / 2
    return float((seen - law).abs().sum() / 2 / floor)


@pytest.mark.parametrize("first", [0, 1])
def test_swaps_leave_the_joint_law(first: int) -> None:
    ladder, stream = tempered_ladder(machine(), BETAS), make_generator(0)
    v = exact_samples(ladder, N_CHAINS, stream)
    after, info = swap_neighbours(ladder, v, first, stream)
    assert float((after != v).any(-1).double().mean()) > 0.1  # they did something
    assert 0.2 < float(info.swap_rate[first]) < 1
    assert bool(info.swap_rate[1 - first].isnan())
    assert joint_distance(ladder, after) < 1.5


def test_tempered_steps_leave_the_joint_law() -> None:
    ladder, stream = tempered_ladder(machine(), BETAS), make_generator(1)
    state = TemperedState(exact_samples(ladder, N_CHAINS, stream))
    for _ in range(6):
        state, _info = tempered_step(ladder, state, stream)
    assert state.n_steps == 6
    assert joint_distance(ladder, state.v) < 1.5


def test_tempered_steps_reach_the_joint_law_from_noise() -> None:
    ladder, stream = tempered_ladder(machine(), BETAS), make_generator(2)
    state = start_tempering(ladder, N_CHAINS, stream)
    assert joint_distance(ladder, state.v) > 5
    for _ in range(60):
        state, _info = tempered_step(ladder, state, stream)
    assert joint_distance(ladder, state.v) < 1.5


def test_ladder_goes_from_the_base_to_the_machine() -> None:
    rbm = machine()
    base = base_machine(rbm, torch.tensor([[1.0, 0.0, 1.0], [1.0, 0.0, 0.0]]))
    ladder = tempered_ladder(rbm, torch.tensor([0.0, 0.25, 1.0]), base)
    for mixed, cold, hot in zip(
        ladder.parameters(), rbm.parameters(), base.parameters(), strict=True
    ):
        torch.testing.assert_close(mixed[0], hot)
        torch.testing.assert_close(mixed[1], 0.75 * hot + 0.25 * cold)
        torch.testing.assert_close(mixed[2], cold)


def test_tempering_crosses_a_barrier_that_gibbs_chains_do_not() -> None:
    # Two modes, all on and all off, of equal weight; a Gibbs chain hardly ever crosses.
    n, w = 7, 4.0
    weights = torch.full((n, 5), w)
    rbm = RBM(weights, -weights.sum(1) / 2, -weights.sum(0) / 2)
    biased_start = torch.ones(400, n)
    *_, stuck = gibbs_chain(rbm, biased_start, 50, make_generator(0))
    assert float(stuck.mean()) > 0.95
    ladder = tempered_ladder(rbm, torch.linspace(0, 1, 11))
    state, stream = TemperedState(biased_start.expand(11, 400, n)), make_generator(0)
    for _ in range(300):
        state, _info = tempered_step(ladder, state, stream)
    assert 0.4 < float(state.v[-1].mean()) < 0.6


def test_tempered_samples_follow_the_exact_law_and_the_seed() -> None:
    rbm = machine()
    v, rates = tempered_samples(rbm, 20_000, 40, make_generator(3), n_temperatures=4)
    again, _rates = tempered_samples(rbm, 20_000, 40, make_generator(3), n_temperatures=4)
    other, _rates = tempered_samples(rbm, 20_000, 40, make_generator(4), n_temperatures=4)
    assert torch.equal(v, again)
    assert not torch.equal(v, other)
    law = visible_distribution(rbm)
    seen = torch.bincount(state_index(v), minlength=8) / len(v)
    floor = (law * (1 - law) / len(v)).sqrt().sum() / 2
    assert float((seen - law).abs().sum() / 2 / floor) < 1.5
    assert rates.shape == (3,)
    assert bool(((rates > 0.2) & (rates < 1)).all())


def test_the_means_of_the_data_bring_more_swaps_than_fair_coins() -> None:
    rbm = RBM.initialise(
        23, 7, 0.1, torch.full((23,), 0.03), generator=make_generator(0), dtype=torch.float64
    )
    data = exact_samples(rbm, 200, make_generator(1))
    rates = {}
    for name, rows in (("coins", None), ("means", data)):
        _v, rate = tempered_samples(rbm, 100, 20, make_generator(2), n_temperatures=3, data=rows)
        rates[name] = float(rate[0])
    assert rates["coins"] < 0.1
    assert rates["means"] > 0.8
    with pytest.raises(ConfigError, match="both given"):
        tempered_samples(rbm, 5, 9, make_generator(0), data=data, base=base_machine(rbm))


def test_replicas_are_tempered_side_by_side() -> None:
    rbm = machine()
    pair = RBM(*(torch.stack([p, -p]) for p in rbm.parameters()))
    v, rates = tempered_samples(pair, 20_000, 30, make_generator(5), n_temperatures=3)
    assert rates.shape == (2, 2)
    means = torch.stack([visible_distribution(r) for r in (pair.replica(0), pair.replica(1))])
    seen = torch.stack([torch.bincount(state_index(x), minlength=8) / len(x) for x in v])
    assert float((seen - means).abs().max()) < 0.02


def test_tempering_refuses_what_it_cannot_use() -> None:
    rbm, stream = machine(), make_generator(0)
    for betas in ([1.0], [0.5, 0.9], [0.5, 0.4, 1.0], [-0.1, 1.0]):
        with pytest.raises(ConfigError, match="rising"):
            tempered_ladder(rbm, torch.tensor(betas))
    ladder = tempered_ladder(rbm, BETAS)
    with pytest.raises(ShapeError, match="do not fit a ladder"):
        tempered_step(ladder, TemperedState(noise(rbm, 7, stream)), stream)
    with pytest.raises(ConfigError, match="n_steps is 1"):
        tempered_samples(rbm, 5, 1, stream)
    with pytest.raises(ConfigError, match="n_temperatures is 1"):
        tempered_samples(rbm, 5, 9, stream, n_temperatures=1)


def test_two_temperatures_swap_in_every_step() -> None:
    ladder = tempered_ladder(machine(), torch.tensor([0.5, 1.0]))
    state, stream = start_tempering(ladder, 50, make_generator(0)), make_generator(1)
    for _ in range(3):
        state, info = tempered_step(ladder, state, stream)
        assert float(info.swap_rate[0]) > 0
