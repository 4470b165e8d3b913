"""Laws of the exact answers, against enumeration of the joint law."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import (
    RBM,
    SizeError,
    clamp_mask,
    enumerate_states,
    expected_path,
    kl_divergence,
    log_likelihood,
    log_likelihood_gradient,
    log_partition,
    relaxation_time,
    state_index,
    transition_matrix,
    visible_distribution,
)
from rbm_core.exact.chain import transition_eigenvalues
from tests import oracle
from tests.conftest import MakeMachine

AsOracle = Callable[[RBM], oracle.Machine]


def some_rows(n: int = 7, n_visible: int = 5) -> Tensor:
    return torch.as_tensor(np.random.default_rng(5).integers(0, 2, (n, n_visible))).double()


def test_states_are_counted_with_the_first_unit_most_significant() -> None:
    assert enumerate_states(3)[6].tolist() == [1, 1, 0]
    assert state_index(torch.tensor([[1.0, 1, 0]])).tolist() == [6]
    assert state_index(enumerate_states(5, 3, 19)).tolist() == list(range(3, 19))


@pytest.mark.parametrize(("n_visible", "n_hidden"), [(5, 3), (3, 5), (5, 5), (1, 1)])
def test_log_partition_summed_over_either_layer_is_the_sum_over_all_pairs(
    make_rbm: MakeMachine, as_oracle: AsOracle, n_visible: int, n_hidden: int
) -> None:
    rbm = make_rbm(1, n_visible=n_visible, n_hidden=n_hidden)
    expected = np.log(oracle.partition(as_oracle(rbm)))
    assert float(log_partition(rbm)) == pytest.approx(expected, abs=1e-12)
    assert float(log_partition(rbm.layers_swapped())) == pytest.approx(expected, abs=1e-12)
    over_v = torch.logsumexp(-rbm.free_energy(enumerate_states(n_visible)), -1)
    assert float(over_v) == pytest.approx(expected, abs=1e-12)


def test_log_partition_in_blocks_is_that_of_independent_units() -> None:
    n = 13  # more states than one block
    bias = torch.linspace(-2, 2, n, dtype=torch.float64)
    rbm = RBM(torch.zeros(n, 17, dtype=torch.float64), bias, torch.zeros(17, dtype=torch.float64))
    expected = torch.nn.functional.softplus(bias).sum() + 17 * np.log(2)
    assert float(log_partition(rbm)) == pytest.approx(float(expected), abs=1e-10)


def test_log_partition_survives_energies_that_overflow_an_exponential() -> None:
    rbm = RBM(torch.full((5, 3), 200.0), torch.zeros(5), torch.zeros(3))
    assert float(log_partition(rbm)) == pytest.approx(3000.0)


def test_visible_distribution_is_the_marginal_of_the_joint_law(
    rbm: RBM, as_oracle: AsOracle
) -> None:
    law = visible_distribution(rbm)
    assert law.numpy() == pytest.approx(oracle.visible_law(as_oracle(rbm)), abs=1e-13)
    assert float(law.sum()) == pytest.approx(1.0, abs=1e-13)


def test_log_likelihood_is_the_mean_log_probability(rbm: RBM, as_oracle: AsOracle) -> None:
    v = some_rows()
    expected = oracle.log_likelihood(as_oracle(rbm), v.numpy())
    assert float(log_likelihood(rbm, v)) == pytest.approx(expected, abs=1e-12)


def test_weighted_rows_count_as_repeated_ones(rbm: RBM) -> None:
    v = enumerate_states(5)[[3, 17, 30]]
    repeated = v[[0, 1, 1, 2, 2, 2, 2]]
    share = torch.tensor([1, 2, 4], dtype=torch.float64) / 7
    assert torch.allclose(log_likelihood(rbm, v, share), log_likelihood(rbm, repeated))
    assert torch.allclose(kl_divergence(rbm, v, share), kl_divergence(rbm, repeated))


def test_kl_divergence_is_its_definition_and_vanishes_on_the_models_own_law(
    rbm: RBM, as_oracle: AsOracle
) -> None:
    v = some_rows()
    q = np.bincount([oracle.word_number(row) for row in v.numpy()], minlength=32) / 7
    p = oracle.visible_law(as_oracle(rbm))
    expected = sum(a * np.log(a / b) for a, b in zip(q, p, strict=True) if a > 0)
    assert float(kl_divergence(rbm, v)) == pytest.approx(expected, abs=1e-12)
    own = kl_divergence(rbm, enumerate_states(5), visible_distribution(rbm))
    assert float(own) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("n_visible", "n_hidden"), [(5, 3), (3, 5)])
def test_likelihood_gradient_equals_autograd_finite_differences_and_moments(
    make_rbm: MakeMachine, as_oracle: AsOracle, n_visible: int, n_hidden: int
) -> None:
    rbm = make_rbm(2, n_visible=n_visible, n_hidden=n_hidden)
    v = some_rows(7, n_visible)
    gradient = log_likelihood_gradient(rbm, v)
    ours = (gradient.weights, gradient.visible_bias, gradient.hidden_bias)
    data = oracle.data_moments(as_oracle(rbm), v.numpy())
    model = oracle.moments(as_oracle(rbm))
    leaves = [p.clone().requires_grad_() for p in rbm.parameters()]
    log_likelihood(RBM(*leaves), v).backward()
    step = 1e-5
    for index, (got, leaf) in enumerate(zip(ours, leaves, strict=True)):
        assert leaf.grad is not None
        assert torch.allclose(got, leaf.grad, atol=1e-12, rtol=0)
        name = ("weights", "visible_bias", "hidden_bias")[index]
        by_moments = getattr(data, name) - getattr(model, name)
        assert got.numpy() == pytest.approx(by_moments, abs=1e-12)
        for place in np.ndindex(*got.shape):
            ends = []
            for sign in (1, -1):
                moved = [p.clone() for p in rbm.parameters()]
                moved[index][place] += sign * step
                ends.append(float(log_likelihood(RBM(*moved), v)))
            slope = (ends[0] - ends[1]) / (2 * step)
            assert float(got[place]) == pytest.approx(slope, abs=1e-6)


def test_transition_matrix_follows_the_joint_law(rbm: RBM, as_oracle: AsOracle) -> None:
    matrix = transition_matrix(rbm)
    assert matrix.numpy() == pytest.approx(oracle.transition(as_oracle(rbm)), abs=1e-12)
    assert matrix.sum(-1).numpy() == pytest.approx(np.ones(32), abs=1e-12)


def test_transition_matrix_keeps_the_law_and_is_reversible(rbm: RBM) -> None:
    matrix, law = transition_matrix(rbm), visible_distribution(rbm)
    assert torch.allclose(law @ matrix, law, atol=1e-13)
    flow = law[:, None] * matrix
    assert torch.allclose(flow, flow.T, atol=1e-13)


@pytest.mark.parametrize("held", [(0,), (1, 4), (0, 2, 3), (0, 1, 2, 3, 4)])
def test_clamped_transition_matrix_follows_the_joint_law(
    rbm: RBM, as_oracle: AsOracle, held: tuple[int, ...]
) -> None:
    matrix = transition_matrix(rbm, clamp_mask(5, held))
    assert matrix.numpy() == pytest.approx(oracle.transition(as_oracle(rbm), held), abs=1e-12)
    assert matrix.sum(-1).numpy() == pytest.approx(np.ones(32), abs=1e-12)


def test_clamped_chain_settles_in_the_exact_conditional(rbm: RBM, as_oracle: AsOracle) -> None:
    held, values = (1, 4), (1, 0)
    matrix = transition_matrix(rbm, clamp_mask(5, held))
    start = enumerate_states(5)[10].clone()
    start[1], start[4] = 1.0, 0.0
    settled = torch.linalg.matrix_power(matrix, 4096)[state_index(start)]
    expected = oracle.conditional_law(as_oracle(rbm), held, values)
    assert settled.numpy() == pytest.approx(expected, abs=1e-10)


def test_eigenvalues_are_those_of_the_transition_matrix(rbm: RBM, as_oracle: AsOracle) -> None:
    of_matrix = np.linalg.eigvals(oracle.transition(as_oracle(rbm)))
    expected = np.sort(of_matrix.real)[::-1]
    assert transition_eigenvalues(rbm).numpy() == pytest.approx(expected, abs=1e-10)


def test_relaxation_time_is_the_slowest_decay(rbm: RBM) -> None:
    matrix, law = transition_matrix(rbm), visible_distribution(rbm)
    tau = float(relaxation_time(rbm))
    t = max(1, round(6 * tau))
    far = [float((torch.linalg.matrix_power(matrix, n) - law).abs().sum()) for n in (t, 2 * t)]
    assert t / np.log(far[0] / far[1]) == pytest.approx(tau, rel=0.01)


def test_relaxation_time_of_independent_units_is_zero_and_of_a_locked_pair_infinite() -> None:
    free = RBM(torch.zeros(5, 3), torch.ones(5), torch.ones(3))
    assert float(relaxation_time(free)) == pytest.approx(0.0, abs=0.05)
    # Two units that copy each other, with a barrier beyond double precision.
    locked = RBM(torch.tensor([[200.0]]), torch.tensor([-100.0]), torch.tensor([-100.0]))
    assert float(relaxation_time(locked)) == float("inf")


def test_expected_path_is_the_law_pushed_step_by_step(rbm: RBM) -> None:
    matrix = transition_matrix(rbm)
    start = torch.zeros(32, dtype=torch.float64)
    start[19] = 1.0
    seen = torch.linspace(-1, 1, 32, dtype=torch.float64)
    path = expected_path(matrix, start, seen, 7)
    expected = [float(torch.linalg.matrix_power(matrix, t)[19] @ seen) for t in range(8)]
    assert path.tolist() == pytest.approx(expected, abs=1e-12)


def test_replicas_answer_as_each_machine_alone(make_rbm: MakeMachine) -> None:
    ensemble, v = make_rbm(4, 2), some_rows()
    clamp = clamp_mask(5, [2])
    gradient = log_likelihood_gradient(ensemble, v)
    for r in range(2):
        alone = ensemble.replica(r)
        assert torch.allclose(log_partition(ensemble)[r], log_partition(alone))
        assert torch.allclose(visible_distribution(ensemble)[r], visible_distribution(alone))
        assert torch.allclose(log_likelihood(ensemble, v)[r], log_likelihood(alone, v))
        assert torch.allclose(kl_divergence(ensemble, v)[r], kl_divergence(alone, v))
        assert torch.allclose(transition_matrix(ensemble)[r], transition_matrix(alone))
        assert torch.allclose(
            transition_matrix(ensemble, clamp)[r], transition_matrix(alone, clamp)
        )
        assert torch.allclose(relaxation_time(ensemble)[r], relaxation_time(alone))
        expected = log_likelihood_gradient(alone, v)
        assert torch.allclose(gradient.weights[r], expected.weights)
        assert torch.allclose(gradient.visible_bias[r], expected.visible_bias)
        assert torch.allclose(gradient.hidden_bias[r], expected.hidden_bias)


def test_what_is_too_large_to_enumerate_is_refused_with_the_way_out() -> None:
    large = RBM(torch.zeros(23, 29), torch.zeros(23), torch.zeros(29))
    with pytest.raises(SizeError, match="at most 20 are, so use AIS"):
        log_partition(large)
    with pytest.raises(SizeError, match="at most 20 are, so sample"):
        visible_distribution(large)
    with pytest.raises(SizeError, match="at most 12 are, so sample"):
        transition_matrix(large)
    wide = RBM(torch.zeros(5, 29), torch.zeros(5), torch.zeros(29))
    with pytest.raises(SizeError, match="29 hidden units are too many"):
        relaxation_time(wide)
