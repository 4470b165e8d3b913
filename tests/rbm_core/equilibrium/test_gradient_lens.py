"""Laws of the mean gradient of each scheme and of how it lies to the exact one."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from rbm_core import (
    RBM,
    ConfigError,
    DataError,
    SizeError,
    contrastive_gradient,
    enumerate_states,
    exact_samples,
    expected_gradient,
    gradient_lens,
    load_dataset,
    log_likelihood_gradient,
    make_generator,
    relaxation_time,
)
from rbm_core.equilibrium.gradients import gradient_vector
from tests.conftest import MakeMachine
from tests.films import load_film

ROWS = enumerate_states(5)[[0, 3, 3, 17, 30, 31, 8]]
N_CHAINS = 200_000


def chains_for(scheme: str, n: int = N_CHAINS) -> Tensor | None:
    return ROWS[:3].repeat(n // 3, 1) if scheme == "pcd" else None


@pytest.mark.parametrize("scheme", ["cd", "rdm", "pcd"])
@pytest.mark.parametrize("k", [1, 3])
def test_expected_gradient_is_the_mean_of_the_sampled_one(
    make_rbm: MakeMachine, scheme: str, k: int
) -> None:
    rbm, chains = make_rbm(0), chains_for(scheme)
    sampled, _ends = contrastive_gradient(
        rbm, ROWS, make_generator(0), scheme=scheme, k=k, n_chains=N_CHAINS, chains=chains
    )
    expected = expected_gradient(rbm, ROWS, scheme=scheme, k=k, chains=chains)
    off = (gradient_vector(sampled) - gradient_vector(expected)).abs()
    assert float(off.max()) < 4 * 0.5 / math.sqrt(N_CHAINS)


@pytest.mark.parametrize("scheme", ["cd", "rdm", "pcd"])
def test_expected_gradient_of_long_chains_is_the_exact_one(
    make_rbm: MakeMachine, scheme: str
) -> None:
    rbm = make_rbm(1)
    k = math.ceil(40 * float(relaxation_time(rbm)))
    found = expected_gradient(rbm, ROWS, scheme=scheme, k=k, chains=chains_for(scheme, 30))
    exact = log_likelihood_gradient(rbm, ROWS)
    torch.testing.assert_close(gradient_vector(found), gradient_vector(exact))
    lens = gradient_lens(found, exact)
    assert float(lens.angle) < 1e-5
    assert float(lens.length) == pytest.approx(1.0)


def test_chains_at_equilibrium_give_the_exact_gradient_at_any_k(make_rbm: MakeMachine) -> None:
    rbm = make_rbm(2)
    chains = exact_samples(rbm, N_CHAINS, make_generator(0))
    found = expected_gradient(rbm, ROWS, scheme="pcd", k=1, chains=chains)
    off = gradient_vector(found) - gradient_vector(log_likelihood_gradient(rbm, ROWS))
    assert float(off.abs().max()) < 4 * 0.5 / math.sqrt(N_CHAINS)


def test_a_film_gets_a_gradient_for_each_machine(make_rbm: MakeMachine) -> None:
    film = make_rbm(0, 2)
    chains = torch.stack([ROWS, 1 - ROWS])
    together = expected_gradient(film, ROWS, scheme="pcd", k=2, chains=chains)
    lens = gradient_lens(together, log_likelihood_gradient(film, ROWS))
    for i in range(2):
        alone = expected_gradient(film.replica(i), ROWS, scheme="pcd", k=2, chains=chains[i])
        torch.testing.assert_close(gradient_vector(together)[i], gradient_vector(alone))
        one = gradient_lens(alone, log_likelihood_gradient(film.replica(i), ROWS))
        torch.testing.assert_close(lens.angle[i], one.angle)
        torch.testing.assert_close(lens.length[i], one.length)


def test_length_is_that_of_all_parameters_together(make_rbm: MakeMachine) -> None:
    exact = log_likelihood_gradient(make_rbm(0), ROWS)
    twice = type(exact)(2 * exact.weights, 2 * exact.visible_bias, 2 * exact.hidden_bias)
    lens = gradient_lens(twice, exact)
    assert float(lens.length) == pytest.approx(2.0)
    assert float(lens.angle) < 1e-5


def test_along_the_notebooks_run_cd_grows_short_and_rdm_turns_round_as_memory_passes_k() -> None:
    film, data = load_film("and"), load_dataset("and").train
    exact = log_likelihood_gradient(film.rbm, data)
    lens = {
        (scheme, k): gradient_lens(expected_gradient(film.rbm, data, scheme=scheme, k=k), exact)
        for scheme in ("cd", "rdm")
        for k in (4, 30)
    }
    young, old = film.updates.index(1000), film.updates.index(15_000)  # τ is 0.9 and 56
    for scheme in ("cd", "rdm"):
        assert float(lens[scheme, 4].angle[young]) < 5
        assert float(lens[scheme, 30].angle[young]) < 0.01
    assert lens["cd", 4].angle[old].item() == pytest.approx(57.5, abs=0.1)
    assert lens["cd", 4].length[old].item() == pytest.approx(0.308, abs=0.001)
    assert lens["cd", 30].angle[old].item() == pytest.approx(26.2, abs=0.1)
    # Beyond a right angle a step lowers the likelihood, and with such a length soon.
    assert lens["rdm", 4].angle[old].item() == pytest.approx(135.3, abs=0.1)
    assert lens["rdm", 4].length[old].item() == pytest.approx(6.75, abs=0.01)
    assert lens["rdm", 30].angle[old].item() == pytest.approx(144.9, abs=0.1)


def test_expected_gradient_refuses_what_it_cannot_use(make_rbm: MakeMachine) -> None:
    rbm = make_rbm(0)
    with pytest.raises(ConfigError, match="missing"):
        expected_gradient(rbm, ROWS, scheme="pcd")
    with pytest.raises(ConfigError, match="k is 0"):
        expected_gradient(rbm, ROWS, k=0)
    with pytest.raises(DataError, match="binarise"):
        expected_gradient(rbm, 0.5 * ROWS)
    large = RBM(torch.zeros(64, 3), torch.zeros(64), torch.zeros(3))
    with pytest.raises(SizeError, match="visible units"):
        expected_gradient(large, torch.zeros(2, 64))
