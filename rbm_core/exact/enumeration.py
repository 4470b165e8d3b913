"""Exact answers by enumeration, in double precision, for machines that are small enough.

Visible states are numbered as binary words with the first unit as the most significant bit:
state 6 of three units is 110. Limits are on units, so memory stays bounded: sums over a layer run
in blocks of 4096 states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.errors import SizeError
from rbm_core.machine.rbm import RBM

__all__ = [
    "MAX_CHAIN_UNITS",
    "MAX_LAYER_UNITS",
    "LikelihoodGradient",
    "enumerate_states",
    "expected_path",
    "kl_divergence",
    "log_likelihood",
    "log_likelihood_gradient",
    "log_partition",
    "relaxation_time",
    "state_index",
    "transition_eigenvalues",
    "transition_matrix",
    "visible_distribution",
]

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
    numbers = torch.arange(start, 2**n_units if stop is None else stop)
    shifts = torch.arange(n_units - 1, -1, -1)
    return ((numbers[:, None] >> shifts) & 1).to(dtype)


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


def log_partition(rbm: RBM) -> Tensor:
    """log Z, summed over the smaller layer with the other one summed out exactly.

    Args:
        rbm: The machine; its smaller layer has at most 20 units.

    Returns:
        log Z in nats, shape of the replica axes.

    Raises:
        SizeError: If both layers have more than 20 units.
    """
    rbm = _double(rbm)
    if rbm.n_hidden < rbm.n_visible:
        rbm = rbm.layers_swapped()
    _require_size(rbm.n_visible, MAX_LAYER_UNITS, "units in the smaller layer", "use AIS instead")
    terms = [
        torch.logsumexp(-rbm.free_energy(_with_replicas(v, rbm)), -1)
        for v in _blocks(rbm.n_visible)
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
    """
    rbm = _double(rbm)
    _require_size(rbm.n_visible, MAX_LAYER_UNITS, "visible units", "sample with gibbs_chain")
    terms = [-rbm.free_energy(_with_replicas(v, rbm)) for v in _blocks(rbm.n_visible)]
    return torch.softmax(torch.cat(terms, -1), -1)


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
    """
    rbm = _double(rbm)
    free = rbm.free_energy(_with_replicas(v.to(rbm.weights), rbm))
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


@dataclass(frozen=True, eq=False)
class LikelihoodGradient:
    """Gradient of the mean log-likelihood, shaped as the parameters.

    Attributes:
        weights: Shape (..., n_visible, n_hidden).
        visible_bias: Shape (..., n_visible).
        hidden_bias: Shape (..., n_hidden).
    """

    weights: Tensor
    visible_bias: Tensor
    hidden_bias: Tensor


def log_likelihood_gradient(rbm: RBM, v: Tensor) -> LikelihoodGradient:
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
    rbm = _double(rbm)
    v = _with_replicas(v.to(rbm.weights), rbm)
    share = torch.full(v.shape[:-1], 1 / v.shape[-2], dtype=torch.float64, device=v.device)
    data = _moments(rbm, v, share)
    swap = rbm.n_hidden < rbm.n_visible
    small = rbm.layers_swapped() if swap else rbm
    log_z = log_partition(rbm)
    sums = LikelihoodGradient(*(torch.zeros_like(p) for p in small.parameters()))
    for block in _blocks(small.n_visible):
        states = _with_replicas(block, small)
        probability = torch.exp(-small.free_energy(states) - log_z[..., None])
        part = _moments(small, states, probability)
        sums.weights.add_(part.weights)
        sums.visible_bias.add_(part.visible_bias)
        sums.hidden_bias.add_(part.hidden_bias)
    model = (
        LikelihoodGradient(sums.weights.transpose(-1, -2), sums.hidden_bias, sums.visible_bias)
        if swap
        else sums
    )
    return LikelihoodGradient(
        data.weights - model.weights,
        data.visible_bias - model.visible_bias,
        data.hidden_bias - model.hidden_bias,
    )


def transition_matrix(rbm: RBM, clamp: Tensor | None = None) -> Tensor:
    """Transition matrix of the visible Gibbs chain, T[v, v'] = Σ_h p(h|v) p(v'|h).

    With units clamped, T[v, v'] is zero unless v' agrees with v on them, and p(v'|h) runs over the
    free units alone.

    Args:
        rbm: The machine: at most 12 visible and 20 hidden units.
        clamp: Boolean mask of held visible units, shape (n_visible,), or None.

    Returns:
        Rows sum to 1, shape (..., 2**n_visible, 2**n_visible), float64.

    Raises:
        SizeError: If the machine is too large.
    """
    rbm = _double(rbm)
    matrix: Tensor | None = None
    for log_h, log_v in _log_conditionals(rbm, clamp):
        part = log_h.exp() @ log_v.exp().transpose(-1, -2)
        matrix = part if matrix is None else matrix + part
    assert matrix is not None  # noqa: S101  (a layer has at least one state)
    return matrix if clamp is None else matrix * _agree_on(rbm.n_visible, clamp).to(matrix)


def transition_eigenvalues(rbm: RBM) -> Tensor:
    """Eigenvalues of the visible Gibbs chain, largest first; the first is 1.

    The chain is reversible, so they are the squared singular values of
    B[v, h] = √(p(h|v) p(v|h)): real, in [0, 1], and free of overflow.

    Args:
        rbm: The machine: at most 12 visible and 20 hidden units.

    Returns:
        Eigenvalues, shape (..., 2**n_visible), float64, descending.

    Raises:
        SizeError: If the machine is too large.
    """
    gram: Tensor | None = None
    for log_h, log_v in _log_conditionals(_double(rbm)):
        b = torch.exp(0.5 * (log_h + log_v))
        part = b @ b.transpose(-1, -2)
        gram = part if gram is None else gram + part
    assert gram is not None  # noqa: S101  (a layer has at least one state)
    ascending: Tensor = torch.linalg.eigvalsh(gram)
    return ascending.flip(-1).clamp(0.0, 1.0)


def relaxation_time(rbm: RBM) -> Tensor:
    """Relaxation time of the visible Gibbs chain, τ = -1 / ln λ₂.

    Args:
        rbm: The machine: at most 12 visible and 20 hidden units.

    Returns:
        Gibbs steps, shape of the replica axes; 0 when one step forgets everything, infinity when
        double precision cannot tell λ₂ from 1.

    Raises:
        SizeError: If the machine is too large.

    Source: Levin, Peres & Wilmer, Markov Chains and Mixing Times, section 12.2 (their
    1 / (1 - λ₂) is the large-τ limit of this).
    """
    rate = torch.log(transition_eigenvalues(rbm)[..., 1]).abs()
    return torch.reciprocal(rate)


def expected_path(matrix: Tensor, start: Tensor, observable: Tensor, n_steps: int) -> Tensor:
    """Expected value of an observable after 0, 1, …, n_steps steps of a chain.

    Args:
        matrix: Transition matrix, shape (..., n_states, n_states).
        start: Distribution of the first state, shape (n_states,).
        observable: Value at each state, shape (n_states,).
        n_steps: Number of steps.

    Returns:
        Expectations, shape (..., n_steps + 1).
    """
    law = start.to(matrix).expand(*matrix.shape[:-2], 1, -1)
    path = [law]
    for _ in range(n_steps):
        law = law @ matrix
        path.append(law)
    return torch.cat(path, -2) @ observable.to(matrix)


def _double(rbm: RBM) -> RBM:
    """Double precision; devices without it (MPS) hand over to the CPU."""
    device = "cpu" if rbm.weights.device.type == "mps" else rbm.weights.device
    return rbm.to(device=device).to(dtype=torch.float64)


def _require_size(n_units: int, limit: int, what: str, instead: str) -> None:
    if n_units > limit:
        raise SizeError(
            f"{n_units} {what} are too many to enumerate; at most {limit} are, so {instead}"
        )


def _blocks(n_units: int) -> Iterator[Tensor]:
    n_states = 2**n_units
    for start in range(0, n_states, BLOCK):
        yield enumerate_states(n_units, start, min(start + BLOCK, n_states))


def _with_replicas(states: Tensor, rbm: RBM) -> Tensor:
    """Put states on the machine's device, one view per replica."""
    states = states.to(rbm.weights.device)
    return states.expand(*rbm.replica_shape, *states.shape[-2:])


def _moments(rbm: RBM, v: Tensor, share: Tensor) -> LikelihoodGradient:
    """Weighted sums of v h, v and h, with the hidden layer averaged given v."""
    mean_h = rbm.mean_h_given_v(v)
    weighted = v * share[..., None]
    return LikelihoodGradient(
        weighted.transpose(-1, -2) @ mean_h,
        weighted.sum(-2),
        (mean_h * share[..., None]).sum(-2),
    )


def _log_conditionals(rbm: RBM, clamp: Tensor | None = None) -> Iterator[tuple[Tensor, Tensor]]:
    """Blocks of log p(h|v) and log p(v_free|h), each (..., 2**n_visible, n_block)."""
    _require_size(rbm.n_visible, MAX_CHAIN_UNITS, "visible units", "sample with gibbs_chain")
    _require_size(rbm.n_hidden, MAX_LAYER_UNITS, "hidden units", "sample with gibbs_chain")
    v = enumerate_states(rbm.n_visible).to(rbm.weights.device)
    free = torch.ones(rbm.n_visible, dtype=torch.float64) if clamp is None else (~clamp).double()
    free = free.to(rbm.weights.device)
    hidden_field = rbm.hidden_field(v)  # (..., n_states, n_hidden)
    log_norm_h = F.softplus(hidden_field).sum(-1, keepdim=True)
    for block in _blocks(rbm.n_hidden):
        h = block.to(v)
        visible_field = rbm.visible_field(h)  # (..., n_block, n_visible)
        log_norm_v = (F.softplus(visible_field) * free).sum(-1, keepdim=True)
        log_h = hidden_field @ h.T - log_norm_h
        log_v = (visible_field * free) @ v.T - log_norm_v
        yield log_h, log_v.transpose(-1, -2)


def _agree_on(n_visible: int, clamp: Tensor) -> Tensor:
    """1.0 where two states agree on every held unit, shape (n_states, n_states)."""
    held = enumerate_states(n_visible)[:, clamp.cpu()]
    return (held[:, None] == held[None]).all(-1).to(dtype=torch.float64)
