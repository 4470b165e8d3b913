"""Laws of the lag of training chains behind their machine, against enumeration."""

from __future__ import annotations

import pytest
import torch

from rbm_core import (
    RBM,
    ShapeError,
    enumerate_states,
    exact_samples,
    make_generator,
    training_lag,
    visible_distribution,
)
from tests.rbm_core.ladders import film_of


def test_chains_at_equilibrium_do_not_lag_and_those_of_the_last_age_do_by_the_exact_amount() -> (
    None
):
    film = film_of("xor")
    n = len(film.weights)
    samples = exact_samples(film, 20_000, make_generator(0))
    fresh = training_lag(film, samples, exact_samples(film, 5000, make_generator(1)))
    assert fresh.lag.shape == (n - 1,)
    assert bool((fresh.lag.abs() < 4 * fresh.std_error).all())
    assert float(fresh.std_error.max()) < 0.02
    older = RBM(*(torch.cat([p[:1], p[:-1]]) for p in film.parameters()))
    behind = training_lag(film, samples, exact_samples(older, 5000, make_generator(1)))
    laws, states = visible_distribution(film), enumerate_states(film.n_visible)
    for t in range(1, n):
        work = film.replica(t).free_energy(states) - film.replica(t - 1).free_energy(states)
        mean = laws[t] @ work
        sd = (laws[t] @ (work - mean).square()).sqrt()
        exact = float((laws[t - 1] @ work - mean) / sd)
        assert exact > 0
        found, error = float(behind.lag[t - 1]), float(behind.std_error[t - 1])
        assert found == pytest.approx(exact, abs=4 * error + 0.02 * exact)


def test_lag_refuses_states_that_do_not_fit() -> None:
    film = film_of("xor")
    right = torch.zeros(len(film.weights), 5, film.n_visible)
    with pytest.raises(ShapeError, match="samples have shape"):
        training_lag(film, right[1:], right)
    with pytest.raises(ShapeError, match="chains have shape"):
        training_lag(film, right, right[..., 1:])
