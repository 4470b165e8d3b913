"""The gradient that CD, PCD and Rdm follow, and how far it points from the exact one."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError, require_choice, require_whole
from rbm_core.generators import Generator, integers
from rbm_core.machine.gibbs import gibbs_step, noise
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM
from rbm_core.training.config import SCHEMES

__all__ = ["contrastive_gradient", "gradient_angle", "gradient_vector", "require_contrastive"]


def contrastive_gradient(
    rbm: RBM,
    data: Tensor,
    generator: Generator,
    *,
    scheme: str = "cd",
    k: int = 1,
    n_chains: int = 1000,
    chains: Tensor | None = None,
) -> tuple[Parameters, Tensor]:
    """Estimate the likelihood gradient with chains of k Gibbs steps, as training does.

    ⟨v h⟩ over all of the data minus ⟨v h⟩ over the ends of the chains, with p(h = 1 given v) in
    place of h in both, so only the chains are random.

    Args:
        rbm: The machine.
        data: Rows, shape (n_samples, n_visible).
        generator: Advanced in place.
        scheme: Where chains start: "cd" at rows drawn from the data, "rdm" at fair coins, "pcd" at
            `chains`.
        k: Gibbs steps, at least 1.
        n_chains: Chains, at least 1; with `chains` their own number counts.
        chains: Visible states of persistent chains, shape (..., n_chains, n_visible).

    Returns:
        The gradient, and the visible states where the chains ended (the next `chains`).

    Raises:
        ConfigError: If a setting is out of range, or chains are missing or not wanted.
        ShapeError: If data or chains do not fit the machine.

    Bias: Towards the start of the chains, until k exceeds a few relaxation times: CD misses mass
        far from the data, Rdm is drawn towards coin flips, PCD lags behind the parameters.

    Source: Hinton (2002), Training Products of Experts; Tieleman (2008) for PCD; Decelle,
        Furtlehner & Seoane (2021) for Rdm.
    """
    require_contrastive(rbm, data, scheme, k, chains)
    require_whole("n_chains", n_chains)
    rows = data.to(rbm.weights)
    if chains is not None:
        v = chains.to(rbm.weights)
    elif scheme == "rdm":
        v = noise(rbm, n_chains, generator)
    else:
        drawn = integers(len(rows), (*rbm.replica_shape, n_chains), generator)
        v = rows[drawn.to(rows.device)]
    for _ in range(k):
        v, _info = gibbs_step(rbm, v, generator)
    from_data = _moments(rbm, rows.expand(*rbm.replica_shape, *rows.shape))
    from_model = _moments(rbm, v)
    slopes = (a - b for a, b in zip(from_data, from_model, strict=True))
    return Parameters(*slopes), v


def gradient_angle(a: Parameters, b: Parameters) -> Tensor:
    """Angle between two gradients, all parameters taken as one vector.

    Args:
        a: One gradient, its tensors shaped as the parameters.
        b: Another, of the same shape.

    Returns:
        Degrees from 0 to 180, shape of the replica axes; NaN where a gradient is zero, which has no
        direction. It cannot tell whether the two have the same length.

    Source: Kahan's formula, exact for small angles where the arc cosine is not.
    """
    first, second = (g / g.norm(dim=-1, keepdim=True) for g in map(gradient_vector, (a, b)))
    half = torch.atan2((first - second).norm(dim=-1), (first + second).norm(dim=-1))
    return torch.rad2deg(2 * half)


def gradient_vector(gradient: Parameters) -> Tensor:
    """All parameters of a gradient in a row, shape (..., n_parameters), float64."""
    return torch.cat(
        [gradient.weights.flatten(-2), gradient.visible_bias, gradient.hidden_bias], -1
    ).double()


def _moments(rbm: RBM, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Means of v h, v and h, with the hidden layer averaged given v."""
    mean_h = rbm.mean_h_given_v(v)
    product = v.transpose(-1, -2) @ mean_h / v.shape[-2]
    return product, v.mean(-2), mean_h.mean(-2)


def require_contrastive(rbm: RBM, data: Tensor, scheme: str, k: int, chains: Tensor | None) -> None:
    """Refuse a scheme, chains or data that give no gradient.

    Args:
        rbm: The machine.
        data: Rows.
        scheme: Where chains start.
        k: Gibbs steps.
        chains: Persistent chains, for "pcd" alone.

    Raises:
        ConfigError: If a setting is out of range, or chains are missing or not wanted.
        ShapeError: If data or chains do not fit the machine.
    """
    require_choice("scheme", scheme, SCHEMES)
    if (scheme == "pcd") != (chains is not None):
        raise ConfigError(
            f"scheme is {scheme!r} and chains are {'missing' if chains is None else 'given'}; "
            "pcd, and pcd alone, goes on from the chains of the update before"
        )
    require_whole("k", k)
    if data.ndim != 2 or data.shape[1] != rbm.n_visible:
        raise ShapeError(
            f"data has shape {tuple(data.shape)}; it must be (n_samples, {rbm.n_visible})"
        )
    lead = (*rbm.replica_shape, -1, rbm.n_visible)
    if chains is not None and (
        chains.ndim != len(lead) or (*chains.shape[:-2], -1, chains.shape[-1]) != lead
    ):
        raise ShapeError(
            f"chains have shape {tuple(chains.shape)}; they must be "
            f"({', '.join(map(str, rbm.replica_shape))} n_chains, {rbm.n_visible})"
        )
