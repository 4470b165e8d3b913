"""Binary states and their numbers.

States are numbered as binary words with the first unit as the most significant bit: state 6 of
three units is 110. Limits are on units, so memory stays bounded: sums over a layer run in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import torch
from torch import Tensor

__all__ = ["MAX_CHAIN_UNITS", "MAX_LAYER_UNITS", "enumerate_states", "state_blocks", "state_index"]

# Two to the power of these is what gets enumerated: a million layer states, 4096 chain states.
MAX_LAYER_UNITS = 20
MAX_CHAIN_UNITS = 12
BLOCK = 4096


def enumerate_states(
    n_units: int, start: int = 0, stop: int | None = None, *, dtype: torch.dtype = torch.float64
) -> Tensor:
    """List the states of n units in counting order.

    Args:
        n_units: Number of units.
        start: First state's number.
        stop: One above the last state's number; None means 2**n_units.
        dtype: Type of the result.

    Returns:
        States in {0, 1}, shape (stop - start, n_units), first unit most significant.
    """
    stop = 2**n_units if stop is None else stop
    bits = _all_bits(n_units)[start:stop] if n_units <= MAX_CHAIN_UNITS else None
    return (_bits(n_units, start, stop) if bits is None else bits).to(dtype, copy=True)


def state_index(v: Tensor) -> Tensor:
    """Number of each binary state, the inverse of `enumerate_states`.

    Args:
        v: States in {0, 1}, shape (..., n_units).

    Returns:
        Numbers, shape (...), int64.
    """
    n_units = v.shape[-1]
    powers = 2 ** torch.arange(n_units - 1, -1, -1, device=v.device)
    return (v.to(torch.int64) * powers).sum(-1)


def _bits(n_units: int, start: int, stop: int) -> Tensor:
    shifts = torch.arange(n_units - 1, -1, -1)
    return (torch.arange(start, stop)[:, None] >> shifts) & 1


@cache
def _all_bits(n_units: int) -> Tensor:
    """Kept, because a film asks for the same few states hundreds of times."""
    return _bits(n_units, 0, 2**n_units)


def state_blocks(n_units: int) -> Iterator[Tensor]:
    """List the states of n units in counting order, 4096 at a time."""
    n_states = 2**n_units
    for start in range(0, n_states, BLOCK):
        yield enumerate_states(n_units, start, min(start + BLOCK, n_states))
