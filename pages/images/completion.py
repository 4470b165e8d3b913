"""Repairing pictures: completing what is missing, and letting a corrupted one slide downhill."""

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
    permutation,
    strip_frames,
)

__all__ = [
    "HOLDS",
    "CorruptionPath",
    "Repaired",
    "corrupt_path",
    "held_by",
    "random_flips",
    "repair",
]

HOLDS = (*HALVES, "frame", "nothing")
N_CHAINS = 9
N_STEPS = 200
N_PATH = 60
# Moments of the film of a completion.
FILM = (0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 160, 200)


@dataclass(frozen=True, eq=False, kw_only=True)
class Repaired:
    """What a machine made of a picture with a hole.

    Attributes:
        frames: The chains on their way, at the steps of FILM.
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


@dataclass(frozen=True, eq=False, kw_only=True)
class CorruptionPath:
    """What becomes of a corrupted picture when nothing is held.

    Attributes:
        frames: Every step, shape of states (n_chains, n_visible).
        energies: Free energy of each chain at each step, shape (n_steps + 1, n_chains), nats.
        clean: Free energy of the picture before it was corrupted.
        corrupted: The same after.
    """

    frames: tuple[StripFrame, ...]
    energies: NDArray[np.float32]
    clean: float
    corrupted: float


def held_by(name: str, image_shape: tuple[int, int]) -> Tensor:
    """Return the mask of held pixels that a name stands for.

    Args:
        name: One of HOLDS: a half, the frame (the outer quarter on each side), or nothing.
        image_shape: Height and width.

    Raises:
        ConfigError: If the name is unknown.
    """
    if name in HALVES:
        return half_mask(image_shape, name)
    height, width = image_shape
    mask = torch.zeros(image_shape, dtype=torch.bool)
    if name == "frame":
        mask[:] = True
        mask[height // 4 : height - height // 4, width // 4 : width - width // 4] = False
    elif name != "nothing":
        raise ConfigError(f"hold is {name!r}; allowed are {', '.join(HOLDS)}")
    return mask.flatten()


def random_flips(n_pixels: int, n_flips: int, seed: int) -> NDArray[np.bool_]:
    """Choose pixels to turn over.

    Args:
        n_pixels: How many there are.
        n_flips: How many are turned.
        seed: Of the choice.
    """
    marks = np.zeros(n_pixels, dtype=np.bool_)
    marks[permutation(n_pixels, make_generator(seed, "flips"))[:n_flips].numpy()] = True
    return marks


def repair(
    rbm: RBM, picture: Tensor, held: NDArray[np.bool_], mean_image: Tensor | None, seed: int
) -> Repaired:
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
    return _repaired.get(name, lambda: _repair(rbm, picture, held, mean_image, seed))


_repaired: SharedResults[Repaired] = SharedResults(32)


def _repair(
    rbm: RBM, picture: Tensor, held: NDArray[np.bool_], mean_image: Tensor | None, seed: int
) -> Repaired:
    mask, v = torch.from_numpy(held), picture[None]
    done = complete(rbm, v, mask, N_STEPS, make_generator(seed, "repair"), n_chains=N_CHAINS)
    # The same chains again, this time looking on: they start dark where nothing is held.
    coins = make_generator(seed, "repair")
    begin = torch.where(mask, v, 0.0).repeat(N_CHAINS, 1)
    estimate, free = done.probabilities[0], ~mask

    def error(guess: Tensor) -> float:
        return float((guess - picture)[free].square().mean())

    return Repaired(
        frames=tuple(strip_frames(rbm, begin, FILM, coins, clamp=mask)),
        estimate=estimate,
        error=error(estimate),
        mean_fill_error=float("nan") if mean_image is None else error(mean_image),
        n_free=int(free.sum()),
    )


def corrupt_path(rbm: RBM, picture: Tensor, flips: NDArray[np.bool_], seed: int) -> CorruptionPath:
    """Turn pixels over and let chains run from there, nothing held.

    Args:
        rbm: The machine.
        picture: Its bits before, shape (n_visible,).
        flips: Which pixels are turned over, shape (n_visible,).
        seed: Of the coins.
    """
    name = (fingerprint(rbm), picture.numpy().tobytes(), flips.tobytes(), seed)
    return _paths.get(name, lambda: _walk(rbm, picture, flips, seed))


_paths: SharedResults[CorruptionPath] = SharedResults(32)


def _walk(rbm: RBM, picture: Tensor, flips: NDArray[np.bool_], seed: int) -> CorruptionPath:
    turned = torch.from_numpy(flips)
    corrupted = torch.where(turned, 1 - picture, picture)
    coins = make_generator(seed, "corrupt")
    begin = corrupted.expand(N_CHAINS, -1)
    frames = tuple(strip_frames(rbm, begin, range(N_PATH + 1), coins))
    states = torch.stack([frame.samples for frame in frames])
    return CorruptionPath(
        frames=frames,
        energies=rbm.free_energy(states).float().numpy(),
        clean=float(rbm.free_energy(picture[None])[0]),
        corrupted=float(rbm.free_energy(corrupted[None])[0]),
    )
