"""Laws of the exact measures: the mass of legal rows, and None where enumeration cannot reach."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from rbm_core import (
    RBM,
    Dataset,
    load_dataset,
    log_likelihood,
    measure,
    relaxation_time,
    valid_mass,
    visible_distribution,
)
from tests import oracle
from tests.conftest import MakeMachine

AsOracle = Callable[[RBM], oracle.Machine]


@pytest.mark.parametrize("lead", [(), (2,)])
def test_valid_mass_is_the_probability_of_the_legal_rows(
    make_rbm: MakeMachine, as_oracle: AsOracle, lead: tuple[int, ...]
) -> None:
    dataset = load_dataset("half-adder")
    ensemble = make_rbm(0, *lead, n_visible=4)
    found = valid_mass(ensemble, dataset).reshape(-1).tolist()
    for r, mass in enumerate(found):
        law = oracle.visible_law(as_oracle(ensemble.replica(r) if lead else ensemble))
        expected = law[[0b0000, 0b0101, 0b1001, 0b1110]].sum()
        assert mass == pytest.approx(expected, abs=1e-12)


def test_rows_that_repeat_count_once(make_rbm: MakeMachine) -> None:
    dataset = load_dataset("and")
    twice = Dataset(name="twice", train=dataset.train.repeat(2, 1), enumerable=True)
    rbm = make_rbm(0, n_visible=3)
    assert float(valid_mass(rbm, twice)) == pytest.approx(float(valid_mass(rbm, dataset)))


def test_a_small_machine_gets_every_measure(make_rbm: MakeMachine) -> None:
    dataset, rbm = load_dataset("and"), make_rbm(0, n_visible=3)
    found = measure(rbm, dataset)
    assert found.log_likelihood is not None
    assert found.valid_mass is not None
    assert found.relaxation_time is not None
    assert found.distribution is not None
    assert torch.equal(found.log_likelihood, log_likelihood(rbm, dataset.train))
    assert torch.equal(found.valid_mass, valid_mass(rbm, dataset))
    assert torch.equal(found.relaxation_time, relaxation_time(rbm))
    assert torch.equal(found.distribution, visible_distribution(rbm))


def test_what_enumeration_cannot_reach_is_none(make_rbm: MakeMachine) -> None:
    rows = Dataset(name="rows", train=torch.zeros(7, 5))
    found = measure(make_rbm(0), rows)
    assert (found.valid_mass, found.relaxation_time, found.distribution) == (None, None, None)
    wide = measure(make_rbm(0, n_visible=3, n_hidden=23), load_dataset("and"))
    assert wide.relaxation_time is None
    assert wide.valid_mass is not None
