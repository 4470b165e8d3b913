"""Laws of compiled updates beyond those of every kernel: streams, replicas, cores, calls."""

from __future__ import annotations

import dataclasses
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from rbm_core import (
    RBM,
    CheckpointError,
    Recipe,
    TrainRun,
    default_recipe,
    load_dataset,
    make_generator,
    preset,
    train,
    transition_matrix,
)
from rbm_core.generators import generator_state
from rbm_core.recipes.checkpoint import checkpoint_bytes, fingerprint, load_checkpoint
from rbm_core.training import loops, transitions
from rbm_core.training.compiled import CompiledUpdates, compile_loops
from rbm_core.training.run import fresh_state
from rbm_core.training.small import CD, NEVER, RDM, Data, Machines, Rules, Sizes, Timed
from rbm_core.training.streams import stream_generator, words_from_state
from tests import oracle
from tests.conftest import MakeMachine
from tests.rbm_core.small_runs import DATA, settings

AsOracle = Callable[[RBM], oracle.Machine]
ROOT = Path(__file__).parents[3]
N_REPLICAS, N_ROUNDS = 1000, 1000
GATE = preset("notebook-and-short").recipe.replace(epochs=2, updates_per_epoch=150)


def small_machines(joint: np.ndarray, n_replicas: int, n_chains: int) -> Machines:
    n_units = joint.shape[0] + joint.shape[1] - 2
    joints = np.repeat(joint[None], n_replicas, 0)
    return Machines(
        joint=joints,
        velocity=np.zeros_like(joints),
        offsets=np.zeros((n_replicas, n_units)),
        streams=words_from_state(generator_state(make_generator(0)), n_replicas),
        chains=np.zeros((n_replicas, n_chains), dtype=np.int64),
        factors=np.ones(n_replicas),
        sums=np.zeros((n_replicas, 3)),
    )


def joint_of(rbm: RBM) -> np.ndarray:
    corner = torch.zeros(1, dtype=torch.float64)
    top = torch.cat([rbm.weights, rbm.visible_bias[:, None]], 1)
    return torch.cat([top, torch.cat([rbm.hidden_bias, corner])[None]]).numpy()


@pytest.mark.parametrize("least_k", [1, NEVER], ids=["exact", "sampled"])
@pytest.mark.parametrize("scheme", [CD, RDM], ids=["cd", "rdm"])
def test_the_ends_of_a_million_updates_follow_the_enumerations_law(
    make_rbm: MakeMachine, as_oracle: AsOracle, scheme: int, least_k: int
) -> None:
    rbm = make_rbm(0, n_visible=3, n_hidden=2)
    machines = small_machines(joint_of(rbm), N_REPLICAS, 1)
    data = Data(np.array([1, 2, 2, 5, 6]), np.zeros(0, dtype=np.int64), np.zeros(8))
    rules = Rules(scheme, least_k, centred=False, momentum=False, single=False, l1=0.0, l2=0.0)
    still = Timed(np.zeros(1), np.zeros(1), np.full(1, 2))
    counts = np.zeros(8)
    for _ in range(N_ROUNDS):
        loops.learn(machines, data, rules, still, 0, N_REPLICAS)
        counts += np.bincount(machines.chains[:, 0], minlength=8)
    power = np.linalg.matrix_power(oracle.transition(as_oracle(rbm)), 2)
    start = np.full(8, 1 / 8) if scheme == RDM else np.bincount(data.states, minlength=8) / 5
    expected = start @ power * counts.sum()
    assert expected.min() > 1000
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    # 7 degrees of freedom: mean 7, standard deviation 3.7.
    assert chi_square < 7 + 4 * 3.7


@pytest.mark.parametrize("least_k", [1, NEVER], ids=["exact", "sampled"])
@pytest.mark.parametrize(
    ("n_visible", "n_hidden"), [(1, 1), (1, 4), (2, 1), (4, 2), (3, 13), (7, 5)]
)
def test_end_states_follow_the_exact_law_at_every_size(
    make_rbm: MakeMachine, n_visible: int, n_hidden: int, least_k: int
) -> None:
    """Layers of one unit, hidden layers too wide to keep, more states than a row of vectors."""
    rbm = make_rbm(3, n_visible=n_visible, n_hidden=n_hidden, scale=0.6)
    n_states, n_chains = 2**n_visible, 50_000
    machines = small_machines(joint_of(rbm), 1, n_chains)
    data = Data(np.array([0, n_states - 1]), np.zeros(0, dtype=np.int64), np.zeros(n_states))
    rules = Rules(CD, least_k, centred=True, momentum=False, single=False, l1=0.0, l2=0.0)
    loops.learn(machines, data, rules, Timed(np.zeros(1), np.zeros(1), np.full(1, 5)), 0, 1)
    power = np.linalg.matrix_power(transition_matrix(rbm).numpy(), 5)
    law = (power[0] + power[-1]) / 2
    found = np.bincount(machines.chains[0], minlength=n_states) / n_chains
    assert oracle.total_variation(found, law) < 1.6 * oracle.sampling_floor(law, n_chains)


def test_another_thread_goes_on_while_a_run_trains() -> None:
    """A call that held the interpreter would stop the ticks for as long as it takes."""
    run = default_recipe("bars-and-stripes-3x3").start()
    run.advance(1)
    done, ticks = threading.Event(), 0

    def train_on() -> None:
        run.advance(3000)
        done.set()

    worker = threading.Thread(target=train_on)
    worker.start()
    while not done.is_set():
        ticks += 1
        time.sleep(0.0005)
    worker.join()
    assert ticks > 20


def test_the_uniforms_are_those_of_numpys_generator() -> None:
    words = words_from_state(generator_state(make_generator(7, "train")), 1)[0]
    generator, found = stream_generator(words), np.empty(1000)
    transitions.uniforms(words, found, 1000)
    assert np.array_equal(found, generator.random(1000))
    assert np.array_equal(words, generator.bit_generator.state["state"]["state"])


def test_the_sigmoid_is_right_to_the_last_digits() -> None:
    fields = np.concatenate([np.linspace(-690, 690, 4001), np.linspace(-3, 3, 4001)])
    exact = 1 / (1 + np.exp(-fields.astype(np.longdouble)))
    found = np.array([transitions._sigmoid(x) for x in fields])
    assert float(np.abs(found / exact - 1).max()) < 1e-15
    assert transitions._sigmoid(1e6) == 1.0
    assert 0.0 < transitions._sigmoid(-1e6) < 1e-300


def test_the_first_replica_is_the_machine_trained_alone() -> None:
    for scheme in ("cd", "pcd", "rdm"):
        recipe = GATE.replace(scheme=scheme)
        alone, together = recipe.start(), recipe.start(n_replicas=3)
        for _ in zip(alone, together, strict=True):
            pass
        assert fingerprint(together.rbm.replica(0)) == fingerprint(alone.rbm)
        assert fingerprint(together.rbm.replica(1)) != fingerprint(alone.rbm)


def test_a_replica_is_the_machine_that_starts_where_it_does_with_its_stream() -> None:
    together = GATE.start(n_replicas=3)
    state = together.state()
    alone = dataclasses.replace(
        fresh_state(state.rbm.replica(2), together.dataset, GATE.training),
        generator_state=generator_state(
            stream_generator(words_from_state(state.generator_state, 3)[2])
        ),
    )
    run = train(together.dataset, GATE.training, alone)
    run.advance(200)
    together.advance(200)
    assert fingerprint(together.rbm.replica(2)) == fingerprint(run.rbm)


@pytest.mark.parametrize("changes", [{}, {"scheme": "pcd", "momentum": 0.5, "k": "step 0:1 1:30"}])
def test_the_number_of_threads_changes_no_number(changes: dict[str, object]) -> None:
    ends = []
    for n_threads in (1, 2, 3):
        run = GATE.replace(**changes).start(n_replicas=500, n_threads=n_threads)
        record = run.advance(run.n_updates)
        ends.append((fingerprint(run.rbm), record.free_energy_gap, run.state().generator_state))
    for name, gap, words in ends[1:]:
        assert name == ends[0][0]
        assert torch.equal(gap, ends[0][1])
        assert torch.equal(words, ends[0][2])


def test_an_ensemble_comes_back_from_a_checkpoint_with_all_its_streams() -> None:
    whole, first = GATE.start(n_replicas=3), GATE.start(n_replicas=3)
    whole.advance(100)
    first.advance(37)
    saved = load_checkpoint(checkpoint_bytes(first.state(), GATE)).state
    second = GATE.start(state=saved)
    second.advance(63)
    assert fingerprint(second.rbm) == fingerprint(whole.rbm)


def test_chains_that_are_no_states_are_refused() -> None:
    state = GATE.replace(scheme="pcd").start().state()
    chains = torch.full((100, 3), 2.0)
    with pytest.raises(CheckpointError, match="other than 0 and 1"):
        GATE.replace(scheme="pcd").start(state=dataclasses.replace(state, persistent_chains=chains))


def test_streams_of_another_number_of_replicas_are_refused() -> None:
    three, two = GATE.start(n_replicas=3).state(), GATE.start(n_replicas=2).state()
    with pytest.raises(CheckpointError, match="2 replicas need"):
        GATE.start(state=dataclasses.replace(two, generator_state=three.generator_state))


def test_a_machine_that_left_all_numbers_behind_still_trains() -> None:
    """Fields that overflowed have no law, but every draw stays a state."""
    rbm = RBM(*(torch.full(s, torch.nan) for s in ((3, 3), (3,), (3,))))
    for method in ("sampled", "matrix"):
        config = GATE.replace(chain_method=method).training
        run = train(load_dataset("and"), config, rbm)
        assert math.isnan(float(run.advance(3).free_energy_gap))


def test_a_state_with_one_stream_gives_each_replica_its_own() -> None:
    """So do runs that began before replicas had streams of their own."""
    one = generator_state(make_generator(0, "train"))
    words = words_from_state(one, 4)
    assert len(np.unique(words, axis=0)) == 4
    assert np.array_equal(words, words_from_state(one, 4))


@pytest.mark.parametrize(
    ("name", "n_replicas"), [("and", None), ("and", 5000), ("bars-and-stripes-3x3", None)]
)
def test_no_call_takes_longer_than_two_milliseconds_by_the_rule(
    monkeypatch: pytest.MonkeyPatch, name: str, n_replicas: int | None
) -> None:
    recipe = default_recipe(name)
    calls: list[int] = []
    learn = loops.learn

    def counted(m: Machines, d: Data, r: Rules, timed: Timed, low: int, high: int) -> None:
        calls.append(len(timed.ks) * (high - low))
        learn(m, d, r, timed, low, high)

    run = recipe.start(n_replicas=n_replicas)
    monkeypatch.setattr(loops, "learn", counted)
    n_updates = 3 if n_replicas else 1000
    run.advance(n_updates)
    sizes = Sizes(run.rbm.n_visible, run.rbm.n_hidden, recipe.training.batch_size)
    k = int(recipe.training.k_schedule.at(0))
    cost = min(sizes.exact_cost(k), sizes.sampled_cost(k))
    assert sum(calls) == n_updates * (n_replicas or 1)
    assert max(calls) * cost < 2e6
    assert len(calls) <= 2 + sum(calls) * (cost + 1000) / 0.7e6


def test_the_rule_takes_the_matrix_where_it_costs_less() -> None:
    assert Sizes(3, 3, 100).least_exact_k() <= 4
    assert Sizes(3, 4, 100).least_exact_k() <= 4
    assert 4 < Sizes(6, 8, 100).least_exact_k() < 200
    assert Sizes(6, 12, 100).least_exact_k() > 100
    assert Sizes(12, 3, 100).least_exact_k() == NEVER
    assert Sizes(9, 16, 50).least_exact_k() == NEVER


def test_all_kinds_of_runs_are_one_piece_of_compiled_code() -> None:
    compile_loops()
    for changes in ({}, {"order": "shuffle", "batch_size": 4, "updates_per_epoch": 1}, {"k": 50}):
        GATE.replace(**changes).start(n_replicas=2).advance(2)
    train(DATA, settings(momentum=0.5), RBM(*(torch.zeros(s) for s in ((5, 3), (5,), (3,)))))
    assert len(loops.learn.signatures) == 1  # type: ignore[attr-defined]


def run_alone(code: str, **changes: str) -> str:
    environment = os.environ | changes
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.slow
def test_neither_the_cache_nor_the_processor_changes_a_number(tmp_path: Path) -> None:
    code = (
        "from rbm_core import default_recipe, fingerprint\n"
        "run = default_recipe('xor').start()\n"
        "run.advance(500)\n"
        "print(fingerprint(run.rbm))"
    )
    run = default_recipe("xor").start()
    run.advance(500)
    fresh, kept = (run_alone(code, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2))
    assert list(tmp_path.rglob("*.nbi"))
    # Vectors of two numbers, no fused products: the least that is common to all processors.
    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    elsewhere = run_alone(code, NUMBA_CACHE_DIR=str(tmp_path / "plain"), **plain)
    assert fresh == kept == elsewhere == fingerprint(run.rbm)


def test_who_trains_nothing_loads_no_compiler() -> None:
    code = (
        "import sys, rbm_core\n"
        "from rbm_core.cli.program import main\n"
        "rbm_core.preset('xor-ready').recipe.start()\n"
        "main(['presets'])\n"
        "print('numba' in sys.modules)"
    )
    assert run_alone(code).splitlines()[-1] == "False"


def test_small_machines_of_bits_are_compiled_and_no_others() -> None:
    def compiled(recipe: Recipe) -> bool:
        run: TrainRun = recipe.start()
        return isinstance(run._updates, CompiledUpdates)

    assert compiled(default_recipe("and"))
    assert compiled(default_recipe("bars-and-stripes-3x3"))
    assert compiled(default_recipe("shifter-11"))
    assert not compiled(default_recipe("and").replace(binarisation="grey"))
    assert not compiled(default_recipe("digits"))
