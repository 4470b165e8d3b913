"""Sums over all states: log Z, p(v), the likelihood, in double precision."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.errors import SizeError
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_LAYER_UNITS, state_blocks

__all__ = [
    "free_energies",
    "in_double_precision",
    "kl_divergence",
    "log_likelihood",
    "log_partition",
    "require_size",
    "visible_distribution",
    "with_replicas",
]


def log_partition(rbm: RBM) -> Tensor:
    """log Z, summed over the smaller layer with the other one summed out exactly.

    Args:
        rbm: The machine; its smaller layer has at most 20 units.

    Returns:
        log Z in nats, shape of the replica axes.

    Raises:
        SizeError: If both layers have more than 20 units.
    """
    rbm = in_double_precision(rbm)
    if rbm.n_hidden < rbm.n_visible:
        rbm = rbm.layers_swapped()
    require_size(rbm.n_visible, MAX_LAYER_UNITS, "units in the smaller layer", "use AIS instead")
    terms = [
        torch.logsumexp(-rbm.free_energy(with_replicas(v, rbm)), -1)
        for v in state_blocks(rbm.n_visible)
    ]
    return torch.logsumexp(torch.stack(terms, -1), -1)


def visible_distribution(rbm: RBM) -> Tensor:
    """p(v) of every visible state.

    Args:
        rbm: The machine, at most 20 visible units.

    Returns:
        Probabilities in counting order, shape (..., 2**n_visible), float64.

    Raises:
        SizeError: If there are more than 20 visible units.

    Example:
        >>> import torch
        >>> from rbm_core import RBM, visible_distribution
        >>> bias = torch.tensor([0.0, 1.0]).double()
        >>> rbm = RBM(weights=torch.zeros(2, 1).double(), visible_bias=bias, hidden_bias=bias[:1])
        >>> visible_distribution(rbm)  # of 00, 01, 10 and 11
        tensor([0.1345, 0.3655, 0.1345, 0.3655], dtype=torch.float64)
    """
    return torch.softmax(-free_energies(rbm), -1)


def free_energies(rbm: RBM) -> Tensor:
    """Free energy of every visible state.

    Args:
        rbm: The machine, at most 20 visible units.

    Returns:
        Nats, in counting order, shape (..., 2**n_visible), float64.

    Raises:
        SizeError: If there are more than 20 visible units.
    """
    rbm = in_double_precision(rbm)
    require_size(rbm.n_visible, MAX_LAYER_UNITS, "visible units", "sample with gibbs_chain")
    parts = [rbm.free_energy(with_replicas(v, rbm)) for v in state_blocks(rbm.n_visible)]
    return parts[0] if len(parts) == 1 else torch.cat(parts, -1)


def log_likelihood(rbm: RBM, v: Tensor, weights: Tensor | None = None) -> Tensor:
    """Mean log p(v) of data, exact.

    Args:
        rbm: The machine; its smaller layer has at most 20 units.
        v: Data, shape (n_samples, n_visible).
        weights: Weight of each sample, shape (n_samples,), summing to 1; None means equal ones.

    Returns:
        Nats per sample, shape of the replica axes.

    Raises:
        SizeError: If both layers have more than 20 units.

    Example:
        >>> import torch
        >>> from rbm_core import RBM, load_dataset, log_likelihood
        >>> rbm = RBM(torch.zeros(3, 2), torch.zeros(3), torch.zeros(2))  # every state alike
        >>> round(float(log_likelihood(rbm, load_dataset("xor").train)), 4)  # -ln 8
        -2.0794
    """
    rbm = in_double_precision(rbm)
    free = rbm.free_energy(with_replicas(v.to(rbm.weights), rbm))
    mean = free.mean(-1) if weights is None else (free * weights.to(free)).sum(-1)
    return -mean - log_partition(rbm)


def kl_divergence(rbm: RBM, v: Tensor, weights: Tensor | None = None) -> Tensor:
    """KL(data‖model) in nats: Σ q log(q / p) over the data's distribution q.

    Args:
        rbm: The machine; its smaller layer has at most 20 units.
        v: Data, shape (n_samples, n_visible); equal rows are counted together.
        weights: Weight of each sample, shape (n_samples,), summing to 1; None means equal ones.

    Returns:
        Nats, shape of the replica axes; 0 when model and data agree.
    """
    share = v.new_full((v.shape[0],), 1 / v.shape[0]) if weights is None else weights
    rows, member = torch.unique(v, dim=0, return_inverse=True)
    q = torch.zeros(rows.shape[0], dtype=torch.float64).index_add(
        0, member.cpu(), share.double().cpu()
    )
    negative_entropy = torch.special.xlogy(q, q).sum()
    result: Tensor = negative_entropy.to(rbm.weights.device) - log_likelihood(rbm, rows, q)
    return result


def in_double_precision(rbm: RBM) -> RBM:
    """Double precision; devices without it (MPS) hand over to the CPU."""
    if rbm.weights.device.type == "mps":
        rbm = rbm.to(device="cpu")
    return rbm.to(dtype=torch.float64)


def require_size(n_units: int, limit: int, what: str, instead: str) -> None:
    """Refuse a layer that is too large to enumerate.

    Raises:
        SizeError: If there are more units than the limit; it says what to do instead.
    """
    if n_units > limit:
        raise SizeError(
            f"{n_units} {what} are too many to enumerate; at most {limit} are, so {instead}"
        )


def with_replicas(states: Tensor, rbm: RBM) -> Tensor:
    """Put states on the machine's device, one view per replica."""
    states = states.to(rbm.weights.device)
    return states.expand(*rbm.replica_shape, *states.shape[-2:])
