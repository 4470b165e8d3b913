"""What each hidden unit pushes on one visible unit."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.errors import ConfigError
from rbm_core.machine.rbm import RBM

__all__ = ["attribution"]


def attribution(rbm: RBM, v: Tensor, unit: int) -> Tensor:
    r"""Split the mean field of a visible unit by where it comes from.

    Hidden unit j pushes W[i, j] · p(h_j = 1 given v), the bias pushes b_i; together they are the
    expectation over h of the field that decides unit i at the next half-step.

    Args:
        rbm: The machine.
        v: Visible states, shape (..., n_chains, n_visible).
        unit: Index i of the visible unit that is pushed.

    Returns:
        Pushes in nats, shape (..., n_chains, n_hidden + 1); the last is the bias. Above zero
        speaks for 1, below for 0.

    Raises:
        ConfigError: If the unit does not exist.
        ShapeError: If the last axis of v is not n_visible.
    """
    if not 0 <= unit < rbm.n_visible:
        raise ConfigError(f"unit is {unit}; the machine has visible units 0 to {rbm.n_visible - 1}")
    pushes = rbm.weights[..., unit, :].unsqueeze(-2) * rbm.mean_h_given_v(v)
    bias = rbm.visible_bias[..., unit, None, None].expand(*pushes.shape[:-1], 1)
    return torch.cat([pushes, bias], -1)
