"""The gradient that training follows on average, held against the exact one in angle and length."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.equilibrium.gradients import gradient_angle, gradient_vector, require_contrastive
from rbm_core.errors import DataError
from rbm_core.exact.chain import transition_matrix
from rbm_core.exact.enumeration import in_double_precision
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import enumerate_states, state_index

__all__ = ["GradientLens", "expected_gradient", "gradient_lens"]


@dataclass(frozen=True, eq=False, kw_only=True)
class GradientLens:
    """One gradient as seen from another; both tensors have the shape of the replica axes.

    Attributes:
        angle: Degrees from 0 to 180; beyond 90 a step lowers the likelihood.
        length: Length of the first divided by that of the second.
    """

    angle: Tensor
    length: Tensor


def expected_gradient(
    rbm: RBM,
    data: Tensor,
    *,
    scheme: str = "cd",
    k: int = 1,
    chains: Tensor | None = None,
) -> Parameters:
    """The mean of `contrastive_gradient` over all that is random in it, exact.

    ⟨v h⟩ over the data minus ⟨v h⟩ under q T^k, with q where chains start and T the Gibbs chain.

    Args:
        rbm: The machine, or a film of them: at most 12 visible and 20 hidden units.
        data: Rows of bits, shape (n_samples, n_visible).
        scheme: "cd" starts at the data, "rdm" at fair coins, "pcd" at `chains`.
        k: Gibbs steps, at least 1.
        chains: Visible states of persistent chains, shape (..., n_chains, n_visible).

    Returns:
        The gradient, float64, shaped as the parameters.

    Raises:
        ConfigError: If a setting is out of range, or chains are missing or not wanted.
        ShapeError: If data or chains do not fit the machine.
        DataError: If a value is neither 0 nor 1.
        SizeError: If the machine is too large.

    Bias: None as a mean of what training does; as a gradient, that of its scheme.

    Source: Hinton (2002); Sutskever & Tieleman (2010), On the convergence properties of contrastive
        divergence, for its being no gradient of any function.
    """
    require_contrastive(rbm, data, scheme, k, chains)
    if rbm.replica_shape:
        # One transition matrix at a time: a film's together would fill the memory.
        each = [
            expected_gradient(
                rbm.replica(i),
                data,
                scheme=scheme,
                k=k,
                chains=None if chains is None else chains[i],
            )
            for i in range(rbm.replica_shape[0])
        ]
        weights, visible, hidden = zip(
            *((g.weights, g.visible_bias, g.hidden_bias) for g in each), strict=True
        )
        return Parameters(torch.stack(weights), torch.stack(visible), torch.stack(hidden))
    machine = in_double_precision(rbm)
    matrix = transition_matrix(machine)
    target = _law(data, rbm.n_visible)
    start = target
    if scheme == "rdm":
        start = torch.full_like(target, 1 / len(target))
    elif chains is not None:
        start = _law(chains, rbm.n_visible)
    end = start.to(machine.weights)
    for _ in range(k):
        end = end @ matrix
    excess = target.to(end) - end
    states = enumerate_states(rbm.n_visible).to(end)
    mean_h = machine.mean_h_given_v(states)
    return Parameters((states * excess[:, None]).T @ mean_h, excess @ states, excess @ mean_h)


def gradient_lens(estimate: Parameters, exact: Parameters) -> GradientLens:
    """Angle and relative length of a gradient, all parameters taken as one vector.

    Along a film it shows where a scheme goes wrong: CD's gradient of a machine that has learned
    its data is short but points right, Rdm's turns away as soon as τ exceeds k.

    Args:
        estimate: For example of `expected_gradient`, or of `contrastive_gradient`.
        exact: Of `log_likelihood_gradient`; where that is out of reach, `contrastive_gradient` with
            scheme "pcd" and equilibrium states of a ladder as chains comes near it.

    Returns:
        Both; NaN where a gradient is zero.
    """
    lengths = [gradient_vector(g).norm(dim=-1) for g in (estimate, exact)]
    return GradientLens(angle=gradient_angle(estimate, exact), length=lengths[0] / lengths[1])


def _law(rows: Tensor, n_visible: int) -> Tensor:
    """Share of each visible state among rows of bits, shape (2**n_visible,), float64."""
    if bool(((rows != 0) & (rows != 1)).any()):
        raise DataError("rows hold values between 0 and 1; make bits of them with binarise")
    count = torch.bincount(state_index(rows.cpu()), minlength=2**n_visible)
    return count.double() / len(rows)
