"""Laws of training: a run may be cut anywhere, and replicas train side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from rbm_core import RBM, Dataset, Recipe, TrainConfig, train, valid_mass
from rbm_core.recipes.checkpoint import checkpoint_bytes, load_checkpoint
from rbm_core.training.run import fresh_state
from tests import oracle
from tests.conftest import MakeMachine
from tests.rbm_core.small_runs import DATA, KERNELS, ROWS, TABLE, settings

pytestmark = pytest.mark.usefixtures("made_by")

AsOracle = Callable[[RBM], oracle.Machine]


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
