"""Numbers as text: programs read them back, people see no minus zero and no "nan"."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rbm_core import count_text, number_text, percent_text, plain_text, steps_text

VALUES = [*np.random.default_rng(0).normal(scale=30, size=200).tolist(), 0.0, 1e-9, 1e12]


@pytest.mark.parametrize("digits", [0, 1, 2, 4])
def test_plain_text_is_read_back_to_its_last_decimal(digits: int) -> None:
    for value in VALUES:
        for signed in (value, -value):
            read = float(plain_text(signed, digits))
            assert abs(read - signed) <= 0.5 * 10**-digits + abs(signed) * 1e-15
    assert float(plain_text(math.inf, digits)) == math.inf
    assert float(plain_text(-math.inf, digits)) == -math.inf
    assert math.isnan(float(plain_text(math.nan, digits)))


@pytest.mark.parametrize("write", [plain_text, number_text])
def test_what_rounds_to_zero_has_no_sign(write: object) -> None:
    assert callable(write)
    for value in (-0.0, -1e-12, -0.004):
        assert write(value, 2) == write(0.0, 2) == "0.00"


def test_number_text_says_what_plain_text_says_with_a_true_minus() -> None:
    for value in VALUES:
        for signed in (value, -value):
            said = number_text(signed)
            assert said.replace("−", "-") == plain_text(signed, 3)
            assert "-" not in said


def test_what_is_unknown_is_a_dash_and_what_has_no_end_is_infinity() -> None:
    for write in (number_text, percent_text, count_text, steps_text):
        assert write(math.nan) == "–"
    assert (number_text(math.inf), number_text(-math.inf)) == ("∞", "−∞")
    assert steps_text(math.inf) == "∞"


def test_shares_counts_and_steps_are_set_as_print_sets_them() -> None:
    assert (percent_text(0.9876), percent_text(1), percent_text(-0.00001)) == (
        "98.8 %",
        "100.0 %",
        "0.0 %",
    )
    assert (count_text(1234567), count_text(999)) == ("1\u202f234\u202f567", "999")
    assert [steps_text(tau) for tau in (3.14159, 31.4159, 314.159)] == ["3.14", "31.4", "314"]
