"""The triple of numbers that a machine consists of, and whatever has its shape."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["Parameters"]


class Parameters(NamedTuple):
    """Parameters of a machine, or a gradient or velocity of them.

    Attributes:
        weights: Shape (..., n_visible, n_hidden).
        visible_bias: Shape (..., n_visible).
        hidden_bias: Shape (..., n_hidden).
    """

    weights: Tensor
    visible_bias: Tensor
    hidden_bias: Tensor

    def zeros(self) -> Parameters:
        """Zeros of these shapes, this type and on this device."""
        return Parameters(*(torch.zeros_like(part) for part in self))

    def clone(self) -> Parameters:
        """An independent copy."""
        return Parameters(*(part.detach().clone() for part in self))
