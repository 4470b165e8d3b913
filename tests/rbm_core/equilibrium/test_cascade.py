"""Laws of growing, critical and split modes, against enumeration and the tabled run of digits."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import (
    RBM,
    ConfigError,
    LadderSchedule,
    PilotConfig,
    ShapeError,
    base_machine,
    binarise,
    cascade,
    enumerate_states,
    exact_samples,
    film_estimate,
    load_dataset,
    make_generator,
    mean_field_variances,
    mode_memory,
    predicted_growth,
    principal_axes,
    trajectory_ladder,
    visible_distribution,
    weight_singular_values,
)
from tests.conftest import MakeMachine
from tests.films import load_film


def digits() -> Tensor:
    return binarise(load_dataset("digits").train, "threshold", make_generator(0))


def test_axes_are_the_eigenvectors_of_the_covariance_in_falling_order() -> None:
    stream = np.random.default_rng(0)
    rows = stream.uniform(size=(300, 7)) < 0.4
    rows[:, 1] |= rows[:, 0]
    data = torch.as_tensor(rows).double()
    found = principal_axes(data)
    values = np.linalg.eigvalsh(np.cov(rows.T.astype(float), bias=True))[::-1]
    np.testing.assert_allclose(found.variances, values, atol=1e-12)
    along = (data - data.mean(0)) @ found.directions
    torch.testing.assert_close(along.square().mean(0), found.variances)
    torch.testing.assert_close(found.directions.T @ found.directions, torch.eye(7).double())
    spread = data.mean(0) * (1 - data.mean(0))
    torch.testing.assert_close(found.independent.sum(), spread.sum())
    assert float(found.independent[0]) < float(found.variances[0])
    first = principal_axes(data, 2)
    torch.testing.assert_close(first.variances, found.variances[:2])


def test_modes_grow_at_the_rate_of_the_variance_that_is_not_yet_explained() -> None:
    film = load_film("digits-cascade")
    assert film.recipe is not None
    rate = film.recipe.training.learning_rate_schedule.at(0.0)
    expected = predicted_growth(principal_axes(digits(), 3), rate)
    young, old = 142, 312
    values = [weight_singular_values(film.at(age))[:3] for age in (young, old)]
    measured = torch.log(values[1] / values[0]) / (old - young)
    assert float((measured / expected - 1).abs().max()) < 0.1


def test_mean_field_of_independent_units_is_theirs_and_a_fixed_point_otherwise(
    make_rbm: MakeMachine,
) -> None:
    rbm = make_rbm(0, 2)
    spread_v, spread_h = mean_field_variances(rbm)
    b_v, b_h = torch.sigmoid(rbm.visible_bias), torch.sigmoid(rbm.hidden_bias)
    alone = mean_field_variances(
        RBM(torch.zeros_like(rbm.weights), rbm.visible_bias, rbm.hidden_bias)
    )
    torch.testing.assert_close(alone[0], b_v * (1 - b_v))
    torch.testing.assert_close(alone[1], b_h * (1 - b_h))
    assert spread_v.shape == (2, 5)
    assert spread_h.shape == (2, 3)
    torch.testing.assert_close(spread_v[1], mean_field_variances(rbm.replica(1))[0])


def test_a_single_mode_turns_critical_where_its_mean_field_value_is_one() -> None:
    stream = np.random.default_rng(1)
    u, w = (np.linalg.qr(stream.normal(size=(n, n)))[0][:, 0] for n in (7, 5))
    sizes = torch.tensor([1.0, 3.9, 4.1]).double()
    weights = sizes[:, None, None] * torch.as_tensor(np.outer(u, w))
    # Biases that cancel the mean of the weights: all units at one half.
    film = RBM(weights, -weights.sum(2) / 2, -weights.sum(1) / 2)
    states = exact_samples(film, 10, make_generator(0))
    found = cascade(film, states[0], states, n_modes=1)
    torch.testing.assert_close(found.mean_field_values[:2, 0], sizes[:2] / 4)
    torch.testing.assert_close(found.critical_values[:2, 0], torch.full((2,), 4.0).double())


def test_susceptibility_and_variances_are_those_of_the_exact_law(make_rbm: MakeMachine) -> None:
    film = make_rbm(3, 2, scale=0.7)
    data = exact_samples(film.replica(0), 400, make_generator(1))
    found = cascade(film, data, exact_samples(film, 200_000, make_generator(0)), n_modes=3)
    states, laws = enumerate_states(5), visible_distribution(film)
    axes = principal_axes(data, 3)
    for frame in range(2):
        left = torch.linalg.svd(film.weights[frame])[0][:, :3]
        for result, directions, unit in (
            (found.susceptibility, left, mean_field_variances(film)[0][frame] @ left.square()),
            (found.axis_variance, axes.directions, axes.variances),
        ):
            along = states @ directions
            centred = along - laws[frame] @ along
            exact = laws[frame] @ centred.square()
            torch.testing.assert_close(result[frame], exact / unit, rtol=0.02, atol=0)
        fourth = laws[frame] @ (states @ left - laws[frame] @ (states @ left)).pow(4)
        second = laws[frame] @ (states @ left - laws[frame] @ (states @ left)).square()
        torch.testing.assert_close(
            found.kurtosis[frame], fourth / second.square(), rtol=0.02, atol=0
        )


def test_memory_of_a_mode_is_one_step_for_independent_units_and_longer_for_a_learned_one() -> None:
    film = load_film("digits-cascade").rungs(44, 562).to(dtype=torch.float32)
    start = digits()[:50].expand(2, 50, 64).clone()
    young, old = mode_memory(film, start, make_generator(0), n_gibbs_steps=300)
    assert young.time == pytest.approx(1.0, abs=0.15)
    assert old.time > 4
    again = mode_memory(film, start, make_generator(0), n_gibbs_steps=300)
    assert [one.time for one in again] == [young.time, old.time]


def test_cascade_refuses_what_it_cannot_use(make_rbm: MakeMachine) -> None:
    film = make_rbm(0, 2)
    data, samples = torch.eye(5), torch.zeros(2, 7, 5)
    with pytest.raises(ShapeError, match="samples have shape"):
        cascade(film, data, samples[:1])
    with pytest.raises(ShapeError, match="replica axes"):
        cascade(film.replica(0), data, samples)
    with pytest.raises(ConfigError, match="n_modes is 4"):
        cascade(film, data, samples, n_modes=4)
    with pytest.raises(ConfigError, match="mode is 3"):
        mode_memory(film, samples, make_generator(0), mode=3)
    with pytest.raises(ShapeError, match="at least 2 samples"):
        principal_axes(data[:1])
    with pytest.raises(ConfigError, match="n_axes is 6"):
        principal_axes(data, 6)
    with pytest.raises(ConfigError, match="learning_rate is 0"):
        predicted_growth(principal_axes(data), 0)


@pytest.mark.slow
def test_the_cascade_of_digits_is_the_tabled_one() -> None:
    film, rows = load_film("digits-cascade"), digits()
    machines = film.rbm.to(dtype=torch.float32)
    ladder = trajectory_ladder(
        machines,
        make_generator(0),
        base=base_machine(machines.replica(0), rows),
        config=PilotConfig(every_frame=True, n_columns=100),
    )
    schedule = LadderSchedule(n_rounds=1500, record_every=5000, keep_states=True)
    *_, end = film_estimate(ladder, make_generator(1), schedule=schedule, start=ladder.state)
    at_frame = [place >= 0 and place == int(place) for place in ladder.positions.tolist()]
    assert end.samples is not None
    assert end.film_log_partition is not None
    found = cascade(machines, rows, end.samples[torch.tensor(at_frame)])
    frame = film.updates.index
    chi = {44: 1.01, 142: 1.04, 256: 1.10, 380: 1.57, 462: 3.28, 562: 5.3, 1013: 6.6}
    for age, expected in chi.items():
        assert float(found.susceptibility[frame(age), 0]) == pytest.approx(expected, rel=0.15)
    before = found.mean_field_values[: frame(380) + 1, 0]
    told = 1 / (1 - before.square())
    assert float((found.susceptibility[: len(told), 0] / told - 1).abs().max()) < 0.15
    variance = {44: 0.24, 256: 0.26, 380: 0.37, 462: 0.76, 562: 0.92, 1013: 0.94}
    for age, expected in variance.items():
        assert float(found.axis_variance[frame(age), 0]) == pytest.approx(expected, rel=0.15)
    for age in (256, 312, 380, 462, 562):
        assert found.match[frame(age), :3].tolist() == [0, 1, 2]
        assert float(found.overlap[frame(age), :3].min()) > 0.9
    assert float(found.kurtosis[frame(44), 0]) == pytest.approx(2.9, abs=0.15)
    assert float(found.kurtosis[frame(562), 0]) == pytest.approx(2.06, abs=0.15)
    likelihood = -machines.free_energy(rows).double().mean(1) - end.film_log_partition
    told_likelihood = {44: -25.32, 256: -25.00, 462: -22.74, 1013: -20.64, 4000: -17.89}
    for age, value in told_likelihood.items():
        assert float(likelihood[frame(age)]) == pytest.approx(value, abs=0.08)
    assert math.isclose(float(end.renewal.min()), 1.0)
