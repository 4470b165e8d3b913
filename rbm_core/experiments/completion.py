"""Completing a picture: hold the pixels that are known and let the machine draw the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ShapeError, require_choice, require_whole
from rbm_core.experiments.chain_strip import StripFrame
from rbm_core.generators import Generator
from rbm_core.machine.gibbs import gibbs_step
from rbm_core.machine.rbm import RBM

__all__ = ["HALVES", "Completion", "complete", "half_mask"]

HALVES = ("left", "right", "top", "bottom")


@dataclass(frozen=True, eq=False, kw_only=True)
class Completion:
    """What a machine made of a picture with a hole.

    Attributes:
        samples: Visible states of one chain after the last step, shape (n_pictures, n_visible).
        probabilities: Probability of each unit, averaged over the chains and the second half of
            the steps, same shape: an estimate of E[v given the held units]. Held units show their
            value.
        frames: All chains at the steps that were asked for, the pictures of a chain together, shape
            of states (n_chains * n_pictures, n_visible).
    """

    samples: Tensor
    probabilities: Tensor
    frames: tuple[StripFrame, ...] = ()


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
    require_choice("half", half, HALVES)
    height, width = image_shape
    mask = torch.zeros(image_shape, dtype=torch.bool)
    if half in ("left", "right"):
        mask[:, : width // 2] = True
    else:
        mask[: height // 2] = True
    return (mask if half in ("left", "top") else ~mask).flatten()


def complete(
    rbm: RBM,
    v: Tensor,
    mask: Tensor,
    n_gibbs_steps: int,
    generator: Generator,
    *,
    n_chains: int = 8,
    steps: Collection[int] = (),
) -> Completion:
    """Let a machine draw the pixels that are not held.

    Those pixels start at 0, so nothing of what they were leaks into the answer; then the clamped
    chain runs, whose stationary law is p(free pixels given the held ones).

    Args:
        rbm: The machine.
        v: Pictures in {0, 1}, shape (n_pictures, n_visible); free pixels are not looked at.
        mask: Boolean mask of the held pixels, shape (n_visible,).
        n_gibbs_steps: Steps to take, at least 1.
        generator: Advanced in place.
        n_chains: Independent chains for each picture, at least 1. One chain settles on one reading
            of the held half; the average over several comes closer to the expectation (MNIST, 100
            steps: a squared error of 0.65 of the mean image's with eight, 0.83 with one).
        steps: Numbers of steps after which the chains are kept to be looked at; 0 is their start.

    Raises:
        ConfigError: If there are no steps or no chains.
        ShapeError: If the mask does not fit the pictures.

    **Bias**: the average still remembers the start where the chain is slower than half the steps.
    """
    require_whole("n_gibbs_steps", n_gibbs_steps)
    require_whole("n_chains", n_chains)
    if mask.dtype != torch.bool or tuple(mask.shape) != (rbm.n_visible,):
        raise ShapeError(
            f"mask is {mask.dtype} of shape {tuple(mask.shape)}; "
            f"it must be bool of shape ({rbm.n_visible},)"
        )
    mask = mask.to(v.device)
    states = torch.where(mask, v, 0.0).repeat(n_chains, 1)  # (n_chains * n_pictures, n_visible)
    n_warming = n_gibbs_steps // 2
    total = torch.zeros_like(states)
    frames = [StripFrame(step=0, samples=states, probabilities=states)] * (0 in steps)
    for step in range(1, n_gibbs_steps + 1):
        states, info = gibbs_step(rbm, states, generator, clamp=mask)
        if step > n_warming:
            total += info.mean_v
        if step in steps:
            frames.append(StripFrame(step=step, samples=states, probabilities=info.mean_v))
    mean = (total / (n_gibbs_steps - n_warming)).reshape(n_chains, *v.shape).mean(0)
    return Completion(
        samples=states[: len(v)],
        probabilities=torch.where(mask, v, mean),
        frames=tuple(frames),
    )
