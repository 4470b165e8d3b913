"""Golden numbers of machines trained with version 0.1: exact log Z and memory at each age."""

from __future__ import annotations

import pytest

from rbm_core import (
    enumerate_states,
    load_dataset,
    log_partition,
    relaxation_time,
    valid_mass,
    visible_distribution,
    weight_singular_values,
)
from tests.films import load_film

LOG_PARTITION = {
    "and": {
        1000: 4.1052, 3000: 8.8090, 5000: 11.8182, 7000: 12.5131, 9000: 13.5682, 12000: 14.7947,
        15000: 15.7172,
    },
    "xor": {
        100: 4.4454, 200: 4.1238, 400: 3.3870, 600: 4.5693, 800: 5.3173, 1200: 6.3621,
        2000: 7.4766,
    },
    "bars-and-stripes": {
        298: 19.3393, 412: 22.6867, 485: 25.4471, 670: 31.5692, 788: 34.3866, 20000: 52.5636,
    },
}  # fmt: skip
RELAXATION_TIME = {
    "and": {15000: 56.0},
    "xor": {2000: 192.1},
    "xor-seed-1": {2000: 128.7},
    "bars-and-stripes": {20000: 2724.4},
}
SINGULAR_VALUES = {
    142: (0.36, 0.32, 0.26, 0.21),
    256: (0.99, 0.83, 0.56, 0.31),
    380: (2.78, 2.30, 1.28, 0.52),
    462: (4.16, 3.80, 2.14, 0.73),
    562: (4.67, 4.56, 3.61, 1.13),
    1013: (5.65, 5.24, 5.01, 4.74),
    4000: (8.12, 7.63, 7.03, 6.74),
}
DIGITS = ("digits-pcd-10", "digits-cd-10", "digits-rdm-10", "digits-cd-1", "digits-cascade")


@pytest.mark.parametrize("name", LOG_PARTITION)
def test_a_film_has_the_exact_log_partition_of_its_table(name: str) -> None:
    film, expected = load_film(name), LOG_PARTITION[name]
    found = log_partition(film.rungs(*expected)).tolist()
    assert found == pytest.approx(list(expected.values()), abs=6e-5)


@pytest.mark.parametrize("name", RELAXATION_TIME)
def test_a_film_ends_with_the_memory_of_its_table(name: str) -> None:
    film = load_film(name)
    for update, tau in RELAXATION_TIME[name].items():
        assert float(relaxation_time(film.at(update))) == pytest.approx(tau, abs=0.06)


@pytest.mark.parametrize("name", ["and", "xor", "xor-seed-1"])
def test_the_gates_of_the_films_are_learned(name: str) -> None:
    film = load_film(name)
    assert film.recipe is not None
    dataset = load_dataset(film.recipe.dataset)
    assert float(valid_mass(film.at(film.updates[-1]), dataset)) >= 0.98


def test_the_bimodal_machine_holds_its_two_words_by_the_exact_law() -> None:
    film = load_film("bimodal")
    rbm = film.at(30_000)
    right = enumerate_states(10).sum(1) > 5
    assert float(visible_distribution(rbm)[right].sum()) == pytest.approx(0.3, abs=5e-5)
    assert float(relaxation_time(rbm)) == pytest.approx(9.18e6, rel=1e-3)
    tilted = rbm.clone()
    tilted.visible_bias.add_(0.15)
    assert float(visible_distribution(tilted)[right].sum()) == pytest.approx(0.6508, abs=5e-5)
    assert float(relaxation_time(tilted)) == pytest.approx(9.47e6, rel=1e-3)
    assert float(log_partition(tilted)) == pytest.approx(1.1688, abs=6e-5)


@pytest.mark.parametrize("name", DIGITS)
def test_a_film_of_digits_says_how_it_was_trained(name: str) -> None:
    film = load_film(name)
    assert film.recipe is not None
    assert (film.rbm.n_visible, film.rbm.n_hidden) == (64, film.recipe.n_hidden)
    assert list(film.updates) == sorted(film.updates)
    assert film.rbm.replica_shape == (len(film.updates),)


def test_the_cascade_has_the_singular_values_of_its_table() -> None:
    film = load_film("digits-cascade")
    for update, expected in SINGULAR_VALUES.items():
        found = weight_singular_values(film.at(update))[:4]
        assert found.tolist() == pytest.approx(expected, abs=0.006)
