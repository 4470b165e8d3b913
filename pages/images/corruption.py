"""A corrupted picture: pixels turned over, and chains that run from there, nothing held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.shared_results import SharedResults
from pages.images.completion import N_CHAINS
from rbm_core import RBM, StripFrame, fingerprint, make_generator, permutation, strip_frames

__all__ = ["CorruptionPath", "corruption_path", "random_flips"]

N_STEPS = 60


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


def corruption_path(
    rbm: RBM, picture: Tensor, flips: NDArray[np.bool_], seed: int
) -> CorruptionPath:
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
    frames = tuple(strip_frames(rbm, begin, range(N_STEPS + 1), coins))
    states = torch.stack([frame.samples for frame in frames])
    return CorruptionPath(
        frames=frames,
        energies=rbm.free_energy(states).float().numpy(),
        clean=float(rbm.free_energy(picture[None])[0]),
        corrupted=float(rbm.free_energy(corrupted[None])[0]),
    )
