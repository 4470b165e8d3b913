"""Laws of training: what one update does, and that a run may be cut anywhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import (
    RBM,
    ConfigError,
    Dataset,
    Recipe,
    ShapeError,
    TrainConfig,
    TrainRun,
    enumerate_states,
    load_dataset,
    train,
    valid_mass,
)
from rbm_core.checkpoint import checkpoint_bytes, load_checkpoint
from rbm_core.training import fresh_state
from tests import oracle
from tests.conftest import MakeMachine

AsOracle = Callable[[RBM], oracle.Machine]
ROWS = enumerate_states(5, dtype=torch.float32)[
    torch.as_tensor(np.random.default_rng(0).permutation(32)[:28])
]
DATA = Dataset(name="some rows", train=ROWS)
TABLE = load_dataset("and")
KERNELS = ("sampled", "matrix")


def settings(**changes: object) -> TrainConfig:
    """Seven rows an update, in order, so that a test knows each batch."""
    plain: dict[str, object] = {
        "k": 2,
        "learning_rate": 0.1,
        "batch_size": 7,
        "epochs": 2,
        "order": "sequential",
    }
    return TrainConfig(**(plain | changes))  # type: ignore[arg-type]


def steps(rbm: RBM, config: TrainConfig, n: int, dataset: Dataset = DATA) -> list[RBM]:
    """The machine after 0, 1, …, n updates."""
    run = train(dataset, config, rbm)
    machines = [run.rbm]
    for _ in range(n):
        run.advance(1)
        machines.append(run.rbm)
    return machines


def moves(machines: list[RBM], update: int) -> list[Tensor]:
    """What one update, counted from 1, added to each parameter."""
    after, before = machines[update].parameters(), machines[update - 1].parameters()
    return [a - b for a, b in zip(after, before, strict=True)]


def frozen() -> RBM:
    """A machine that copies its visible layer at every step, far beyond any doubt."""
    return RBM(80.0 * torch.eye(3), torch.full((3,), -40.0), torch.full((3,), -40.0))


# -------------------------------------------------------------------------- one update


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


# ------------------------------------------------------------------- where chains start


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(("scheme", "expected"), [("cd", 1.0), ("pcd", 1.0), ("rdm", 0.5)])
def test_chains_start_at_data_where_they_were_or_at_noise(
    kernel: str, scheme: str, expected: float
) -> None:
    """A machine that never moves shows where its chains began: half of all states are legal."""
    config = settings(
        scheme=scheme, chain_method=kernel, learning_rate=1e-9, batch_size=1000, order="draw",
        updates_per_epoch=10,
    )  # fmt: skip
    run = train(TABLE, config, frozen())
    rates = [float(run.advance(1).success_rate or 0) for _ in range(5)]
    # Five standard errors of a thousand fair coins.
    assert rates == pytest.approx([expected] * 5, abs=0.08 if scheme == "rdm" else 1e-6)


@pytest.mark.parametrize("kernel", KERNELS)
def test_persistent_chains_go_on_from_where_a_state_has_them(kernel: str) -> None:
    config = settings(
        scheme="pcd", chain_method=kernel, learning_rate=1e-9, order="draw", updates_per_epoch=10
    )
    illegal = torch.tensor([[0.0, 0.0, 1.0]]).expand(7, 3)
    state = dataclasses.replace(
        fresh_state(frozen(), TABLE, config), persistent_chains=illegal.clone()
    )
    run = train(TABLE, config, state)
    assert float(run.advance(3).success_rate or 0) == 0.0
    chains = run.state().persistent_chains
    assert chains is not None
    assert torch.equal(chains, illegal)


def test_only_persistent_chains_are_kept_in_a_state(rbm: RBM) -> None:
    for scheme in ("cd", "rdm"):
        assert train(DATA, settings(scheme=scheme), rbm).state().persistent_chains is None


# -------------------------------------------------------------------- which rows, which bits


def batch_means(config: TrainConfig, n: int, dataset: Dataset = DATA) -> Tensor:
    """Mean row of each batch, read off the centring offset that follows it, shape (n, 5)."""
    rbm = RBM(*(torch.zeros(s, dtype=torch.float64) for s in ((5, 3), (5,), (3,))))
    run = train(dataset, dataclasses.replace(config, gradient="centred"), rbm)
    means, before = [], run.state().offset_v
    for _ in range(n):
        run.advance(1)
        after = run.state().offset_v
        means.append((after - before) / 0.01 + before)
        before = after
    return torch.stack(means)


@pytest.mark.parametrize("kernel", KERNELS)
def test_sequential_batches_are_the_rows_in_order_each_epoch(kernel: str) -> None:
    means = batch_means(settings(chain_method=kernel), 8)
    expected = ROWS.double().view(4, 7, 5).mean(1).repeat(2, 1)
    assert torch.allclose(means, expected, atol=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
def test_shuffled_batches_hold_every_row_once_an_epoch_in_a_new_order(kernel: str) -> None:
    means = batch_means(settings(order="shuffle", chain_method=kernel), 8)
    for epoch in (means[:4], means[4:]):
        assert torch.allclose(epoch.mean(0), ROWS.double().mean(0), atol=1e-9)
    assert not torch.allclose(means[:4], means[4:])
    again = batch_means(settings(order="shuffle", chain_method=kernel), 8)
    other = batch_means(settings(order="shuffle", chain_method=kernel, seed=1), 8)
    assert torch.equal(means, again)
    assert not torch.allclose(means, other)


def test_drawn_batches_take_every_row_equally_often() -> None:
    config = settings(order="draw", batch_size=20_000, updates_per_epoch=2)
    means = batch_means(config, 1)
    assert means[0].numpy() == pytest.approx(ROWS.mean(0).numpy(), abs=0.0142)


def test_bernoulli_bits_are_drawn_anew_each_epoch_and_thresholds_are_not() -> None:
    grey = Dataset(name="grey", train=torch.full((28, 5), 0.5))
    drawn = batch_means(settings(binarisation="bernoulli"), 8, grey)
    assert not torch.allclose(drawn[:4], drawn[4:])
    assert float(drawn.mean()) == pytest.approx(0.5, abs=0.12)
    assert torch.allclose(batch_means(settings(), 8, grey), torch.ones(8, 5).double(), atol=1e-9)
    kept = batch_means(settings(binarisation="grey"), 8, grey)
    assert torch.allclose(kept, torch.full((8, 5), 0.5).double(), atol=1e-9)


# ------------------------------------------------------------------ cutting a run anywhere

CUTS = [
    (scheme, kernel, momentum, gradient)
    for scheme in ("cd", "pcd", "rdm")
    for kernel in KERNELS
    for momentum, gradient in ((0.0, "plain"), ("linear 0:0.5 2:0.9", "centred"))
]


@pytest.mark.parametrize(("scheme", "kernel", "momentum", "gradient"), CUTS)
def test_a_run_resumed_from_a_checkpoint_equals_one_never_interrupted(
    rbm: RBM, scheme: str, kernel: str, momentum: float | str, gradient: str
) -> None:
    config = settings(
        scheme=scheme, chain_method=kernel, momentum=momentum, gradient=gradient,
        order="shuffle", binarisation="bernoulli", learning_rate="geometric 0:0.3 2:0.1",
    )  # fmt: skip
    grey = Dataset(name="grey", train=ROWS * 0.8 + 0.1)
    start = rbm.to(dtype=torch.float32)
    whole = train(grey, config, start)
    whole.advance(8)
    for cut in (0, 3, 4, 7):
        first = train(grey, config, start)
        if cut:
            first.advance(cut)
        recipe = Recipe(dataset="and", n_hidden=3, training=config)
        saved = load_checkpoint(checkpoint_bytes(first.state(), recipe)).state
        assert saved is not None
        second = train(grey, config, saved)
        assert second.update == cut
        while not second.done:
            second.advance(2)
        for a, b in zip(whole.rbm.parameters(), second.rbm.parameters(), strict=True):
            assert torch.equal(a, b)
        ends = whole.state(), second.state()
        assert torch.equal(ends[0].generator_state, ends[1].generator_state)
        assert torch.equal(ends[0].velocity.weights, ends[1].velocity.weights)
        assert torch.equal(ends[0].offset_h, ends[1].offset_h)


@pytest.mark.parametrize("kernel", KERNELS)
def test_records_do_not_depend_on_how_a_run_is_cut(kernel: str) -> None:
    config = settings(
        chain_method=kernel, order="draw", updates_per_epoch=12, epochs=1, batch_size=10, k=3
    )
    start = RBM.initialise(3, 4, 0.5, generator=np.random.default_rng(0))
    whole = train(TABLE, config, start).advance(12)
    run = train(TABLE, config, start, record_every=3)
    pieces = list(run)
    assert [piece.update for piece in pieces] == [3, 6, 9, 12]
    assert [piece.done for piece in pieces] == [False, False, False, True]
    for name in ("free_energy_data", "free_energy_model", "free_energy_gap", "success_rate"):
        mean = sum(float(getattr(piece, name)) for piece in pieces) / 4
        assert mean == pytest.approx(float(getattr(whole, name)), abs=1e-5)


def test_records_come_at_their_interval_and_at_the_end_of_each_epoch(rbm: RBM) -> None:
    assert [r.update for r in train(DATA, settings(), rbm)] == [4, 8]
    assert [r.update for r in train(DATA, settings(), rbm, record_every=3)] == [3, 4, 6, 8]
    assert [r.epoch for r in train(DATA, settings(), rbm, record_every=2)] == [0.5, 1, 1.5, 2]


def test_the_free_energy_gap_is_that_of_batch_and_chains(rbm: RBM) -> None:
    """With a rate of almost nothing the machine is the same before and after."""
    run = train(DATA, settings(scheme="pcd", learning_rate=1e-12), rbm)
    record = run.advance(1)
    chains = run.state().persistent_chains
    assert chains is not None
    of_data = float(rbm.free_energy(ROWS[:7].double()).mean())
    of_model = float(rbm.free_energy(chains).mean())
    assert float(record.free_energy_data) == pytest.approx(of_data, abs=1e-9)
    assert float(record.free_energy_model) == pytest.approx(of_model, abs=1e-9)
    assert float(record.free_energy_gap) == pytest.approx(of_data - of_model, abs=1e-9)
    assert record.success_rate is None


def test_an_observer_sees_every_update_and_changes_nothing(rbm: RBM) -> None:
    seen: list[int] = []
    watched, alone = train(DATA, settings(), rbm), train(DATA, settings(), rbm)
    one = watched.advance(8, observe=lambda run: seen.append(run.update))
    two = alone.advance(8)
    assert seen == list(range(1, 9))
    assert torch.equal(watched.rbm.weights, alone.rbm.weights)
    assert float(one.free_energy_gap) == float(two.free_energy_gap)


def test_training_is_a_function_of_the_seed() -> None:
    recipe = Recipe(dataset="and", n_hidden=3, weight_std=0.5, training=settings(order="draw"))

    def end(seed: int) -> RBM:
        run = recipe.replace(seed=seed).start()
        run.advance(2)
        return run.rbm

    assert torch.equal(end(0).weights, end(0).weights)
    assert not torch.equal(end(0).weights, end(1).weights)


def test_a_run_never_changes_what_it_was_given(rbm: RBM) -> None:
    kept = rbm.clone()
    for kernel in KERNELS:
        config = settings(chain_method=kernel, momentum=0.5, gradient="centred", scheme="pcd")
        state = fresh_state(rbm, DATA, config)
        offset = state.offset_v.clone()
        train(DATA, config, state).advance(8)
        assert torch.equal(rbm.weights, kept.weights)
        assert torch.equal(state.offset_v, offset)
        assert not state.velocity.weights.any()


def test_a_snapshot_stays_as_it_was_while_the_run_goes_on(rbm: RBM) -> None:
    for kernel in KERNELS:
        run = train(DATA, settings(scheme="pcd", chain_method=kernel), rbm)
        run.advance(1)
        state, machine = run.state(), run.rbm
        weights, chains = state.rbm.weights.clone(), state.persistent_chains
        assert chains is not None
        chains = chains.clone()
        run.advance(7)
        assert torch.equal(state.rbm.weights, weights)
        assert torch.equal(machine.weights, weights)
        assert state.persistent_chains is not None
        assert torch.equal(state.persistent_chains, chains)


def test_training_leaves_the_number_of_threads_as_it_was(rbm: RBM) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        train(DATA, settings(), rbm).advance(1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


# ------------------------------------------------------------------------------- ensembles


@pytest.mark.parametrize("kernel", KERNELS)
def test_replicas_of_an_ensemble_follow_the_law_of_machines_trained_alone(kernel: str) -> None:
    recipe = Recipe(
        dataset="and", n_hidden=3, weight_std=0.5,
        training=TrainConfig(
            k=3, learning_rate=0.5, batch_size=20, epochs=1, updates_per_epoch=150, order="draw",
            chain_method=kernel,
        ),
    )  # fmt: skip
    together = recipe.start(n_replicas=101)
    record = together.advance(150)
    assert record.success_rate is not None
    assert record.success_rate.shape == record.free_energy_gap.shape == (101,)
    ensemble = valid_mass(together.rbm, TABLE)
    alone = []
    for seed in range(1, 31):
        run = recipe.replace(seed=seed).start()
        run.advance(150)
        alone.append(float(valid_mass(run.rbm, TABLE)))
    spread = float(ensemble.std())
    assert spread > 0.003
    error = spread * (1 / 101 + 1 / 30) ** 0.5
    assert float(ensemble.mean()) == pytest.approx(float(np.mean(alone)), abs=4 * error)
    assert float(np.std(alone)) == pytest.approx(spread, rel=0.6)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("scheme", ["cd", "pcd", "rdm"])
def test_an_ensemble_resumes_bit_for_bit(make_rbm: MakeMachine, kernel: str, scheme: str) -> None:
    config = settings(
        scheme=scheme, chain_method=kernel, momentum=0.5, gradient="centred", order="draw"
    )
    ensemble = make_rbm(0, 2)
    whole = train(DATA, config, ensemble)
    first = train(DATA, config, ensemble)
    whole.advance(6)
    first.advance(2)
    second = train(DATA, config, first.state())
    second.advance(4)
    assert torch.equal(whole.rbm.weights, second.rbm.weights)


# ------------------------------------------------------------------------ what is refused


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
        ({"batch_size": 1_000_000}, "it must be from 1 to 100000"),
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
