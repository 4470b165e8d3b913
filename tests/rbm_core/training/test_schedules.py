"""Laws of settings that change during training."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbm_core import ConfigError, Schedule
from rbm_core.training.schedules import as_schedule

positive = st.floats(1e-6, 1e6)


@given(positive)
def test_a_constant_is_its_value_at_every_moment(value: float) -> None:
    schedule = Schedule.constant(value)
    assert [schedule.at(epoch) for epoch in (0, 0.5, 7, 1e9)] == [value] * 4


@given(
    st.sampled_from(["step", "linear", "geometric"]),
    st.lists(st.tuples(st.floats(0.001, 100), positive), min_size=1, max_size=4),
    positive,
)
def test_text_reads_back_as_the_same_schedule(
    shape: str, gaps: list[tuple[float, float]], first: float
) -> None:
    knots, epoch = [(0.0, first)], 0.0
    for gap, value in gaps:
        epoch = float(f"{epoch + gap:g}")  # the text keeps six digits of an epoch
        if epoch > knots[-1][0]:
            knots.append((epoch, value))
    schedule = Schedule(tuple(knots), shape if len(knots) > 1 else "step")
    assert Schedule.parse(str(schedule)) == schedule


@pytest.mark.parametrize(
    ("shape", "middle"),
    [("step", 0.1), ("linear", 0.0505), ("geometric", 0.01)],
)
def test_between_knots_the_shape_decides_and_after_the_last_nothing_moves(
    shape: str, middle: float
) -> None:
    schedule = Schedule(((0, 0.1), (10, 0.001)), shape)
    assert schedule.at(0) == 0.1
    assert schedule.at(5) == pytest.approx(middle)
    assert schedule.at(10) == schedule.at(99) == 0.001


def test_a_third_knot_takes_over_from_the_second() -> None:
    schedule = Schedule.parse("linear 0:0 2:1 4:5")
    assert [schedule.at(t) for t in (1, 2, 3, 4)] == [0.5, 1, 3, 5]


@pytest.mark.parametrize(
    "text", ["four", "", "linear", "linear 0:1:2", "cubic 0:1 2:3", "step 1:1", "step 0:1 0:2",
             "step 0:1 5:2 3:1", "nan", "inf", "geometric 0:0 5:1", "0.1 0.2"],
)  # fmt: skip
def test_malformed_text_is_refused_with_an_error_of_ours(text: str) -> None:
    with pytest.raises(ConfigError):
        Schedule.parse(text)


@pytest.mark.parametrize("value", [True, None, [1], {"a": 1}, math.nan])
def test_what_is_no_number_is_refused_by_name(value: object) -> None:
    with pytest.raises(ConfigError, match="momentum"):
        as_schedule(value, "momentum")  # type: ignore[arg-type]


def test_a_schedule_passes_through_and_numbers_and_text_agree() -> None:
    schedule = Schedule.parse("linear 0:0.5 5:0.9")
    assert as_schedule(schedule, "momentum") is schedule
    assert as_schedule(0.5, "lr") == as_schedule("0.5", "lr") == Schedule.constant(0.5)
