"""Laws of the verdict on a rise and decline of what chains generate."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from rbm_core import ConfigError, generation_curve, load_dataset, make_generator
from rbm_core.equilibrium.generation import GenerationCurve
from rbm_core.equilibrium.memory import training_time_memory
from tests.films import load_film

TIMES = (1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 100, 300, 1000, 3000)


def curve(errors: object, times: tuple[int, ...] = TIMES) -> GenerationCurve:
    nothing = torch.full((len(times),), math.nan, dtype=torch.float64)
    return GenerationCurve(
        times=torch.tensor(times),
        second_moment_error=torch.as_tensor(errors, dtype=torch.float64),
        third_moment_error=nothing,
        adversarial_generated=nothing,
        adversarial_data=nothing,
        adversarial_error=nothing,
        second_moment_floor=1.0,
    )


def test_ratio_is_the_late_mean_over_the_least_mean_of_three_early_neighbours() -> None:
    errors = [9.0, 7, 5, 4, 2, 1, 3, 4, 5, 6, 7, 8, 20, 30]
    found = training_time_memory(curve(errors))
    assert found.ratio == pytest.approx(25.0 / 2.0)
    assert found.time == 10
    assert found.verdict == "memory"
    shorter = training_time_memory(curve(errors), before=10, since=300)
    assert shorter.ratio == pytest.approx((8 + 20 + 30) / 3 / (11 / 3))


@pytest.mark.parametrize(
    ("late", "verdict"), [(1.0, "none seen"), (1.29, "none seen"), (1.31, "weak"), (3.1, "memory")]
)
def test_verdict_follows_its_thresholds(late: float, verdict: str) -> None:
    assert training_time_memory(curve([1.0] * 12 + [late] * 2)).verdict == verdict


def test_a_flat_curve_with_noise_is_never_memory_and_its_lowest_point_is_anywhere() -> None:
    stream, lowest = np.random.default_rng(0), set()
    for _ in range(200):
        errors = stream.normal(1, 0.05, len(TIMES))
        found = training_time_memory(curve(errors))
        assert found.ratio < 1.3
        assert found.verdict == "none seen"
        lowest.add(int(errors.argmin()))
    assert len(lowest) == len(TIMES)


def test_times_on_both_sides_are_needed() -> None:
    for times in ((1, 2, 1000), (1, 2, 3, 500)):
        with pytest.raises(ConfigError, match="3 below 500 and 1 from 1000"):
            training_time_memory(curve([1.0] * len(times), times))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits-rdm-10", "digits-cd-10", "digits-pcd-10"])
def test_only_an_old_machine_of_chains_from_noise_remembers_its_training_time(name: str) -> None:
    film, rows = load_film(name), load_dataset("digits").train_bits
    times = (*range(1, 9), 10, 12, 14, 17, 20, 24, 30, 40, 50, 60, 80, 99, 300, 350, 400, 450, 500)
    for age in (2223, 8585, 28_000):
        rbm = film.at(age).to(dtype=torch.float32)
        for seed in range(3):
            found = generation_curve(rbm, rows, times, 500, make_generator(seed), n_triples=50)
            verdict = training_time_memory(found, before=100, since=300).verdict
            assert (verdict == "memory") == (name == "digits-rdm-10" and age == 28_000)
            if age == 2223:
                assert verdict == "none seen"
