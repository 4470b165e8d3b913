"""Laws of a film: which ages it keeps, how many fit, and what it holds."""

from __future__ import annotations

import itertools

import pytest
import torch

from rbm_core import ConfigError, ShapeError, film_length, film_of, log_spaced_updates
from tests.conftest import MakeMachine


def test_log_spaced_updates_rise_by_one_ratio_to_the_end() -> None:
    ages = log_spaced_updates(28_000)
    assert (len(ages), ages[0], ages[-1]) == (48, 10, 28_000)
    ratios = [b / a for a, b in itertools.pairwise(ages[20:])]
    assert min(ratios) > 1.175
    assert max(ratios) < 1.195
    assert log_spaced_updates(15, 48) == [10, 11, 12, 13, 14, 15]
    assert log_spaced_updates(7) == [7]
    assert log_spaced_updates(1000, 1) == [1000]
    with pytest.raises(ConfigError, match="n_updates is 0"):
        log_spaced_updates(0)


def test_a_film_is_as_long_as_its_memory_allows_and_no_longer_than_it_needs() -> None:
    assert film_length(3, 3) == 48
    assert film_length(64, 64) == 48
    assert film_length(784, 500) == 6
    frame = 4 * (7 * 5 + 7 + 5)
    assert [film_length(7, 5, n) for n in (frame, 3 * frame - 1, 3 * frame)] == [1, 2, 3]
    with pytest.raises(ConfigError, match=f"takes {frame}"):
        film_length(7, 5, frame - 1)


def test_a_film_holds_its_machines_in_their_order(make_rbm: MakeMachine) -> None:
    machines = [make_rbm(seed) for seed in range(3)]
    film = film_of(machines)
    for i, rbm in enumerate(machines):
        for kept, given in zip(film.replica(i).parameters(), rbm.parameters(), strict=True):
            assert torch.equal(kept, given)
    for bad in ([], [make_rbm(0), make_rbm(0, n_visible=7)], [make_rbm(0, 2)]):
        with pytest.raises(ShapeError, match="same sizes"):
            film_of(bad)
