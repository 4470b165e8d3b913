"""Laws of the stochastic gradients, against the exact one."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ConfigError, ShapeError, log_likelihood_gradient, make_generator
from rbm_core.equilibrium.gradients import contrastive_gradient, gradient_angle
from rbm_core.exact.chain import relaxation_time, transition_matrix
from rbm_core.exact.samples import exact_samples
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.states import enumerate_states


def machine(seed: int = 0, n_visible: int = 5, n_hidden: int = 3) -> RBM:
    stream = np.random.default_rng(seed)
    return RBM(
        torch.as_tensor(1.5 * stream.normal(size=(n_visible, n_hidden))),
        torch.as_tensor(stream.normal(size=n_visible)),
        torch.as_tensor(stream.normal(size=n_hidden)),
    )


def rows() -> Tensor:
    return torch.as_tensor(np.random.default_rng(1).integers(0, 2, (7, 5))).double()


def flat(gradient: Parameters) -> Tensor:
    return torch.cat(
        [gradient.weights.flatten(-2), gradient.visible_bias, gradient.hidden_bias], -1
    )


@pytest.mark.parametrize("scheme", ["rdm", "cd", "pcd"])
def test_long_chains_give_the_exact_gradient_within_sampling_error(scheme: str) -> None:
    rbm, n_chains = machine(), 40_000
    k = math.ceil(12 * float(relaxation_time(rbm)))
    chains = torch.zeros(n_chains, 5) if scheme == "pcd" else None
    estimate, _ends = contrastive_gradient(
        rbm, rows(), make_generator(2), scheme=scheme, k=k, n_chains=n_chains, chains=chains
    )
    error = flat(estimate) - flat(log_likelihood_gradient(rbm, rows()))
    # Each term is a mean of n_chains numbers in [0, 1], standard deviation at most one half.
    assert float(error.abs().max()) < 4 * 0.5 / math.sqrt(n_chains)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_cd_gradient_estimates_the_exact_k_step_expectation(k: int) -> None:
    rbm, data, n_chains = machine(3), rows(), 200_000
    estimate, _ends = contrastive_gradient(rbm, data, make_generator(0), k=k, n_chains=n_chains)
    states = enumerate_states(5)
    start = torch.stack([(states == row).all(1).double() for row in data]).mean(0)
    law = start @ torch.linalg.matrix_power(transition_matrix(rbm), k)
    mean_h, data_h = rbm.mean_h_given_v(states), rbm.mean_h_given_v(data)
    expected = data.T @ data_h / len(data) - (states * law[:, None]).T @ mean_h
    assert float((estimate.weights - expected).abs().max()) < 4 * 0.5 / math.sqrt(n_chains)
    assert float((estimate.visible_bias - (data.mean(0) - law @ states)).abs().max()) < 0.005
    assert float((estimate.hidden_bias - (data_h.mean(0) - law @ mean_h)).abs().max()) < 0.005


@pytest.mark.parametrize("scheme", ["cd", "rdm"])
def test_angle_to_the_exact_gradient_falls_with_k(scheme: str) -> None:
    rbm = machine(4)
    exact = log_likelihood_gradient(rbm, rows())
    angles = [
        float(
            gradient_angle(
                contrastive_gradient(
                    rbm, rows(), make_generator(5), scheme=scheme, k=k, n_chains=100_000
                )[0],
                exact,
            )
        )
        for k in (1, 4, 16, 64)
    ]
    assert angles == sorted(angles, reverse=True)
    assert angles[-1] < angles[0] / 3


def test_pcd_goes_on_from_its_chains_and_exact_chains_stay_exact() -> None:
    rbm, stream = machine(5), make_generator(6)
    chains = exact_samples(rbm, 40_000, stream)
    for _ in range(3):
        estimate, chains = contrastive_gradient(rbm, rows(), stream, scheme="pcd", chains=chains)
        error = flat(estimate) - flat(log_likelihood_gradient(rbm, rows()))
        assert float(error.abs().max()) < 4 * 0.5 / math.sqrt(40_000)


def test_contrastive_gradient_is_seeded() -> None:
    first, again, other = (
        flat(contrastive_gradient(machine(), rows(), make_generator(s), n_chains=7)[0])
        for s in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_replicas_get_a_gradient_each() -> None:
    pair = RBM(*(torch.stack([p, 0.5 * p]) for p in machine().parameters()))
    estimate, ends = contrastive_gradient(
        pair, rows(), make_generator(1), scheme="rdm", k=40, n_chains=20_000
    )
    assert ends.shape == (2, 20_000, 5)
    exact = log_likelihood_gradient(pair, rows())
    assert float((flat(estimate) - flat(exact)).abs().max()) < 4 * 0.5 / math.sqrt(20_000)
    assert gradient_angle(estimate, exact).shape == (2,)
    chains = torch.zeros(2, 11, 5)
    kept, _ends = contrastive_gradient(pair, rows(), make_generator(1), scheme="pcd", chains=chains)
    assert kept.weights.shape == (2, 5, 3)


def test_gradient_angle_is_the_angle_of_the_parameter_vectors() -> None:
    zero = Parameters(torch.zeros(2, 1), torch.zeros(2), torch.zeros(1))

    def along(x: float, y: float) -> Parameters:
        return Parameters(zero.weights, torch.tensor([x, 0.0]), torch.tensor([y]))

    assert float(gradient_angle(along(1, 0), along(0, 2))) == pytest.approx(90)
    assert float(gradient_angle(along(1, 0), along(1, 1))) == pytest.approx(45)
    assert float(gradient_angle(along(1, 0), along(-3, 0))) == pytest.approx(180)
    assert float(gradient_angle(along(1, 0), along(1, 1e-7))) == pytest.approx(5.7296e-6, rel=1e-3)
    assert math.isnan(float(gradient_angle(along(1, 0), zero)))


def test_contrastive_gradient_refuses_what_it_cannot_use() -> None:
    rbm, stream = machine(), make_generator(0)
    with pytest.raises(ConfigError, match="allowed are cd, pcd, rdm"):
        contrastive_gradient(rbm, rows(), stream, scheme="ml")
    with pytest.raises(ConfigError, match="missing"):
        contrastive_gradient(rbm, rows(), stream, scheme="pcd")
    with pytest.raises(ConfigError, match="given"):
        contrastive_gradient(rbm, rows(), stream, chains=torch.zeros(3, 5))
    with pytest.raises(ConfigError, match="k is 0"):
        contrastive_gradient(rbm, rows(), stream, k=0)
    with pytest.raises(ConfigError, match="n_chains is 0"):
        contrastive_gradient(rbm, rows(), stream, n_chains=0)
    with pytest.raises(ShapeError, match="data has shape"):
        contrastive_gradient(rbm, torch.zeros(7, 4), stream)
    with pytest.raises(ShapeError, match="chains have shape"):
        contrastive_gradient(rbm, rows(), stream, scheme="pcd", chains=torch.zeros(7, 4))
