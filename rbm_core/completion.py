"""Completing a picture: hold the pixels that are known and let the machine draw the others."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError
from rbm_core.generators import Generator, uniform
from rbm_core.gibbs import gibbs_step
from rbm_core.rbm import RBM

__all__ = ["HALVES", "Completion", "complete", "half_mask"]

HALVES = ("left", "right", "top", "bottom")


@dataclass(frozen=True, eq=False, kw_only=True)
class Completion:
    """What a machine made of a picture with a hole.

    Attributes:
        samples: Visible states after the last step, shape (n_chains, n_visible).
        probabilities: Probability of each unit, averaged over the second half of the steps, same
            shape: an estimate of E[v given the held units]. Held units show their value.
    """

    samples: Tensor
    probabilities: Tensor


def half_mask(image_shape: tuple[int, int], half: str) -> Tensor:
    """Make the mask that holds one half of a picture.

    Args:
        image_shape: Height and width; an odd middle line belongs to the right or the bottom.
        half: The half that is held: "left", "right", "top" or "bottom".

    Returns:
        Boolean mask, shape (n_visible,), true where a pixel is held.

    Raises:
        ConfigError: If the half is unknown.
    """
    if half not in HALVES:
        raise ConfigError(f"half is {half!r}; allowed are {', '.join(HALVES)}")
    height, width = image_shape
    mask = torch.zeros(image_shape, dtype=torch.bool)
    if half in ("left", "right"):
        mask[:, : width // 2] = True
    else:
        mask[: height // 2] = True
    return (mask if half in ("left", "top") else ~mask).flatten()


def complete(
    rbm: RBM, v: Tensor, mask: Tensor, n_gibbs_steps: int, generator: Generator
) -> Completion:
    """Let a machine draw the pixels that are not held.

    Those pixels start as fair coins, so nothing of what they were leaks into the answer; then the
    clamped chain runs, whose stationary law is p(free pixels given the held ones).

    Args:
        rbm: The machine.
        v: Pictures in {0, 1}, shape (n_chains, n_visible); free pixels are not looked at.
        mask: Boolean mask of the held pixels, shape (n_visible,).
        n_gibbs_steps: Steps to take, at least 1.
        generator: Advanced in place.

    Raises:
        ConfigError: If there are no steps.
        ShapeError: If the mask does not fit the pictures.

    **Bias**: the average still remembers the coins where the chain is slower than half the steps.
    """
    if n_gibbs_steps < 1:
        raise ConfigError(f"n_gibbs_steps is {n_gibbs_steps}; it must be at least 1")
    if mask.dtype != torch.bool or tuple(mask.shape) != (rbm.n_visible,):
        raise ShapeError(
            f"mask is {mask.dtype} of shape {tuple(mask.shape)}; "
            f"it must be bool of shape ({rbm.n_visible},)"
        )
    mask = mask.to(v.device)
    v = torch.where(mask, v, (uniform(v.shape, generator, v) < 0.5).to(v.dtype))
    n_warming = n_gibbs_steps // 2
    total = torch.zeros_like(v)
    for step in range(n_gibbs_steps):
        v, info = gibbs_step(rbm, v, generator, clamp=mask)
        if step >= n_warming:
            total += info.mean_v
    return Completion(samples=v, probabilities=total / (n_gibbs_steps - n_warming))
