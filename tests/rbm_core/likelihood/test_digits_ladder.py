"""Machines of digits, too large to enumerate: the ladder against annealing, and who lags."""

from __future__ import annotations

import pytest
import torch

from rbm_core import (
    RBM,
    LadderEstimate,
    LadderSchedule,
    ais,
    base_machine,
    binarise,
    contrastive_gradient,
    ladder_estimate,
    load_dataset,
    make_generator,
    reverse_ais,
    training_lag,
)
from tests.films import load_film
from tests.rbm_core.ladders import joined

# log Z after 28 000 updates, by ladders of other seeds: ± 0.02.
TOP = {
    "digits-cd-1": 138.786,
    "digits-cd-10": 145.473,
    "digits-pcd-10": 143.941,
    "digits-rdm-10": 146.295,
}


def climbed(name: str) -> tuple[RBM, RBM, LadderEstimate]:
    """The base of data means, the whole ladder, and what 100 columns said in 3000 rounds."""
    film = load_film(name).rbm.to(dtype=torch.float32)
    rows = binarise(load_dataset("digits").train, "threshold", make_generator(0))
    base = base_machine(film.replica(0), rows)
    rungs = joined(RBM(*(p[None] for p in base.parameters())), film)
    *_, end = ladder_estimate(rungs, make_generator(12), schedule=LadderSchedule(n_rounds=3000))
    return base, rungs, end


@pytest.mark.slow
@pytest.mark.parametrize("name", TOP)
def test_ladder_of_digits_agrees_with_annealing_at_the_top_and_half_way(name: str) -> None:
    base, rungs, end = climbed(name)
    assert float(end.log_partition[-1]) == pytest.approx(TOP[name], abs=0.06)
    assert float(end.swap_rate.min()) > 0.2
    n = len(rungs.weights)
    looked_at = [n // 3, 2 * n // 3, n - 1]
    machines = RBM(*(p[looked_at] for p in rungs.parameters()))
    wide = RBM(*(p.expand(3, *p.shape).clone() for p in base.parameters()))
    stream = make_generator(21)
    ends = (
        ais(machines, stream, betas="linear-10000", base=wide),
        reverse_ais(
            machines, stream, start=end.state.v[looked_at], betas="linear-10000", base=wide
        ),
    )
    ours, error = end.log_partition[looked_at], end.std_error[looked_at]
    for found in ends:
        joint = (error.square() + found.std_error.square()).sqrt()
        assert bool(((ours - found.log_partition).abs() < 3 * joint).all())


@pytest.mark.slow
def test_chains_from_noise_lag_behind_an_old_machine_and_chains_from_data_do_not() -> None:
    rows = binarise(load_dataset("digits").train, "threshold", make_generator(0))
    lags = {}
    for scheme in ("rdm", "cd"):
        _base, rungs, end = climbed(f"digits-{scheme}-10")
        _gradient, chains = contrastive_gradient(
            rungs, rows, make_generator(3), scheme=scheme, k=10, n_chains=4000
        )
        lags[scheme] = training_lag(rungs, end.state.v, chains)
    old = lags["rdm"].lag[-2:]
    assert bool((old > 0.25).all())
    assert bool((old > 3 * lags["rdm"].std_error[-2:]).all())
    assert float(lags["cd"].lag.max()) < 3 * float(lags["cd"].std_error.max())
