"""Laws of the load generator: its visitors do to a live server what a browser does."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator

import pytest

from benchmarks.classroom import CLASS_SIZE, main, report
from benchmarks.lesson import Lesson, Waits, teach
from benchmarks.table import percentile
from benchmarks.visitor import Visitor, visit
from tools.dashboard import serve

LESSON = Lesson(subject="gates", preset="and-from-scratch", n_sessions=2, seconds=1)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the dashboard while these tests run."""
    with serve() as url:
        yield url


def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed() -> None:
    values = [float(value) for value in range(20, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.95, 1.0)] == [10.0, 19.0, 20.0]
    assert math.isnan(percentile([], 0.5))


def test_a_whole_class_is_held_to_its_limits_and_a_smaller_one_is_not() -> None:
    waits = Waits(clicks=[0.01] * 19 + [0.39], verdicts=[6.1], refresh_rates=[1.99])
    claims = report(whole_class("gates"), waits, 1.0).claims
    assert len(claims) == 5
    assert all(claim.holds for claim in claims)
    waits.problems.append("ValueError: what")
    waits.clicks += [0.6, 0.6]
    missed = [
        claim.text for claim in report(whole_class("gates"), waits, 1.0).claims if not claim.holds
    ]
    assert missed == ["nothing goes wrong", "a click, p95: at most 0.4 s"]
    assert "1 × ValueError: what" in report(whole_class("images"), waits, 1.0).markdown()
    assert not report(LESSON, waits, 1.0).claims


def whole_class(subject: str) -> Lesson:
    return Lesson(subject=subject, preset="any", n_sessions=CLASS_SIZE, seconds=1)


def test_a_class_without_an_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["gates", "--sessions", "2", "--seconds", "100000"])
    assert stopped.value.code == 2
    assert "at most 200 sessions for 600 s" in capsys.readouterr().err


@pytest.mark.slow
def test_a_visitor_clicks_watches_and_looks_at_another_page(address: str) -> None:
    async def errand(here: Visitor) -> None:
        await here.open("train_a_gate", "preset=and-from-scratch")
        assert not here.can_click("pause")
        await here.click("train")
        assert here.can_click("pause")
        redrawn = here.redraws.n
        await here.until(lambda: here.redraws.n >= redrawn + 2)
        await here.click("pause")
        assert here.can_click("step")
        await here.go_to("")
        assert here.can_click("flip_output")
        await here.go_to("train_a_gate")
        assert here.can_click("train")

    assert asyncio.run(visit(address, errand)).problems == []


@pytest.mark.slow
def test_what_never_comes_is_a_problem_and_no_endless_wait(address: str) -> None:
    async def errand(here: Visitor) -> None:
        await here.open("train_a_gate")
        await here.until(lambda: here.can_click("no such button"), patience=0.1)

    assert asyncio.run(visit(address, errand)).problems == ["no answer in time"]


@pytest.mark.slow
def test_a_class_of_two_trains_to_its_verdicts_and_stops_by_itself(address: str) -> None:
    began = time.monotonic()
    waits = teach(LESSON, address)
    assert waits.problems == []
    assert len(waits.verdicts) == len(waits.opening) == len(waits.refresh_rates) == 2
    # The animation itself takes six seconds.
    assert all(6.0 <= seconds < 10.0 for seconds in waits.verdicts)
    assert time.monotonic() - began < 40
