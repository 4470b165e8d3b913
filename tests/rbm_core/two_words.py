"""A machine of two modes that no Gibbs chain crosses, and the same law with units renamed."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core import RBM, make_generator
from tests.films import load_film

__all__ = ["MASS", "flipped", "noisy_words", "tilted"]

# Exact mass of the states with more than five of ten units on.
MASS = 0.6508


def tilted() -> RBM:
    """Ten units all off or all on, with mass 0.35 and 0.65; τ is nine million steps."""
    rbm = load_film("bimodal").at(30_000)
    return RBM(rbm.weights, rbm.visible_bias + 0.15, rbm.hidden_bias)


def noisy_words(n_samples: int, seed: int) -> Tensor:
    """Its data before the tilt: 0.7 of words off, 0.3 on, each bit wrong once in a hundred."""
    stream = make_generator(seed, "words")
    word, bits = stream.random((n_samples, 1)), stream.random((n_samples, 10))  # type: ignore[union-attr]
    return torch.as_tensor((word < 0.3) ^ (bits < 0.01)).double()


def flipped(rbm: RBM, units: Tensor) -> RBM:
    """The same law with some visible units renamed: on is called off.

    Args:
        rbm: The machine.
        units: Boolean mask, shape (n_visible,).
    """
    sign = torch.where(units, -1.0, 1.0).to(rbm.weights)
    turned = (rbm.weights * units.to(rbm.weights)[:, None]).sum(0)
    return RBM(rbm.weights * sign[:, None], rbm.visible_bias * sign, rbm.hidden_bias + turned)
