"""What is refused is refused in one way: what came, and what is allowed."""

from __future__ import annotations

import pytest

from rbm_core import ConfigError, ShapeError
from rbm_core.errors import require_choice, require_one_machine, require_rising, require_whole


@pytest.mark.parametrize("value", [1, 7, 2**40])
def test_whole_numbers_in_range_pass(value: int) -> None:
    require_whole("n", value)
    require_whole("n", value, most=value)
    require_whole("n", 0, least=0)


@pytest.mark.parametrize("value", [0, -1, 1.0, True, "3", None])
def test_what_is_no_whole_number_or_too_small_is_named(value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        require_whole("epochs", value)
    assert str(caught.value) == f"epochs is {value!r}; it must be a whole number of at least 1"


def test_what_is_too_large_is_told_the_range() -> None:
    with pytest.raises(ConfigError, match="n is 8; it must be a whole number from 2 to 7"):
        require_whole("n", 8, least=2, most=7)


def test_names_steps_and_ensembles_are_refused_with_what_is_allowed() -> None:
    require_choice("way", "up", ("up", "down"))
    with pytest.raises(ConfigError, match="way is 'left'; allowed are up, down"):
        require_choice("way", "left", ("up", "down"))
    require_rising("steps", (0, 1, 10))
    for steps in ((), (1, 1), (2, 1), (-1, 2)):
        with pytest.raises(ConfigError, match=r"steps are .*rising from 0"):
            require_rising("steps", steps)
    require_one_machine(())
    with pytest.raises(ShapeError, match=r"replica axes \(3,\); take one with replica\(i\)"):
        require_one_machine((3,))
