"""Laws of training: what one update does, and what is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ConfigError, ShapeError, TrainConfig, TrainRun, default_recipe, train
from rbm_core.training.run import fresh_state
from tests import oracle
from tests.conftest import MakeMachine
from tests.rbm_core.small_runs import DATA, KERNELS, ROWS, frozen, moves, settings, steps

pytestmark = pytest.mark.usefixtures("made_by")

AsOracle = Callable[[RBM], oracle.Machine]


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_plain_update_is_the_rate_times_data_minus_model_moments(
    rbm: RBM, as_oracle: AsOracle, kernel: str
) -> None:
    run = train(DATA, settings(scheme="pcd", chain_method=kernel), rbm)
    run.advance(1)
    chains = run.state().persistent_chains
    assert chains is not None
    data = oracle.data_moments(as_oracle(rbm), ROWS[:7].double().numpy())
    model = oracle.data_moments(as_oracle(rbm), chains.numpy())
    for name in ("weights", "visible_bias", "hidden_bias"):
        moved = getattr(run.rbm, name) - getattr(rbm, name)
        expected = 0.1 * (getattr(data, name) - getattr(model, name))
        assert moved.numpy() == pytest.approx(expected, abs=1e-10), name


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_centred_update_is_the_gradient_in_centred_parameters(rbm: RBM, kernel: str) -> None:
    """Finite differences of F(chains) - F(batch) in E = -(v-μ)W(h-λ) - (v-μ)·b - (h-λ)·c."""
    config = settings(scheme="pcd", gradient="centred", chain_method=kernel)
    run = train(DATA, config, rbm)
    run.advance(1)
    state = run.state()
    mu, lam, chains = state.offset_v, state.offset_h, state.persistent_chains
    assert chains is not None
    batch = ROWS[:7].double()

    def plain(centred: list[Tensor]) -> RBM:
        w, b, c = centred
        return RBM(w, b - w @ lam, c - mu @ w)

    def objective(centred: list[Tensor]) -> float:
        machine = plain(centred)
        return float(machine.free_energy(chains).mean() - machine.free_energy(batch).mean())

    start = [rbm.weights, rbm.visible_bias + rbm.weights @ lam, rbm.hidden_bias + mu @ rbm.weights]
    slopes = []
    for index, parameter in enumerate(start):
        slope = torch.zeros_like(parameter)
        for place in np.ndindex(*parameter.shape):
            ends = []
            for sign in (1, -1):
                moved = [p.clone() for p in start]
                moved[index][place] += sign * 1e-5
                ends.append(objective(moved))
            slope[place] = (ends[0] - ends[1]) / 2e-5
        slopes.append(slope)
    expected = plain([p + 0.1 * slope for p, slope in zip(start, slopes, strict=True)])
    for got, wanted in zip(run.rbm.parameters(), expected.parameters(), strict=True):
        assert torch.allclose(got, wanted, atol=1e-8, rtol=0)


def test_centring_without_offsets_is_the_plain_gradient(rbm: RBM) -> None:
    """Offsets of zero shift nothing, so both gradients make the same first step."""
    plain = train(DATA, settings(learning_rate=0.1), rbm)
    start = fresh_state(rbm, DATA, settings(gradient="centred"))
    still = dataclasses.replace(
        start,
        offset_v=-ROWS[:7].double().mean(0) / 99,  # the first batch moves it to zero
        offset_h=-rbm.mean_h_given_v(ROWS[:7].double()).mean(0) / 99,
    )
    centred = train(DATA, settings(gradient="centred"), still)
    plain.advance(1)
    centred.advance(1)
    for a, b in zip(plain.rbm.parameters(), centred.rbm.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-12)


@pytest.mark.parametrize("kernel", KERNELS)
def test_centring_offsets_follow_the_batch_means_at_one_percent(rbm: RBM, kernel: str) -> None:
    config = settings(gradient="centred", chain_method=kernel)
    run = train(DATA, config, rbm)
    before = run.state()
    assert torch.allclose(before.offset_v, ROWS.double().mean(0))
    assert torch.equal(before.offset_h, torch.full((3,), 0.5, dtype=torch.float64))
    run.advance(1)
    after, batch = run.state(), ROWS[:7].double()
    mean_h = rbm.mean_h_given_v(batch).mean(0)
    assert torch.allclose(after.offset_v, 0.99 * before.offset_v + 0.01 * batch.mean(0))
    assert torch.allclose(after.offset_h, 0.99 * before.offset_h + 0.01 * mean_h)


@pytest.mark.parametrize("kernel", KERNELS)
def test_momentum_adds_a_share_of_the_last_step(rbm: RBM, kernel: str) -> None:
    """After equal first updates, both runs meet the same gradient at the second."""
    still = steps(rbm, settings(chain_method=kernel), 2)
    heavy = steps(rbm, settings(chain_method=kernel, momentum=0.75), 2)
    for first, second, plain in zip(moves(heavy, 1), moves(heavy, 2), moves(still, 2), strict=True):
        assert torch.allclose(second, 0.75 * first + plain, atol=1e-12)
    for a, b in zip(moves(heavy, 1), moves(still, 1), strict=True):
        assert torch.allclose(a, b, atol=1e-12)


@pytest.mark.parametrize("kernel", KERNELS)
def test_weight_decay_pulls_weights_and_spares_biases(rbm: RBM, kernel: str) -> None:
    plain = steps(rbm, settings(chain_method=kernel), 1)
    squared = steps(rbm, settings(chain_method=kernel, l2=0.3), 1)
    signed = steps(rbm, settings(chain_method=kernel, l1=0.2), 1)
    expected = plain[1].weights - 0.1 * 0.3 * rbm.weights
    assert torch.allclose(squared[1].weights, expected, atol=1e-12)
    expected = plain[1].weights - 0.1 * 0.2 * torch.sign(rbm.weights)
    assert torch.allclose(signed[1].weights, expected, atol=1e-12)
    for decayed in (squared[1], signed[1]):
        assert torch.equal(decayed.visible_bias, plain[1].visible_bias)
        assert torch.equal(decayed.hidden_bias, plain[1].hidden_bias)


def test_a_learning_rate_schedule_scales_the_steps(rbm: RBM) -> None:
    constant = steps(rbm, settings(), 5)
    falling = steps(rbm, settings(learning_rate="step 0:0.1 1:0.05"), 5)  # 4 updates an epoch
    assert torch.equal(falling[4].weights, constant[4].weights)
    for slow, fast in zip(moves(falling, 5), moves(constant, 5), strict=True):
        assert torch.allclose(slow, fast / 2, atol=1e-12)


def test_a_momentum_schedule_starts_when_it_says(rbm: RBM) -> None:
    plain = steps(rbm, settings(), 4)
    late = steps(rbm, settings(momentum="step 0:0 1:0.9"), 5)
    assert torch.allclose(late[4].weights, plain[4].weights, atol=1e-12)
    on = train(DATA, settings(), late[4]).config  # the same settings without momentum
    assert on.momentum_schedule.values == (0.0,)
    assert not torch.allclose(moves(late, 5)[0], moves(steps(rbm, settings(), 5), 5)[0])


def test_a_schedule_of_k_is_obeyed_and_recorded(rbm: RBM) -> None:
    run = train(DATA, settings(k="step 0:1 1:6"), rbm, record_every=1)
    assert [record.k for record in run] == [1, 1, 1, 6, 6, 6, 6, 6]
    same, other = steps(rbm, settings(k=1), 5), steps(rbm, settings(k="step 0:1 1:6"), 5)
    assert torch.equal(same[4].weights, other[4].weights)
    assert not torch.equal(same[5].weights, other[5].weights)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"scheme": "cd-1"}, "scheme is 'cd-1'; allowed are cd, pcd, rdm"),
        ({"gradient": "natural"}, "gradient is 'natural'"),
        ({"order": "random"}, "order is 'random'"),
        ({"binarisation": "round"}, "binarisation is 'round'"),
        ({"chain_method": "fast"}, "chain_method is 'fast'"),
        ({"k": 0}, "k is 0; it must be a whole number of at least 1"),
        ({"k": 1.5}, "k is 1.5"),
        ({"k": "four"}, "k: 'four' is neither"),
        ({"k": True}, "k is True"),
        ({"learning_rate": 0}, "learning_rate is 0; it must be above 0"),
        ({"learning_rate": float("nan")}, "not a finite number"),
        ({"momentum": 1.0}, "momentum is 1; it must be at least 0 and below 1"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 1_000_000}, "it must be a whole number from 1 to 100000"),
        ({"epochs": 2.0}, "epochs is 2.0; it must be a whole number"),
        ({"updates_per_epoch": 0}, "updates_per_epoch is 0"),
        ({"l1": -1}, "l1 is -1; it must be a number of at least 0"),
        ({"l2": float("inf")}, "l2 is inf"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": "1"}, "seed is '1'; it must be a whole number"),
    ],
)
def test_a_setting_out_of_range_is_named_with_what_is_allowed(
    changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(**changes)
    assert complaint in str(caught.value)


def test_a_machine_that_does_not_fit_the_data_is_refused(make_rbm: MakeMachine) -> None:
    with pytest.raises(ShapeError, match="3 visible units and 'some rows' needs 5"):
        train(DATA, settings(), frozen())
    with pytest.raises(ShapeError, match="at most one"):
        train(DATA, settings(), make_rbm(0, 2, 2))


def test_an_epoch_with_more_rows_than_the_data_is_refused(rbm: RBM) -> None:
    with pytest.raises(ConfigError, match="more than the 28 rows"):
        train(DATA, settings(updates_per_epoch=5), rbm)
    with pytest.raises(ConfigError, match="more than the 28 rows"):
        train(DATA, settings(batch_size=29), rbm)


def test_a_matrix_that_cannot_be_enumerated_is_refused(make_rbm: MakeMachine) -> None:
    wide = make_rbm(0, n_hidden=29)
    with pytest.raises(ConfigError, match="at most 12 of each"):
        train(DATA, settings(chain_method="matrix"), wide)
    with pytest.raises(ConfigError, match="rows of bits"):
        train(DATA, settings(chain_method="matrix", binarisation="grey"), make_rbm(0))


def test_the_matrix_is_chosen_by_the_recipe_alone() -> None:
    assert TrainConfig(k=1).uses_matrix(3, 4)
    assert not TrainConfig(k=1, binarisation="grey").uses_matrix(3, 4)
    assert TrainConfig(k=12).uses_matrix(6, 8)
    assert not TrainConfig(k=11).uses_matrix(6, 8)
    assert not TrainConfig(k="step 0:1 5:20").uses_matrix(6, 8)
    assert not TrainConfig(k=100).uses_matrix(784, 500)
    assert TrainConfig(k=1, chain_method="matrix").uses_matrix(6, 8)
    assert not TrainConfig(k=9, chain_method="sampled").uses_matrix(3, 4)


def test_a_finished_run_gives_no_more_records(rbm: RBM) -> None:
    run = train(DATA, settings(), rbm)
    assert isinstance(run, TrainRun)
    assert not run.done
    assert list(run)[-1].done
    assert run.done
    assert list(run) == []


@pytest.mark.parametrize(
    "k", ["3", "step 0:1 2:5", "linear 0:1 3:9", "geometric 0:2 2:8", "step 0:2 9:7"]
)
def test_the_first_and_the_final_k_are_those_the_updates_make(k: str) -> None:
    recipe = default_recipe("and").replace(k=k, epochs=4, updates_per_epoch=50)
    run = recipe.start()
    assert int(run.advance(1).k) == recipe.training.first_k
    run.advance(run.n_updates - 2)
    last = run.advance(1)
    assert last.done
    assert int(last.k) == recipe.training.final_k
