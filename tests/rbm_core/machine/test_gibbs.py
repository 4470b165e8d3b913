"""Laws of Gibbs sampling: what it leaves unchanged, and that half-steps tell the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import (
    RBM,
    ConfigError,
    clamp_mask,
    enumerate_states,
    gibbs_chain,
    gibbs_step,
    half_step_hidden,
    half_step_visible,
    make_generator,
    noise,
    state_index,
)
from tests import oracle
from tests.conftest import MakeMachine

AsOracle = Callable[[RBM], oracle.Machine]
N_CHAINS = 100_000


def exact_draws(law: oracle.Array, n: int, seed: int) -> Tensor:
    numbers = np.random.default_rng(seed).choice(len(law), size=n, p=law)
    return enumerate_states(5)[torch.as_tensor(numbers)]


def frequencies(v: Tensor) -> oracle.Array:
    return np.bincount(state_index(v).numpy(), minlength=32) / len(v)


@pytest.mark.parametrize("seed", range(5))
def test_gibbs_steps_from_the_models_law_do_not_drift(
    make_rbm: MakeMachine, as_oracle: AsOracle, seed: int
) -> None:
    rbm = make_rbm(seed)
    law = oracle.visible_law(as_oracle(rbm))
    v = exact_draws(law, N_CHAINS, seed)
    for state in gibbs_chain(rbm, v, 10, make_generator(seed)):
        v = state
    assert oracle.total_variation(frequencies(v), law) < 1.5 * oracle.sampling_floor(law, N_CHAINS)


@pytest.mark.parametrize("beta", [0.9, 1.1])
def test_the_drift_bound_would_catch_another_temperature(
    make_rbm: MakeMachine, as_oracle: AsOracle, beta: float
) -> None:
    rbm = make_rbm(0)
    law = oracle.visible_law(as_oracle(rbm))
    v = exact_draws(law, N_CHAINS, 0)
    for state in gibbs_chain(rbm.scaled(beta), v, 10, make_generator(0)):
        v = state
    assert oracle.total_variation(frequencies(v), law) > 1.5 * oracle.sampling_floor(law, N_CHAINS)


def test_one_step_follows_the_transition_matrix(rbm: RBM, as_oracle: AsOracle) -> None:
    start = enumerate_states(5)[13].expand(N_CHAINS, 5)
    v, _info = gibbs_step(rbm, start, make_generator(0))
    row = oracle.transition(as_oracle(rbm))[13]
    assert oracle.total_variation(frequencies(v), row) < 1.5 * oracle.sampling_floor(row, N_CHAINS)


def test_clamped_chains_settle_in_the_exact_conditional(rbm: RBM, as_oracle: AsOracle) -> None:
    held, values = (1, 4), (1.0, 0.0)
    v = noise(rbm, N_CHAINS, make_generator(1))
    v[:, 1], v[:, 4] = values
    for state in gibbs_chain(rbm, v, 40, make_generator(2), clamp=clamp_mask(5, held)):
        v = state
        assert (v[:, 1] == 1).all()
        assert (v[:, 4] == 0).all()
    law = oracle.conditional_law(as_oracle(rbm), held, values)
    assert oracle.total_variation(frequencies(v), law) < 1.5 * oracle.sampling_floor(law, N_CHAINS)


def test_a_step_tells_the_probabilities_it_drew_from(rbm: RBM) -> None:
    v = noise(rbm, 7, make_generator(0))
    after, info = gibbs_step(rbm, v, make_generator(1), clamp=clamp_mask(5, [3]))
    free = [0, 1, 2, 4]
    assert torch.allclose(info.mean_v[:, free], rbm.mean_v_given_h(info.h)[:, free])
    assert torch.equal(info.mean_v[:, 3], v[:, 3])
    assert torch.equal(after[:, 3], v[:, 3])


def test_half_steps_compose_to_a_gibbs_step(rbm: RBM) -> None:
    v = noise(rbm, 7, make_generator(0))
    whole, info = gibbs_step(rbm, v, make_generator(3))
    stream = make_generator(3)
    up = half_step_hidden(rbm, v, stream)
    down = half_step_visible(rbm, up.outcome, stream)
    assert torch.equal(up.outcome, info.h)
    assert torch.equal(down.outcome, whole)
    assert torch.equal(down.probability, info.mean_v)


def test_a_half_step_is_one_exactly_where_the_uniform_falls_below_the_probability(
    rbm: RBM,
) -> None:
    v = noise(rbm, 7, make_generator(0))
    step = half_step_hidden(rbm, v, make_generator(1))
    assert torch.allclose(step.field, rbm.hidden_field(v))
    assert torch.allclose(step.probability, torch.sigmoid(step.field))
    assert torch.equal(step.outcome, (step.uniform < step.probability).double())
    assert ((step.uniform >= 0) & (step.uniform < 1)).all()


def test_given_coins_decide_and_leave_the_generator_alone(rbm: RBM) -> None:
    stream = make_generator(1)
    v = noise(rbm, 7, make_generator(0))
    low, high = torch.zeros(7, 3, dtype=torch.float64), torch.ones(7, 3, dtype=torch.float64)
    assert half_step_hidden(rbm, v, stream, coins=low).outcome.all()
    assert not half_step_hidden(rbm, v, stream, coins=high).outcome.any()
    untouched = half_step_hidden(rbm, v, make_generator(1)).uniform
    assert torch.equal(half_step_hidden(rbm, v, stream).uniform, untouched)


def test_a_clamped_half_step_keeps_held_values(rbm: RBM) -> None:
    h, held = torch.ones(7, 3, dtype=torch.float64), noise(rbm, 7, make_generator(0))
    clamp = clamp_mask(5, [0, 2])
    step = half_step_visible(rbm, h, make_generator(1), clamp=clamp, held=held)
    assert torch.equal(step.outcome[:, clamp], held[:, clamp])
    assert torch.equal(step.probability[:, clamp], held[:, clamp])
    free = half_step_visible(rbm, h, make_generator(1))
    assert torch.equal(step.outcome[:, ~clamp], free.outcome[:, ~clamp])
    with pytest.raises(ConfigError, match="clamp came without held"):
        half_step_visible(rbm, h, make_generator(1), clamp=clamp)


def test_a_chain_gives_as_many_states_as_steps_and_lazily(rbm: RBM) -> None:
    v = noise(rbm, 7, make_generator(0))
    states = list(gibbs_chain(rbm, v, 11, make_generator(1)))
    assert len(states) == 11
    stream = make_generator(1)
    first = next(gibbs_chain(rbm, v, 11, stream))
    assert torch.equal(first, states[0])
    # Only one step was drawn: the next draw of this stream is the second state's.
    assert torch.equal(gibbs_step(rbm, first, stream)[0], states[1])


def test_noise_is_a_fair_coin_of_the_machines_shape(make_rbm: MakeMachine) -> None:
    ensemble = make_rbm(0, 2)
    v = noise(ensemble, 9973, make_generator(0))
    assert v.shape == (2, 9973, 5)
    assert set(v.unique().tolist()) == {0.0, 1.0}
    assert v.mean((0, 1)).numpy() == pytest.approx(np.full(5, 0.5), abs=0.015)


def test_sampling_is_a_function_of_the_seed(rbm: RBM) -> None:
    def run(seed: int) -> Tensor:
        stream = make_generator(seed)
        return torch.stack(list(gibbs_chain(rbm, noise(rbm, 7, stream), 5, stream)))

    assert torch.equal(run(0), run(0))
    assert not torch.equal(run(0), run(1))


def test_replicas_keep_their_own_law(make_rbm: MakeMachine, as_oracle: AsOracle) -> None:
    ensemble = make_rbm(6, 2)
    laws = [oracle.visible_law(as_oracle(ensemble.replica(r))) for r in range(2)]
    v = torch.stack([exact_draws(law, N_CHAINS, r) for r, law in enumerate(laws)])
    for state in gibbs_chain(ensemble, v, 3, make_generator(0)):
        v = state
    for r, law in enumerate(laws):
        floor = oracle.sampling_floor(law, N_CHAINS)
        assert oracle.total_variation(frequencies(v[r]), law) < 1.5 * floor


def test_a_clamped_unit_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigError, match="units run from 0 to 4"):
        clamp_mask(5, [5])
    with pytest.raises(ConfigError, match="clamped unit -1"):
        clamp_mask(5, [-1])
