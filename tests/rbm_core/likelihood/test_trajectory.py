"""A film as a ladder: which frames are rungs, and log Z of those that are not."""

from __future__ import annotations

import pytest
import torch

from rbm_core import (
    RBM,
    ConfigError,
    LadderSchedule,
    PilotConfig,
    ShapeError,
    base_machine,
    film_estimate,
    ladder_estimate,
    log_partition,
    make_generator,
    pilot_records,
    state_index,
    trajectory_ladder,
    visible_distribution,
)
from rbm_core.likelihood.frames import FramesBetween
from tests.films import load_film
from tests.rbm_core.ladders import film_of

SHORT = LadderSchedule(n_rounds=1000, measure_every=5)


def bars() -> RBM:
    return load_film("bars-and-stripes").rbm.to(dtype=torch.float64)


@pytest.mark.parametrize("target", [0.3, 0.55])
def test_chosen_rungs_trade_as_often_as_the_pilot_said_and_was_asked(target: float) -> None:
    film = bars()
    ladder = trajectory_ladder(
        film, make_generator(0), config=PilotConfig(target=target, n_columns=100)
    )
    assert float(ladder.swap_rate.min()) >= target
    positions = ladder.positions.tolist()
    assert positions == sorted(positions)
    assert (positions[0], positions[-1]) == (-1, 5)
    for place, rung in zip(positions[1:], range(1, len(positions)), strict=True):
        if place == int(place):
            for chosen, frame in zip(
                ladder.rungs.replica(rung).parameters(),
                film.replica(int(place)).parameters(),
                strict=True,
            ):
                assert torch.equal(chosen, frame)
    *_, end = ladder_estimate(ladder.rungs, make_generator(1), schedule=SHORT)
    assert float((end.swap_rate - ladder.swap_rate).abs().max()) < 0.06


def test_a_rung_reaches_as_far_as_the_rate_allows() -> None:
    # Gates go from coins to the trained machine in one link, of rate one half.
    ladder = trajectory_ladder(film_of("and"), make_generator(0))
    assert ladder.positions.tolist() == [-1, 6]
    assert float(ladder.swap_rate[0]) == pytest.approx(0.5, abs=0.05)
    longer = trajectory_ladder(film_of("and"), make_generator(0), config=PilotConfig(target=0.6))
    assert len(longer.positions) > 2


def test_midpoints_mend_a_link_that_is_too_weak() -> None:
    film = RBM(*(p[-1:] for p in bars().parameters()))  # the trained machine alone
    ladder = trajectory_ladder(film, make_generator(0))
    assert float(ladder.swap_rate.min()) >= 0.3
    between = ladder.positions[1:-1]
    assert len(between) > 0
    assert bool(((between > -1) & (between < 0)).all())
    for place, rung in zip(between.tolist(), range(1, len(between) + 1), strict=True):
        expected = film.weights[0] * (place + 1)  # coins have no weights
        torch.testing.assert_close(ladder.rungs.weights[rung], expected)
    schedule = LadderSchedule(n_rounds=2000, measure_every=10)
    *_, end = ladder_estimate(ladder.rungs, make_generator(1), schedule=schedule)
    exact = float(log_partition(film)[0])
    assert float(end.log_partition[-1]) == pytest.approx(exact, abs=0.05)


@pytest.mark.parametrize("name", ["and", "xor", "bars-and-stripes"])
def test_log_partition_of_frames_stepped_over_is_the_exact_one(name: str) -> None:
    film = load_film(name).rbm.to(dtype=torch.float64)
    ladder = trajectory_ladder(film, make_generator(0))
    assert len(ladder.positions) < len(film.weights)
    *_, end = film_estimate(ladder, make_generator(1), schedule=SHORT)
    assert end.film_log_partition is not None
    assert end.film_std_error is not None
    off = (end.film_log_partition - log_partition(film)).abs()
    assert float(off.max()) < 0.05
    assert bool((off < 4 * end.film_std_error).all())
    for place, at_rung, error in zip(
        ladder.positions[1:].tolist(), end.log_partition[1:], end.std_error[1:], strict=True
    ):
        assert float(end.film_log_partition[int(place)]) == pytest.approx(float(at_rung), abs=0.01)
        told = float(end.film_std_error[int(place)])
        assert told == pytest.approx(float(error), rel=0.25, abs=1e-3)


@pytest.mark.slow
def test_errors_of_frames_are_honest_over_seeds() -> None:
    film = load_film("and").rbm.to(dtype=torch.float64)
    ladder, exact = trajectory_ladder(film, make_generator(0)), log_partition(film)
    z = []
    for seed in range(24):
        *_, end = film_estimate(ladder, make_generator(seed, "film"), schedule=SHORT)
        assert end.film_log_partition is not None
        assert end.film_std_error is not None
        z.append((end.film_log_partition - exact) / end.film_std_error)
    assert 0.75 < float(torch.stack(z).square().mean().sqrt()) < 1.25


def test_a_pilot_reports_and_ends_with_its_ladder() -> None:
    config = PilotConfig(n_rounds=100)
    records = list(pilot_records(film_of("xor"), make_generator(0), config=config))
    assert [r.n_rounds for r in records[:20]] == list(range(5, 101, 5))
    assert all(r.ladder is None for r in records[:-1])
    assert records[-1].ladder is not None
    again = trajectory_ladder(film_of("xor"), make_generator(0), config=config)
    assert torch.equal(records[-1].ladder.positions, again.positions)
    assert torch.equal(records[-1].ladder.swap_rate, again.swap_rate)


def test_a_trajectory_refuses_what_it_cannot_use() -> None:
    film, stream = film_of("xor"), make_generator(0)
    with pytest.raises(ShapeError, match="must have one, the ages"):
        trajectory_ladder(film.replica(0), stream)
    for target in (0.0, 1.0):
        with pytest.raises(ConfigError, match="above 0 and below 1"):
            PilotConfig(target=target)
    with pytest.raises(ConfigError, match="n_rounds is 19"):
        PilotConfig(n_rounds=19)
    with pytest.raises(ConfigError, match="first rung has weights"):
        trajectory_ladder(film, stream, base=film.replica(0))
    base, config = base_machine(film.replica(0)), PilotConfig(n_rounds=20)
    ladder = trajectory_ladder(film, stream, base=base, config=config)
    with pytest.raises(ShapeError, match="do not belong together"):
        FramesBetween(film, ladder.rungs, ladder.positions[1:])


def test_every_frame_can_be_a_rung_and_the_pilot_hands_its_columns_on() -> None:
    film = film_of("xor")
    ladder = trajectory_ladder(
        film, make_generator(0), config=PilotConfig(every_frame=True, n_columns=50)
    )
    assert ladder.positions.tolist() == list(range(-1, 7))
    assert ladder.state.v.shape == (8, 50, 3)
    schedule = LadderSchedule(n_rounds=200, measure_every=5, keep_states=True)
    *_, end = film_estimate(ladder, make_generator(1), schedule=schedule, start=ladder.state)
    assert end.n_warm_up == 0
    assert end.samples is not None
    assert end.samples.shape == (8, 40 * 50, 3)
    laws = visible_distribution(ladder.rungs)
    for law, v in zip(laws, end.samples, strict=True):
        seen = torch.bincount(state_index(v), minlength=8) / len(v)
        assert float((seen - law).abs().max()) < 0.06
