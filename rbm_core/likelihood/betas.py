"""Inverse temperatures that annealing visits, by name."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, require_choice

__all__ = ["BETA_SCHEDULES", "beta_schedule"]


def _salakhutdinov_murray(spacing: float) -> Tensor:
    """β in steps of 1, 0.1 and 0.01 spacings on [0, 0.5], [0.5, 0.9] and [0.9, 1]."""
    counts = (round(0.5 / spacing), round(4.0 / spacing), round(10.0 / spacing))
    ends = (0.0, 0.5, 0.9, 1.0)
    pieces = [
        torch.linspace(a, b, n + 1, dtype=torch.float64)[:-1]
        for (a, b), n in zip(pairwise(ends), counts, strict=True)
    ]
    return torch.cat([*pieces, torch.ones(1, dtype=torch.float64)])


def _linear(n_steps: int) -> Tensor:
    return torch.linspace(0.0, 1.0, n_steps + 1, dtype=torch.float64)


# The published schedule has 14 500 steps (Salakhutdinov & Murray 2008, with 100 runs); the others
# are for a first look, and for small machines.
BETA_SCHEDULES: dict[str, Callable[[], Tensor]] = {
    "salakhutdinov-murray": lambda: _salakhutdinov_murray(1e-3),
    "salakhutdinov-murray-tenth": lambda: _salakhutdinov_murray(1e-2),
    "linear-10000": lambda: _linear(10_000),
    "linear-1000": lambda: _linear(1000),
    "linear-100": lambda: _linear(100),
}


def beta_schedule(betas: str | Tensor) -> Tensor:
    """Return inverse temperatures by name, or check given ones.

    Args:
        betas: One of `BETA_SCHEDULES`, or values rising from 0 to 1, shape (n_betas,).

    Returns:
        Values rising from 0 to 1, shape (n_betas,), float64.

    Raises:
        ConfigError: If the name is unknown or the values do not rise from 0 to 1.

    Source: Salakhutdinov & Murray (2008), On the Quantitative Analysis of Deep Belief Networks,
        section 4.2, for "salakhutdinov-murray": 0:1e-3:0.5, 0.5:1e-4:0.9, 0.9:1e-5:1.
    """
    if isinstance(betas, str):
        require_choice("betas", betas, BETA_SCHEDULES)
        return BETA_SCHEDULES[betas]()
    values = betas.detach().to("cpu", torch.float64)
    rising = values.ndim == 1 and len(values) > 1 and bool((values.diff() > 0).all())
    if not rising or float(values[0]) != 0.0 or float(values[-1]) != 1.0:
        raise ConfigError(
            f"betas of shape {tuple(values.shape)} must rise strictly from 0 to 1, "
            f"or be one of {', '.join(BETA_SCHEDULES)}"
        )
    return values
