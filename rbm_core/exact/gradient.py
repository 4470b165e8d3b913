"""The exact gradient of the log-likelihood."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.exact.enumeration import in_double_precision, log_partition, with_replicas
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import state_blocks

__all__ = ["log_likelihood_gradient"]


def log_likelihood_gradient(rbm: RBM, v: Tensor) -> Parameters:
    """Gradient of the mean log-likelihood: ⟨v h⟩ under the data minus ⟨v h⟩ under the model.

    Args:
        rbm: The machine; its smaller layer has at most 20 units.
        v: Data, shape (n_samples, n_visible).

    Returns:
        The exact gradient, float64.

    Raises:
        SizeError: If both layers have more than 20 units.

    Source: Hinton (2012), eq. 5.
    """
    rbm = in_double_precision(rbm)
    v = with_replicas(v.to(rbm.weights), rbm)
    share = torch.full(v.shape[:-1], 1 / v.shape[-2], dtype=torch.float64, device=v.device)
    data = _moments(rbm, v, share)
    swap = rbm.n_hidden < rbm.n_visible
    small = rbm.layers_swapped() if swap else rbm
    log_z = log_partition(rbm)
    sums = Parameters(*(torch.zeros_like(p) for p in small.parameters()))
    for block in state_blocks(small.n_visible):
        states = with_replicas(block, small)
        probability = torch.exp(-small.free_energy(states) - log_z[..., None])
        part = _moments(small, states, probability)
        sums.weights.add_(part.weights)
        sums.visible_bias.add_(part.visible_bias)
        sums.hidden_bias.add_(part.hidden_bias)
    model = (
        Parameters(sums.weights.transpose(-1, -2), sums.hidden_bias, sums.visible_bias)
        if swap
        else sums
    )
    return Parameters(
        data.weights - model.weights,
        data.visible_bias - model.visible_bias,
        data.hidden_bias - model.hidden_bias,
    )


def _moments(rbm: RBM, v: Tensor, share: Tensor) -> Parameters:
    """Weighted sums of v h, v and h, with the hidden layer averaged given v."""
    mean_h = rbm.mean_h_given_v(v)
    weighted = v * share[..., None]
    return Parameters(
        weighted.transpose(-1, -2) @ mean_h,
        weighted.sum(-2),
        (mean_h * share[..., None]).sum(-2),
    )
