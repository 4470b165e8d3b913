"""Laws of moments, adversarial accuracy and the generation curve."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ConfigError, ShapeError, make_generator
from rbm_core.equilibrium.generation import adversarial_accuracy, generation_curve
from rbm_core.equilibrium.moments import (
    draw_triples,
    second_moment_error,
    second_moment_floor,
    third_moment_error,
)
from rbm_core.exact.samples import exact_samples


def bits(n: int, seed: int, n_visible: int = 7) -> Tensor:
    stream = np.random.default_rng(seed)
    share = stream.uniform(0.1, 0.9, n_visible)
    rows = stream.uniform(size=(n, n_visible)) < share
    rows[:, 1] |= rows[:, 0]  # some correlation
    return torch.as_tensor(rows.astype(float))


def machine(n_visible: int = 7) -> RBM:
    stream = np.random.default_rng(5)
    return RBM(
        torch.as_tensor(1.5 * stream.normal(size=(n_visible, 5))),
        torch.as_tensor(stream.normal(size=n_visible)),
        torch.as_tensor(stream.normal(size=5)),
    )


def test_second_moment_error_is_the_mean_over_pairs_of_squared_covariance_differences() -> None:
    x, y = bits(31, 0), bits(17, 1)
    a, b = (np.cov(rows.numpy().T, bias=True) for rows in (x, y))
    pairs = list(itertools.combinations(range(7), 2))
    expected = 2 / (7 * 6) * sum((a[i, j] - b[i, j]) ** 2 for i, j in pairs)
    assert second_moment_error(x, y) == pytest.approx(expected, rel=1e-10)
    assert second_moment_error(x, x) == 0.0


def test_third_moment_error_is_the_mean_over_triples() -> None:
    x, y = bits(31, 0), bits(17, 1)

    def moment(rows: np.ndarray, i: int, j: int, k: int) -> float:
        z = rows - rows.mean(0)
        return float((z[:, i] * z[:, j] * z[:, k]).mean())

    triples = list(itertools.combinations(range(7), 3))
    terms = [(moment(x.numpy(), *t) - moment(y.numpy(), *t)) ** 2 for t in triples]
    chosen = draw_triples(7, 100, make_generator(0))
    assert sorted(map(tuple, chosen.tolist())) == triples
    assert third_moment_error(x, y, chosen) == pytest.approx(np.mean(terms), rel=1e-10)


def test_drawn_triples_are_distinct_seeded_and_cover_all_units_evenly() -> None:
    drawn = draw_triples(31, 2000, make_generator(0))
    assert drawn.shape == (2000, 3)
    assert len(set(map(tuple, drawn.tolist()))) == 2000
    assert bool((drawn.diff(dim=1) > 0).all())
    assert torch.equal(drawn, draw_triples(31, 2000, make_generator(0)))
    assert not torch.equal(drawn, draw_triples(31, 2000, make_generator(1)))
    share = torch.bincount(drawn.reshape(-1), minlength=31) / 6000
    assert float((share * 31 - 1).abs().max()) < 0.3


def test_second_moment_floor_is_the_mean_error_of_draws_from_the_data() -> None:
    rows = bits(20_000, 3)
    rows[:, 3:] = rows[:, 2:3]  # strong correlations, whose square the floor leaves out
    stream = np.random.default_rng(0)
    found = [
        second_moment_error(rows, rows[torch.as_tensor(stream.integers(0, len(rows), 200))])
        for _ in range(200)
    ]
    assert second_moment_floor(rows, 200) == pytest.approx(np.mean(found), rel=0.15)


def test_adversarial_accuracy_counts_nearest_neighbours_by_brute_force() -> None:
    x, y = bits(23, 0), bits(23, 1)

    def share(same: Tensor, other: Tensor) -> float:
        total = 0.0
        for i, row in enumerate(same):
            near = min(float((row - s).abs().sum()) for j, s in enumerate(same) if j != i)
            far = min(float((row - o).abs().sum()) for o in other)
            total += 1.0 if near < far else 0.5 if near == far else 0.0
        return total / len(same)

    found = adversarial_accuracy(x, y)
    assert found.generated == pytest.approx(share(y, x))
    assert found.data == pytest.approx(share(x, y))
    expected = (found.generated - 0.5) ** 2 + (found.data - 0.5) ** 2
    assert found.error == pytest.approx(expected)


def test_adversarial_accuracy_is_half_for_one_law_one_for_two_and_zero_for_copies() -> None:
    rbm = machine(23)
    x, y = exact_samples(rbm, 500, make_generator(0)), exact_samples(rbm, 500, make_generator(1))
    same = adversarial_accuracy(x, y)
    assert abs(same.generated - 0.5) < 0.1
    assert abs(same.data - 0.5) < 0.1
    apart = adversarial_accuracy(torch.zeros(9, 5), torch.ones(9, 5))
    assert (apart.generated, apart.data, apart.error) == (1.0, 1.0, 0.5)
    distinct = torch.eye(9)
    copied = adversarial_accuracy(distinct, distinct)
    assert (copied.generated, copied.data) == (0.0, 0.0)


def test_generation_curve_falls_to_its_floor_for_a_machine_that_made_the_data() -> None:
    rbm = machine()
    data = exact_samples(rbm, 20_000, make_generator(0))
    curve = generation_curve(rbm, data, [0, 1, 10, 300], 2000, make_generator(1))
    errors = curve.second_moment_error
    assert float(errors[0]) > 8 * curve.second_moment_floor
    assert float(errors[-1]) < 3 * curve.second_moment_floor
    assert float(curve.third_moment_error[0]) > 2 * float(curve.third_moment_error[-1])
    assert float(curve.adversarial_error[-1]) < float(curve.adversarial_error[0])
    assert curve.times.tolist() == [0, 1, 10, 300]


def test_generation_curve_at_time_zero_speaks_of_the_start_itself() -> None:
    data, start = bits(50, 0), bits(20, 9)
    curve = generation_curve(machine(), data, [0], 20, make_generator(1), start=start)
    assert float(curve.second_moment_error[0]) == second_moment_error(data, start)
    triples = draw_triples(7, 10_000, make_generator(0))
    assert float(curve.third_moment_error[0]) == third_moment_error(data, start, triples)


def test_generation_curve_is_seeded() -> None:
    data = bits(50, 0)
    first, again, other = (
        generation_curve(machine(), data, [0, 3], 20, make_generator(s)).second_moment_error
        for s in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_generation_refuses_what_it_cannot_use() -> None:
    rbm, data, stream = machine(), bits(20, 0), make_generator(0)
    for times in ([], [3, 1], [-1, 2], [1, 1]):
        with pytest.raises(ConfigError, match="rising"):
            generation_curve(rbm, data, times, 10, stream)
    for n_chains in (1, 21):
        with pytest.raises(ConfigError, match="from 2 to the 20"):
            generation_curve(rbm, data, [1], n_chains, stream)
    with pytest.raises(ShapeError, match="start has shape"):
        generation_curve(rbm, data, [1], 10, stream, start=data)
    pair = RBM(*(torch.stack([p, p]) for p in rbm.parameters()))
    with pytest.raises(ShapeError, match="replica axes"):
        generation_curve(pair, data, [1], 10, stream)
    with pytest.raises(ConfigError, match="at least 3 units"):
        draw_triples(2, 5, stream)
    with pytest.raises(ShapeError, match="same number"):
        adversarial_accuracy(data, data[:7])
    with pytest.raises(ShapeError, match="must be"):
        second_moment_error(data, data[:, :3])
    with pytest.raises(ShapeError, match="2 visible units"):
        second_moment_error(data[:, :1], data[:, :1])
    assert not math.isnan(second_moment_floor(data, 5))
