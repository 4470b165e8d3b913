"""What the docstrings show is what the engine gives."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import rbm_core

MODULES = sorted(
    each.name
    for each in pkgutil.walk_packages(rbm_core.__path__, "rbm_core.")
    if each.name != "rbm_core.__main__"
)
# What people meet first; each shows how it is used.
MOST_USED = (
    "RBM.free_energy",
    "expected_correction",
    "gibbs_step",
    "load_checkpoint",
    "load_dataset",
    "log_likelihood",
    "make_generator",
    "preset",
    "relaxation_time",
    "truth_table",
    "visible_distribution",
)


@pytest.mark.parametrize("name", MODULES)
def test_every_example_gives_the_result_printed_below_it(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("path", MOST_USED)
def test_the_most_used_show_an_example(path: str) -> None:
    found: object = rbm_core
    for part in path.split("."):
        found = getattr(found, part)
    assert doctest.DocTestParser().get_examples(found.__doc__ or "")
