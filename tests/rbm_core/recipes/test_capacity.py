"""The smallest layers: a whole table, what its tool measures, found by any name of a gate."""

from __future__ import annotations

import pytest

from rbm_core import GATES, capacity, has_learned
from tools.measure_capacity import N_SEEDS, measure_layer, measure_table


@pytest.mark.parametrize("gate", GATES)
def test_each_gate_has_a_layer_that_always_learns_and_none_smaller_does(gate: str) -> None:
    known = capacity(gate)
    assert known is not None
    assert [layer.n_hidden for layer in known.layers] == list(range(1, len(known.layers) + 1))
    learned = [layer.n_learned for layer in known.layers]
    assert learned[-1] == known.n_seeds == N_SEEDS
    assert all(n < N_SEEDS for n in learned[:-1])
    assert known.possible.n_hidden <= known.enough.n_hidden


def test_the_table_is_what_its_tool_measures() -> None:
    assert capacity("not") == measure_table("not")
    known = capacity("xor")
    assert known is not None
    assert known.layer(1) == measure_layer("xor", 1)


def test_a_table_written_out_is_known_by_its_gate() -> None:
    assert capacity("table:0,1,1,0") == capacity("xor")
    assert capacity("table:00,01,01,10") == capacity("half-adder")
    assert capacity("table:0,0,1,0") is None
    assert capacity("digits") is None


def test_a_table_counts_as_learned_only_when_its_rows_are_about_even() -> None:
    assert has_learned(0.99, -1.4, -1.386)
    assert not has_learned(0.94, -1.4, -1.386)
    assert not has_learned(0.99, -1.7, -1.386)
