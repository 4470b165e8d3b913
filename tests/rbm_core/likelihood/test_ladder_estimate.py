"""log Z of every rung and of every frame, against enumeration; machines no Gibbs chain mixes."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from rbm_core import (
    RBM,
    ConfigError,
    LadderEstimate,
    LadderSchedule,
    integrated_autocorrelation_time,
    ladder_estimate,
    ladder_round,
    load_dataset,
    log_partition,
    make_generator,
    state_index,
    transition_matrix,
    visible_distribution,
)
from tests.rbm_core.ladders import ladder_of
from tests.rbm_core.two_words import MASS

SWAP_RATES = {
    "and": (0.681, 0.779, 0.936, 0.822, 0.938, 0.972, 0.971),
    "xor": (0.931, 0.921, 0.749, 0.754, 0.851, 0.858, 0.903),
    "bars-and-stripes": (0.37, 0.35, 0.67),
}
HOLD = {"and": 0.03, "xor": 0.035, "bars-and-stripes": 0.05, "bimodal": 0.04}
SHORT = LadderSchedule(n_rounds=1000, measure_every=5)
LONG = LadderSchedule(n_rounds=3000, measure_every=10)


def last(rungs: RBM, seed: int, schedule: LadderSchedule, n_columns: int = 100) -> LadderEstimate:
    stream = make_generator(seed, "ladder")
    *_, end = ladder_estimate(rungs, stream, schedule=schedule, n_columns=n_columns)
    return end


def errors(name: str, seeds: range, schedule: LadderSchedule) -> tuple[Tensor, Tensor]:
    """Differences from the exact log Z and those in standard errors, rung 0 left out."""
    rungs = ladder_of(name)
    exact = log_partition(rungs)
    found = [last(rungs, seed, schedule) for seed in seeds]
    off = torch.stack([end.log_partition - exact for end in found])
    told = torch.stack([end.std_error for end in found])
    assert float(off[:, 0].abs().max()) < 1e-9  # exact
    assert float(told[:, 0].max()) == 0.0
    if name in SWAP_RATES:
        rates = torch.stack([end.swap_rate for end in found])
        assert float((rates - torch.tensor(SWAP_RATES[name])).abs().max()) < 0.02
    return off[:, 1:], off[:, 1:] / told[:, 1:]


@pytest.mark.parametrize(("name", "n_seeds"), [("and", 2), ("xor", 2), ("bars-and-stripes", 1)])
def test_log_partition_of_every_rung_is_the_exact_one(name: str, n_seeds: int) -> None:
    schedule = LONG if name == "bars-and-stripes" else SHORT
    off, _z = errors(name, range(n_seeds), schedule)
    assert float(off.abs().max()) < HOLD[name]


@pytest.mark.slow
def test_log_partition_is_exact_and_errors_are_honest_over_seeds() -> None:
    together = []
    for name in ("and", "xor", "bars-and-stripes"):
        schedule = LONG if name == "bars-and-stripes" else SHORT
        off, z = errors(name, range(12), schedule)
        assert float(off.abs().max()) < HOLD[name]
        together.append(z.square().mean())
    assert 0.8 < float(torch.stack(together).mean().sqrt()) < 1.2


def masses(rungs: RBM, end: LadderEstimate, n_rounds: int, legal: Tensor) -> Tensor:
    """Share of some states at the top rung over more rounds, shape (n_legal,)."""
    now, stream, seen = end.state, make_generator(0, "masses"), []
    for _ in range(n_rounds):
        now, _info = ladder_round(rungs, now, stream)
        seen.append((state_index(now.v[-1])[:, None] == legal).double().mean(0))
    return torch.stack(seen).mean(0)


def test_bars_and_stripes_come_in_their_exact_shares_where_gibbs_takes_thousands_of_steps() -> None:
    rungs = ladder_of("bars-and-stripes")
    legal = torch.unique(state_index(load_dataset("bars-and-stripes-3x3").train))
    exact = visible_distribution(rungs.replica(-1))[legal]
    end = last(rungs, 1, LadderSchedule(n_rounds=10, record_every=1000))
    assert float((masses(rungs, end, 3000, legal) - exact).abs().max()) < 0.015


def test_the_ladder_finds_the_masses_of_two_modes_that_gibbs_chains_never_leave() -> None:
    rungs, stream = ladder_of("bimodal"), make_generator(1)
    schedule = LadderSchedule(n_rounds=10)
    *_, end = ladder_estimate(rungs, stream, schedule=schedule, n_columns=200)
    state, seen = end.state, []
    for _ in range(2000):
        state, _info = ladder_round(rungs, state, stream)
        seen.append((state.v[-1].sum(-1) > 5).double().mean())
    assert float(torch.stack(seen).mean()) == pytest.approx(MASS, abs=0.02)


@pytest.mark.slow
def test_the_slowest_observable_of_bars_and_stripes_is_forgotten_in_rounds_not_in_thousands() -> (
    None
):
    rungs, stream = ladder_of("bars-and-stripes"), make_generator(5)
    top = rungs.replica(-1)
    law, matrix = visible_distribution(top), transition_matrix(top)
    root = law.sqrt()
    values, vectors = torch.linalg.eigh(root[:, None] * matrix / root)
    assert float((1 + values[-2]) / (1 - values[-2])) == pytest.approx(5449, rel=0.01)
    slowest = vectors[:, -2] / root  # the right eigenvector of the second eigenvalue
    state, series = last(rungs, 5, LadderSchedule(n_rounds=10)).state, []
    for _ in range(3000):
        state, _info = ladder_round(rungs, state, stream)
        series.append(slowest[state_index(state.v[-1])])
    memory = integrated_autocorrelation_time(torch.stack(series, -1))
    assert memory.reliable
    assert memory.time == pytest.approx(16.0, abs=3)


def test_log_partition_of_the_bimodal_machine_is_the_exact_one() -> None:
    rungs = ladder_of("bimodal")
    end = last(rungs, 1, LadderSchedule(n_rounds=2000, measure_every=10), n_columns=200)
    assert float((end.log_partition - log_partition(rungs)).abs().max()) < HOLD["bimodal"]


def test_nothing_is_quoted_before_the_ladder_is_renewed() -> None:
    rungs = ladder_of("xor")
    schedule = LadderSchedule(n_rounds=40, measure_every=20, record_every=10)
    records = list(ladder_estimate(rungs, make_generator(3), schedule=schedule))
    assert [r.done for r in records] == [False] * (len(records) - 1) + [True]
    warm = records[-1].n_warm_up
    assert warm > 20
    for record in records:
        known = bool(record.log_partition.isfinite().all())
        measured = record.n_rounds - warm >= 20
        assert known == measured == (record.reason == "")
        assert bool(record.std_error.isnan().all()) != known
        left = float((1 - record.renewal).sum())
        if record.n_rounds < warm:
            assert left > 0.01
            assert "left from the start" in record.reason
    assert float(records[-1].renewal.min()) == 1.0


def test_a_ladder_that_is_cut_ends_without_an_estimate_and_says_so() -> None:
    whole = ladder_of("bars-and-stripes")
    cut = RBM(*(p[[0, -1]] for p in whole.parameters()))
    schedule = LadderSchedule(n_rounds=50, max_warm_up=60, record_every=30)
    records = list(ladder_estimate(cut, make_generator(0), schedule=schedule))
    assert [r.n_rounds for r in records] == [30, 60]
    assert records[-1].done
    assert "cut" in records[-1].reason
    assert math.isnan(float(records[-1].log_partition[-1]))
    assert float(records[-1].swap_rate[0]) < 0.1


def test_a_ladder_taken_up_again_needs_no_second_warm_up_and_seeds_repeat() -> None:
    rungs, schedule = ladder_of("xor"), LadderSchedule(n_rounds=100, measure_every=5)
    first, again, other = (last(rungs, seed, schedule) for seed in (0, 0, 1))
    assert torch.equal(first.log_partition, again.log_partition)
    assert not torch.equal(first.log_partition, other.log_partition)
    assert first.n_warm_up > 0
    *_, more = ladder_estimate(rungs, make_generator(2), schedule=schedule, start=first.state)
    assert more.n_warm_up == 0
    assert more.state.n_rounds == first.state.n_rounds + 100


@pytest.mark.parametrize(
    ("setting", "match"),
    [
        ({"n_rounds": 9}, "n_rounds is 9"),
        ({"measure_every": 0}, "measure_every is 0"),
        ({"record_every": 0}, "record_every is 0"),
        ({"max_warm_up": 0}, "max_warm_up is 0"),
    ],
)
def test_a_schedule_refuses_what_makes_no_rounds(setting: dict[str, Any], match: str) -> None:
    with pytest.raises(ConfigError, match=match):
        LadderSchedule(**setting)
