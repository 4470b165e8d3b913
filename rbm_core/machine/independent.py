"""The independent machine: no weights, each visible unit on with a probability of its own."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.errors import ShapeError
from rbm_core.machine.rbm import MEAN_FLOOR, RBM

__all__ = ["base_machine"]


def base_machine(rbm: RBM, data: Tensor | None = None) -> RBM:
    """Make the machine without weights that annealing begins at.

    Args:
        rbm: Gives the sizes, dtype and device.
        data: Rows whose mean the base shall have, shape (n_samples, n_visible); means are kept
            within [0.001, 0.999]. None gives fair coins. With data the weights spread far less.

    Returns:
        An RBM whose weights and hidden biases are zero.

    Raises:
        ShapeError: If the rows do not fit the machine.
    """
    bias = torch.zeros_like(rbm.visible_bias)
    if data is not None:
        if data.ndim != 2 or data.shape[-1] != rbm.n_visible:
            raise ShapeError(
                f"data has shape {tuple(data.shape)}; it must be (n_samples, {rbm.n_visible})"
            )
        mean = data.to(rbm.weights).mean(0).clamp(MEAN_FLOOR, 1 - MEAN_FLOOR)
        bias = torch.logit(mean).expand_as(bias).clone()
    return RBM(torch.zeros_like(rbm.weights), bias, torch.zeros_like(rbm.hidden_bias))
