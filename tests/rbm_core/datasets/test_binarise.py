"""Laws of turning grey levels into bits."""

from __future__ import annotations

import pytest
import torch

from rbm_core import ConfigError, make_generator
from rbm_core.datasets.binarise import SLICE_ROWS, binarise, binary_rows
from rbm_core.generators import uniform

# More rows than one slice, and an odd number of values in each.
LEVELS = uniform((SLICE_ROWS + 7, 11), make_generator(0), torch.empty(0))


@pytest.mark.parametrize("method", ["threshold", "bernoulli"])
def test_binary_rows_are_the_bits_of_binarise_as_bytes(method: str) -> None:
    stream, same = make_generator(1), make_generator(1)
    bits = binary_rows(LEVELS, method, stream)
    assert bits.dtype == torch.uint8
    assert torch.equal(bits.float(), binarise(LEVELS, method, same))
    probe = torch.empty(0)
    assert torch.equal(uniform((5,), stream, probe), uniform((5,), same, probe))


def test_bits_follow_the_levels() -> None:
    bits = binary_rows(LEVELS[:, :1].expand(-1, 97), "bernoulli", make_generator(2))
    error = (bits.float().mean(1) - LEVELS[:, 0]).abs()
    assert float(error.max()) < 5 * 0.5 / 97**0.5


def test_methods_that_give_no_bits_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"'grey'.*gives no bits"):
        binary_rows(LEVELS, "grey")
    with pytest.raises(ConfigError, match="'bernoulli' with a generator"):
        binary_rows(LEVELS, "bernoulli")
    with pytest.raises(ConfigError, match="allowed are threshold, bernoulli, grey"):
        binarise(LEVELS, "round", make_generator(0))
