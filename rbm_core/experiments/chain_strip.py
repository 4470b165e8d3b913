"""Chains looked at after chosen numbers of steps: from noise, from data, or from probe squares."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.datasets.binarise import binarise
from rbm_core.errors import ConfigError, require_choice, require_rising
from rbm_core.generators import Generator, permutation, uniform
from rbm_core.machine.gibbs import gibbs_step, noise
from rbm_core.machine.rbm import RBM

__all__ = [
    "STARTS",
    "StripFrame",
    "chain_strip",
    "probe_squares",
    "start_states",
    "strip_frames",
    "strip_steps",
]

STARTS = ("noise", "data", "probe")
SHOWN = ("probabilities", "samples")

# The notebook's probes in 28×28 pixels: margin around the square, share of its pixels that are on.
PROBES = ((2 / 28, 0.1), (5 / 28, 0.3))


@dataclass(frozen=True, eq=False, kw_only=True)
class StripFrame:
    """Chains at one moment.

    Attributes:
        step: Gibbs steps made so far.
        samples: Visible states, shape (n_chains, n_visible).
        probabilities: What they were drawn from, same shape; at step 0 the states themselves.
    """

    step: int
    samples: Tensor
    probabilities: Tensor


def strip_steps(k: int) -> tuple[int, ...]:
    """Return the moments worth seeing: 0, 1, k, 2k, 10k, 100, 1000 and 10000, rising.

    Args:
        k: Gibbs steps that the machine was trained with.
    """
    return tuple(sorted({0, 1, k, 2 * k, 10 * k, 100, 1000, 10_000}))


def probe_squares(image_shape: tuple[int, int], generator: Generator, n_chains: int = 8) -> Tensor:
    """Draw the notebook's probes: squares of sparse noise, far from any image.

    On 28×28 pixels the first half of the chains starts from a 24×24 square with 10 % of its pixels
    on, the rest from 18×18 with 30 %. Other sizes keep the margins' share, rounded up: 6×6 and 4×4
    on 8×8 pixels.

    Args:
        image_shape: Height and width.
        generator: Advanced in place.
        n_chains: How many; an odd one goes to the first kind.

    Returns:
        States of 0.0 and 1.0, shape (n_chains, n_visible).

    Raises:
        ConfigError: If the image is too small to hold the smaller square.
    """
    height, width = image_shape
    counts = (math.ceil(n_chains / 2), n_chains // 2)
    parts = []
    for (margin, density), count in zip(PROBES, counts, strict=True):
        top, left = math.ceil(margin * height - 1e-9), math.ceil(margin * width - 1e-9)
        size = (height - 2 * top, width - 2 * left)
        if min(size) < 1:
            raise ConfigError(
                f"an image of {height}×{width} has no room for a probe square; "
                "start from noise or data"
            )
        square = torch.zeros(count, height, width)
        drawn = uniform((count, *size), generator, square) < density
        square[:, top : top + size[0], left : left + size[1]] = drawn.to(square.dtype)
        parts.append(square.flatten(1))
    return torch.cat(parts)


def start_states(
    start: str,
    rbm: RBM,
    n_chains: int,
    generator: Generator,
    *,
    rows: Tensor | None = None,
    image_shape: tuple[int, int] | None = None,
    binarisation: str = "threshold",
) -> Tensor:
    """Make the states that chains begin at.

    Args:
        start: "noise" for fair coins, "data" for different rows of the data drawn at random,
            "probe" for the notebook's probe squares.
        rbm: The machine, without replica axes.
        n_chains: How many chains; with "data" at most the number of rows.
        generator: Advanced in place.
        rows: The data, shape (n_samples, n_visible); needed for "data".
        image_shape: Height and width; needed for "probe".
        binarisation: How the data's grey levels become bits, as in `binarise`.

    Returns:
        Visible states, shape (n_chains, n_visible).

    Raises:
        ConfigError: If the start is unknown, or what it needs did not come.
    """
    if start == "noise":
        return noise(rbm, n_chains, generator)
    if start == "data":
        if rows is None or not n_chains <= len(rows):
            raise ConfigError(
                f"{n_chains} chains from data need as many rows, and "
                f"{'none' if rows is None else len(rows)} came; give rows, or start from noise"
            )
        chosen = permutation(len(rows), generator)[:n_chains].to(rows.device)
        return binarise(rows[chosen].to(rbm.weights), binarisation, generator)
    if start == "probe":
        if image_shape is None or image_shape[0] * image_shape[1] != rbm.n_visible:
            raise ConfigError(
                f"probe squares need images, and {rbm.n_visible} visible units are no picture of "
                f"shape {image_shape}; start from noise or data"
            )
        return probe_squares(image_shape, generator, n_chains).to(rbm.weights)
    raise ConfigError(f"start is {start!r}; allowed are {', '.join(STARTS)}")


def strip_frames(
    rbm: RBM,
    v: Tensor,
    steps: Sequence[int],
    generator: Generator,
    *,
    clamp: Tensor | None = None,
) -> Iterator[StripFrame]:
    """Run chains and give a frame at each chosen step, as soon as it is reached.

    Args:
        rbm: The machine.
        v: Where the chains begin, shape (n_chains, n_visible).
        steps: Numbers of Gibbs steps, at least 0 and rising.
        generator: Advanced in place as the iterator is drawn from.
        clamp: Boolean mask of visible units that keep their value, shape (n_visible,).

    Yields:
        One frame for each of the steps.

    Raises:
        ConfigError: If the steps do not rise from 0 or above.
    """
    require_rising("steps", steps)
    probabilities, done = v, 0
    for step in steps:
        for _ in range(step - done):
            v, info = gibbs_step(rbm, v, generator, clamp=clamp)
            probabilities = info.mean_v
        done = step
        yield StripFrame(step=step, samples=v, probabilities=probabilities)


def chain_strip(
    rbm: RBM,
    v: Tensor,
    steps: Sequence[int],
    generator: Generator,
    *,
    show: str = "probabilities",
    clamp: Tensor | None = None,
) -> Tensor:
    """Run chains to the last of the steps and keep what they showed at each.

    Args:
        rbm: The machine.
        v: Where the chains begin, shape (n_chains, n_visible).
        steps: Numbers of Gibbs steps, at least 0 and rising.
        generator: Advanced in place.
        show: "probabilities" that the states were drawn from, as the notebook shows them, or
            "samples", the states. At step 0 both are the start.
        clamp: Boolean mask of visible units that keep their value, shape (n_visible,).

    Returns:
        Values in [0, 1], shape (n_steps, n_chains, n_visible).

    Raises:
        ConfigError: If the steps do not rise, or `show` is neither.
    """
    require_choice("show", show, SHOWN)
    frames = strip_frames(rbm, v, steps, generator, clamp=clamp)
    return torch.stack([getattr(frame, show) for frame in frames])
