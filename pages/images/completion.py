"""Completing a picture: some pixels are held, the machine draws the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.shared_results import SharedResults
from rbm_core import (
    HALVES,
    RBM,
    ConfigError,
    StripFrame,
    complete,
    fingerprint,
    half_mask,
    make_generator,
)

__all__ = ["HOLDS", "Completed", "complete_picture", "held_by"]

HOLDS = (*HALVES, "rim", "nothing")
N_CHAINS = 9
N_STEPS = 200
# Steps at which the chains are shown.
SHOWN_STEPS = (0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 160, 200)


@dataclass(frozen=True, eq=False, kw_only=True)
class Completed:
    """What a machine made of a picture with a hole.

    Attributes:
        frames: The chains on their way, at the steps of SHOWN_STEPS.
        estimate: Probability of each pixel, mean over chains and late steps, shape (n_visible,).
        error: Mean squared error of the estimate on the free pixels; NaN when none is free.
        mean_fill_error: The same of filling in the mean image; NaN without one.
        n_free: Free pixels.
    """

    frames: tuple[StripFrame, ...]
    estimate: Tensor
    error: float
    mean_fill_error: float
    n_free: int


def held_by(name: str, image_shape: tuple[int, int]) -> Tensor:
    """Return the mask of held pixels that a name stands for.

    Args:
        name: One of HOLDS: a half, the rim (the outer quarter on each side), or nothing.
        image_shape: Height and width.

    Raises:
        ConfigError: If the name is unknown.
    """
    if name in HALVES:
        return half_mask(image_shape, name)
    height, width = image_shape
    mask = torch.zeros(image_shape, dtype=torch.bool)
    if name == "rim":
        mask[:] = True
        mask[height // 4 : height - height // 4, width // 4 : width - width // 4] = False
    elif name != "nothing":
        raise ConfigError(f"hold is {name!r}; allowed are {', '.join(HOLDS)}")
    return mask.flatten()


def complete_picture(
    rbm: RBM, picture: Tensor, held: NDArray[np.bool_], mean_image: Tensor | None, seed: int
) -> Completed:
    """Let a machine draw the pixels that are not held.

    Args:
        rbm: The machine.
        picture: Its bits before the hole, shape (n_visible,).
        held: Which pixels are held, shape (n_visible,).
        mean_image: Mean of the training data, shape (n_visible,), or None.
        seed: Of the coins.
    """
    fill = b"" if mean_image is None else mean_image.numpy().tobytes()
    name = (fingerprint(rbm), picture.numpy().tobytes(), held.tobytes(), fill, seed)
    return _known.get(name, lambda: _complete(rbm, picture, held, mean_image, seed))


_known: SharedResults[Completed] = SharedResults(32)


def _complete(
    rbm: RBM, picture: Tensor, held: NDArray[np.bool_], mean_image: Tensor | None, seed: int
) -> Completed:
    mask, coins = torch.from_numpy(held), make_generator(seed, "repair")
    done = complete(rbm, picture[None], mask, N_STEPS, coins, n_chains=N_CHAINS, steps=SHOWN_STEPS)
    estimate, free = done.probabilities[0], ~mask

    def error(guess: Tensor) -> float:
        return float((guess - picture)[free].square().mean())

    return Completed(
        frames=done.frames,
        estimate=estimate,
        error=error(estimate),
        mean_fill_error=float("nan") if mean_image is None else error(mean_image),
        n_free=int(free.sum()),
    )
