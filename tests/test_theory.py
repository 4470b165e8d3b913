"""What docs/theory.md prints is what the program gives."""

from __future__ import annotations

import doctest
from pathlib import Path

import torch

THEORY = Path(__file__).parent.parent / "docs" / "theory.md"


def test_every_example_of_the_theory_gives_the_result_printed_beside_it() -> None:
    precision = torch._tensor_str.PRINT_OPTS.precision
    try:
        result = doctest.testfile(str(THEORY), module_relative=False, encoding="utf-8")
    finally:
        torch.set_printoptions(precision=precision, sci_mode=None)
    assert result.attempted > 20
    assert result.failed == 0
