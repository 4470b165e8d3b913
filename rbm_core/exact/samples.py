"""Draws from p(v) without a chain, for machines with one small layer."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.exact.enumeration import visible_distribution
from rbm_core.generators import Generator, uniform
from rbm_core.machine.rbm import RBM

__all__ = ["exact_samples"]


def exact_samples(rbm: RBM, n_chains: int, generator: Generator) -> Tensor:
    """Draw independent visible states from p(v), without a chain.

    The smaller layer is drawn from its exact distribution, the other one given it.

    Args:
        rbm: The machine; its smaller layer has at most 20 units.
        n_chains: Draws per replica.
        generator: Advanced in place.

    Returns:
        Visible states, shape (..., n_chains, n_visible).

    Raises:
        SizeError: If both layers have more than 20 units.
    """
    swap = rbm.n_hidden < rbm.n_visible
    small = rbm.layers_swapped() if swap else rbm
    ladder = visible_distribution(small).cumsum(-1)
    shape = (*rbm.replica_shape, n_chains)
    height = uniform(shape, generator, rbm.weights).to(ladder) * ladder[..., -1:]
    # Rounding can put the height on the last rung, one above the last state.
    number = torch.searchsorted(ladder, height, right=True).clamp_max_(ladder.shape[-1] - 1)
    shifts = torch.arange(small.n_visible - 1, -1, -1, device=number.device)
    states = ((number.unsqueeze(-1) >> shifts) & 1).to(rbm.weights)
    return rbm.sample_v_given_h(states, generator) if swap else states
