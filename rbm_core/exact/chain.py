"""The visible Gibbs chain of a small machine: transition matrix, eigenvalues, memory and paths."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.exact.enumeration import free_energies, in_double_precision, require_size
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS, MAX_LAYER_UNITS, enumerate_states, state_blocks

__all__ = ["expected_path", "relaxation_time", "transition_eigenvalues", "transition_matrix"]


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
    rbm = in_double_precision(rbm)
    matrix: Tensor | None = None
    for log_h, log_v in _log_conditionals(rbm, clamp):
        part = log_h.exp() @ log_v.exp().transpose(-1, -2)
        matrix = part if matrix is None else matrix + part
    assert matrix is not None  # noqa: S101  (a layer has at least one state)
    return matrix if clamp is None else matrix * _agree_on(rbm.n_visible, clamp).to(matrix)


def transition_eigenvalues(rbm: RBM, free: Tensor | None = None) -> Tensor:
    """Eigenvalues of the visible Gibbs chain, largest first; the first is 1.

    The chain is reversible, so they are the squared singular values of
    B[v, h] = √(p(h|v) p(v|h)): real, in [0, 1], and free of overflow.

    Args:
        rbm: The machine: at most 12 visible and 20 hidden units.
        free: What `free_energies` says of it, where that is known.

    Returns:
        Eigenvalues, shape (..., 2**n_visible), float64, descending.

    Raises:
        SizeError: If the machine is too large.
    """
    _require_chain(rbm)
    rbm = in_double_precision(rbm)
    gram: Tensor | None = None
    for b in _balanced_joint(rbm, free_energies(rbm) if free is None else free):
        # The other product has the same eigenvalues but for zeros; so few hidden states are one b.
        few = rbm.n_hidden < rbm.n_visible
        part = b.transpose(-1, -2) @ b if few else b @ b.transpose(-1, -2)
        gram = part if gram is None else gram + part
    assert gram is not None  # noqa: S101  (a layer has at least one state)
    descending = torch.linalg.eigvalsh(gram).flip(-1).clamp(0.0, 1.0)
    return F.pad(descending, (0, 2**rbm.n_visible - descending.shape[-1]))


def relaxation_time(rbm: RBM, free: Tensor | None = None) -> Tensor:
    """Relaxation time of the visible Gibbs chain, τ = -1 / ln λ₂.

    Args:
        rbm: The machine: at most 12 visible and 20 hidden units.
        free: What `free_energies` says of it, where that is known.

    Returns:
        Gibbs steps, shape of the replica axes; 0 when one step forgets everything, infinity when
        double precision cannot tell λ₂ from 1.

    Raises:
        SizeError: If the machine is too large.

    Source: Levin, Peres & Wilmer, Markov Chains and Mixing Times, section 12.2 (their
    1 / (1 - λ₂) is the large-τ limit of this).

    Example:
        >>> from rbm_core import RBM, make_generator, relaxation_time
        >>> weak = RBM.initialise(3, 2, 0.1, generator=make_generator(0))
        >>> strong = weak.scaled(40)
        >>> float(relaxation_time(weak)) < 1 < float(relaxation_time(strong))
        True
    """
    rate = torch.log(transition_eigenvalues(rbm, free)[..., 1]).abs()
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


def _log_conditionals(rbm: RBM, clamp: Tensor | None = None) -> Iterator[tuple[Tensor, Tensor]]:
    """Blocks of log p(h|v) and log p(v_free|h), each (..., 2**n_visible, n_block)."""
    _require_chain(rbm)
    v = enumerate_states(rbm.n_visible).to(rbm.weights.device)
    free = torch.ones(rbm.n_visible, dtype=torch.float64) if clamp is None else (~clamp).double()
    free = free.to(rbm.weights.device)
    hidden_field = rbm.hidden_field(v)  # (..., n_states, n_hidden)
    log_norm_h = F.softplus(hidden_field).sum(-1, keepdim=True)
    for block in state_blocks(rbm.n_hidden):
        h = block.to(v)
        visible_field = rbm.visible_field(h)  # (..., n_block, n_visible)
        log_norm_v = (F.softplus(visible_field) * free).sum(-1, keepdim=True)
        log_h = hidden_field @ h.T - log_norm_h
        log_v = (visible_field * free) @ v.T - log_norm_v
        yield log_h, log_v.transpose(-1, -2)


def _balanced_joint(rbm: RBM, free: Tensor) -> Iterator[Tensor]:
    """Blocks of √(p(h|v) p(v|h)) = p(v, h) / √(p(v) p(h)), each (..., 2**n_visible, n_block)."""
    v = enumerate_states(rbm.n_visible).to(rbm.weights.device)
    of_v = v @ rbm.visible_bias.unsqueeze(-1)
    field = v @ rbm.weights + rbm.hidden_bias.unsqueeze(-2)
    for block in state_blocks(rbm.n_hidden):
        score = field @ block.to(v).T + of_v
        of_h = torch.logsumexp(score, -2, keepdim=True)
        yield torch.exp(score + 0.5 * (free.unsqueeze(-1) - of_h))


def _require_chain(rbm: RBM) -> None:
    require_size(rbm.n_visible, MAX_CHAIN_UNITS, "visible units", "sample with gibbs_chain")
    require_size(rbm.n_hidden, MAX_LAYER_UNITS, "hidden units", "sample with gibbs_chain")


def _agree_on(n_visible: int, clamp: Tensor) -> Tensor:
    """1.0 where two states agree on every held unit, shape (n_states, n_states)."""
    held = enumerate_states(n_visible)[:, clamp.cpu()]
    return (held[:, None] == held[None]).all(-1).to(dtype=torch.float64)
