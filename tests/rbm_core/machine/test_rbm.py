"""Laws of the machine: energies, conditional laws, initialisation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from rbm_core import RBM, ConfigError, ShapeError, enumerate_states, make_generator
from tests import oracle
from tests.conftest import MakeMachine

AsOracle = Callable[[RBM], oracle.Machine]


def test_energy_equals_its_definition_term_by_term(rbm: RBM, as_oracle: AsOracle) -> None:
    v, h = enumerate_states(5)[[0, 7, 21, 31]], enumerate_states(3)[[5, 0, 3, 7]]
    expected = [
        oracle.energy(as_oracle(rbm), a, b) for a, b in zip(v.numpy(), h.numpy(), strict=True)
    ]
    assert rbm.energy(v, h).numpy() == pytest.approx(expected, abs=1e-12)


def test_free_energy_sums_the_hidden_layer_out(rbm: RBM, as_oracle: AsOracle) -> None:
    v = enumerate_states(5)
    expected = [oracle.free_energy(as_oracle(rbm), row) for row in v.numpy()]
    assert rbm.free_energy(v).numpy() == pytest.approx(expected, abs=1e-12)


def test_free_energy_stays_finite_where_exponentials_overflow() -> None:
    rbm = RBM(torch.full((5, 3), 400.0), torch.zeros(5), torch.zeros(3))
    assert float(rbm.free_energy(torch.ones(5))) == pytest.approx(-3 * 5 * 400)


def test_conditional_means_equal_conditionals_of_the_joint_law(
    rbm: RBM, as_oracle: AsOracle
) -> None:
    joint = oracle.joint(as_oracle(rbm))
    v, h = enumerate_states(5), enumerate_states(3)
    given_v = (joint / joint.sum(1, keepdims=True)) @ h.numpy()
    given_h = (joint / joint.sum(0, keepdims=True)).T @ v.numpy()
    assert rbm.mean_h_given_v(v).numpy() == pytest.approx(given_v, abs=1e-12)
    assert rbm.mean_v_given_h(h).numpy() == pytest.approx(given_h, abs=1e-12)


def test_samples_follow_the_conditional_means(rbm: RBM) -> None:
    v = torch.tensor([[1.0, 0, 0, 1, 1]], dtype=torch.float64).expand(20_000, 5)
    h = torch.tensor([[1.0, 0, 1]], dtype=torch.float64).expand(20_000, 3)
    drawn_h, drawn_v = (
        rbm.sample_h_given_v(v, make_generator(0)),
        rbm.sample_v_given_h(h, make_generator(1)),
    )
    assert set(drawn_h.unique().tolist()) == {0.0, 1.0}
    # Four standard errors of a fair coin.
    assert drawn_h.mean(0).numpy() == pytest.approx(rbm.mean_h_given_v(v[0]).numpy(), abs=0.0142)
    assert drawn_v.mean(0).numpy() == pytest.approx(rbm.mean_v_given_h(h[0]).numpy(), abs=0.0142)


@pytest.mark.parametrize("sampler", ["sample_h_given_v", "sample_v_given_h"])
def test_samples_are_a_function_of_the_seed(rbm: RBM, sampler: str) -> None:
    n_units = 5 if sampler.startswith("sample_h") else 3
    given = torch.ones(7, n_units, dtype=torch.float64) / 2
    one, same, other = (
        torch.stack([getattr(rbm, sampler)(given, stream) for _ in range(9)])
        for stream in (make_generator(0), make_generator(0), make_generator(1))
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_replicas_answer_as_each_machine_alone(make_rbm: MakeMachine) -> None:
    ensemble = make_rbm(3, 2)
    v = enumerate_states(5)[[1, 4, 9, 16, 25, 30, 31]].expand(2, 7, 5)
    h = enumerate_states(3)[:7].expand(2, 7, 3)
    for r in range(2):
        alone = ensemble.replica(r)
        assert torch.allclose(ensemble.free_energy(v)[r], alone.free_energy(v[r]))
        assert torch.allclose(ensemble.energy(v, h)[r], alone.energy(v[r], h[r]))
        assert torch.allclose(ensemble.mean_h_given_v(v)[r], alone.mean_h_given_v(v[r]))
        assert torch.allclose(ensemble.mean_v_given_h(h)[r], alone.mean_v_given_h(h[r]))


def test_swapping_layers_keeps_the_energy(rbm: RBM) -> None:
    v, h = enumerate_states(5)[3:10], enumerate_states(3)[:7]
    assert torch.allclose(rbm.layers_swapped().energy(h, v), rbm.energy(v, h))


def test_scaling_multiplies_the_energy(rbm: RBM) -> None:
    v, h = enumerate_states(5)[3:10], enumerate_states(3)[:7]
    assert torch.allclose(rbm.scaled(0.3).energy(v, h), 0.3 * rbm.energy(v, h))


def test_initial_weights_have_the_asked_deviation_and_biases_the_log_odds() -> None:
    mean = torch.tensor([0.0, 0.25, 0.5, 0.9, 1.0])
    rbm = RBM.initialise(5, 4001, 0.3, mean, generator=make_generator(0))
    assert float(rbm.weights.std()) == pytest.approx(0.3, rel=0.02)
    assert float(rbm.weights.mean()) == pytest.approx(0.0, abs=0.01)
    odds = np.log([0.001 / 0.999, 1 / 3, 1.0, 9.0, 0.999 / 0.001])
    assert rbm.visible_bias.numpy() == pytest.approx(odds, rel=1e-5)
    assert not rbm.hidden_bias.any()


def test_initial_weights_are_a_function_of_the_seed() -> None:
    first, same, other = (
        RBM.initialise(5, 3, generator=make_generator(seed)).weights for seed in (0, 0, 1)
    )
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_an_ensemble_starts_with_different_machines() -> None:
    ensemble = RBM.initialise(
        5, 3, 0.5, torch.full((5,), 0.2), generator=make_generator(0), n_replicas=2
    )
    assert ensemble.replica_shape == (2,)
    assert not torch.equal(ensemble.weights[0], ensemble.weights[1])
    assert torch.equal(ensemble.visible_bias[0], ensemble.visible_bias[1])


def test_a_clone_shares_no_memory_and_a_replica_does(make_rbm: MakeMachine) -> None:
    ensemble = make_rbm(0, 2)
    copy, view = ensemble.clone(), ensemble.replica(1)
    ensemble.weights[1] += 1
    assert torch.equal(view.weights, ensemble.weights[1])
    assert not torch.equal(copy.weights, ensemble.weights)


def test_a_change_of_type_keeps_the_numbers(rbm: RBM) -> None:
    single = rbm.to(dtype=torch.float32)
    assert single.weights.dtype == torch.float32
    assert torch.equal(single.weights, rbm.weights.float())


@pytest.mark.parametrize(
    ("weights", "visible", "hidden"),
    [((5, 3), (3,), (5,)), ((5, 3), (5,), (2,)), ((2, 5, 3), (5,), (3,)), ((5,), (5,), (1,))],
)
def test_parameters_that_do_not_belong_together_are_refused(
    weights: tuple[int, ...], visible: tuple[int, ...], hidden: tuple[int, ...]
) -> None:
    with pytest.raises(ShapeError, match="do not fit; they must be"):
        RBM(torch.zeros(weights), torch.zeros(visible), torch.zeros(hidden))


def test_an_empty_layer_is_refused() -> None:
    with pytest.raises(ShapeError, match="every layer needs a unit"):
        RBM(torch.zeros(5, 0), torch.zeros(5), torch.zeros(0))


def test_states_of_the_wrong_width_are_refused(rbm: RBM) -> None:
    with pytest.raises(ShapeError, match="n_visible = 5"):
        rbm.free_energy(torch.zeros(7, 3))
    with pytest.raises(ShapeError, match="n_hidden = 3"):
        rbm.mean_v_given_h(torch.zeros(7, 5))
    with pytest.raises(ShapeError, match="n_hidden = 3"):
        rbm.energy(torch.zeros(7, 5), torch.zeros(7, 5))


def test_a_malformed_start_is_refused() -> None:
    stream = make_generator(0)
    with pytest.raises(ConfigError, match="must be at least 1"):
        RBM.initialise(0, 3, generator=stream)
    with pytest.raises(ConfigError, match="0 or larger"):
        RBM.initialise(5, 3, -0.1, generator=stream)
    with pytest.raises(ConfigError, match="0 or larger"):
        RBM.initialise(5, 3, float("nan"), generator=stream)
    with pytest.raises(ShapeError, match="visible_mean"):
        RBM.initialise(5, 3, 0.1, torch.zeros(3), generator=stream)
