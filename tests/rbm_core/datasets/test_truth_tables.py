"""Laws of truth tables: rows are inputs in counting order, then what they give."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import pytest
import torch

from rbm_core import GATES, DataError, Dataset, dataset_names, load_dataset, truth_table

TRUTH: dict[str, Callable[..., tuple[int, ...]]] = {
    "and": lambda a, b: (a and b,),
    "or": lambda a, b: (a or b,),
    "xor": lambda a, b: (a ^ b,),
    "nand": lambda a, b: (1 - (a and b),),
    "nor": lambda a, b: (1 - (a or b),),
    "xnor": lambda a, b: (1 - (a ^ b),),
    "implies": lambda a, b: ((1 - a) or b,),
    "not": lambda a: (1 - a,),
    "half-adder": lambda a, b: ((a + b) // 2, (a + b) % 2),
    "majority": lambda a, b, c: (int(a + b + c >= 2),),
    "parity": lambda a, b, c: ((a + b + c) % 2,),
}


def test_every_gate_is_its_boolean_function() -> None:
    assert set(TRUTH) == set(GATES)
    for name, function in TRUTH.items():
        dataset = load_dataset(name)
        assert dataset.name == name
        assert dataset.n_inputs is not None
        rows = [[*bits, *function(*bits)] for bits in product((0, 1), repeat=dataset.n_inputs)]
        assert dataset.train.tolist() == rows, name


@pytest.mark.parametrize("n_inputs", [1, 2, 3, 4])
@pytest.mark.parametrize("n_outputs", [1, 2])
def test_any_table_up_to_four_inputs_and_two_outputs_reads_back(
    n_inputs: int, n_outputs: int
) -> None:
    words = [format((7 * i + 3) % 2**n_outputs, f"0{n_outputs}b") for i in range(2**n_inputs)]
    dataset = truth_table(words)
    again = load_dataset(dataset.name)
    assert torch.equal(dataset.train, again.train)
    assert dataset.n_inputs == again.n_inputs == n_inputs
    assert dataset.n_visible == n_inputs + n_outputs
    assert dataset.is_truth_table
    assert dataset.enumerable
    assert ["".join(str(int(bit)) for bit in row[n_inputs:]) for row in dataset.train] == words
    assert dataset.log_likelihood_bound == pytest.approx(-n_inputs * math.log(2))


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("table:0,1,1", "came with 3 rows; it needs 2, 4, 8 or 16"),
        ("table:0", "came with 1 rows"),
        ("table:", "came with 1 rows"),
        ("table:" + ",".join("0" * 32), "came with 32 rows"),
        ("table:0,1,1,2", "may hold only 0 and 1"),
        ("table:0,1,01,1", "must all have 1 or all have 2 output bits"),
        ("table:000,111,000,111", "must all have 1 or all have 2 output bits"),
        ("table:0,1,,1", "must all have 1 or all have 2 output bits"),
        ("xandor", "data set 'xandor' is unknown; known are and, or"),
    ],
)
def test_a_malformed_table_is_refused_with_what_is_allowed(name: str, complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        load_dataset(name)
    assert complaint in str(caught.value)


def test_gates_come_first_among_the_names_and_load_without_files() -> None:
    names = dataset_names()
    assert names[: len(GATES)] == tuple(GATES)


def test_rows_must_be_a_matrix_of_values_between_zero_and_one() -> None:
    with pytest.raises(DataError, match=r"must be \(n_samples, n_visible\)"):
        Dataset(name="flat", train=torch.zeros(5))
    with pytest.raises(DataError, match=r"must be \(n_samples, n_visible\)"):
        Dataset(name="empty", train=torch.zeros(0, 5))
    for wrong in (1.5, -0.1, float("nan")):
        with pytest.raises(DataError, match=r"outside \[0, 1\]"):
            Dataset(name="wide", train=torch.full((3, 5), wrong))


def test_the_bound_is_the_entropy_of_the_rows_counted_with_repetition() -> None:
    rows = torch.eye(3)[[0, 0, 1, 2]]
    dataset = Dataset(name="uneven", train=rows, enumerable=True)
    assert dataset.log_likelihood_bound == pytest.approx(-1.5 * math.log(2))
    assert Dataset(name="part", train=rows).log_likelihood_bound is None


def test_a_split_that_does_not_exist_is_refused_with_those_that_do() -> None:
    both = Dataset(name="both", train=torch.zeros(5, 3), test=torch.ones(7, 3))
    assert both.split("train") is both.train
    assert both.split("test") is both.test
    assert len(both.held_out) == 7
    assert len(load_dataset("and").held_out) == 4
    with pytest.raises(DataError, match=r"no split 'test'; it has train$"):
        load_dataset("and").split("test")
    with pytest.raises(DataError, match=r"it has train and test$"):
        both.split("valid")
