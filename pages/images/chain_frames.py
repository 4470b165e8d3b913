"""Every step of a few chains, for the player."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.shared_results import SharedResults
from pages.images.dreams import DreamRequest, begin_chains
from rbm_core import RBM, strip_frames

__all__ = ["N_CHAINS", "N_STEPS", "ChainFrames", "chain_frames"]

N_STEPS = 300
N_CHAINS = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class ChainFrames:
    """Chains at every step from 0 to N_STEPS.

    Attributes:
        samples: States as 0 and 255, shape (N_STEPS + 1, n_chains, n_pixels).
        probabilities: What they were drawn from, as 0 to 255, same shape.
        energies: Mean free energy at each step, shape (N_STEPS + 1,), nats.
    """

    samples: NDArray[np.uint8]
    probabilities: NDArray[np.uint8]
    energies: NDArray[np.float32]


def chain_frames(rbm: RBM, request: DreamRequest, rows: Tensor | None) -> ChainFrames:
    """Walk a few chains and keep every step; 784×500 takes a tenth of a second.

    Args:
        rbm: The machine.
        request: Where the chains start, and with which coins.
        rows: The data that "data" starts from, shape (n_samples, n_visible).

    Raises:
        ConfigError: If the start needs what did not come.
    """
    return _known.get(request, lambda: _walk(rbm, request, rows))


# Of 5 chains of 784 pixels one takes 2.4 MB.
_known: SharedResults[ChainFrames] = SharedResults(12)


def _walk(rbm: RBM, request: DreamRequest, rows: Tensor | None) -> ChainFrames:
    begin, coins = begin_chains(rbm, request, rows)
    frames = list(strip_frames(rbm, begin, range(N_STEPS + 1), coins))
    samples = torch.stack([frame.samples for frame in frames])
    levels = torch.stack([frame.probabilities for frame in frames])
    return ChainFrames(
        samples=(samples * 255).to(torch.uint8).numpy(),
        probabilities=(levels * 255).round().to(torch.uint8).numpy(),
        energies=rbm.free_energy(samples).mean(-1).float().numpy(),
    )
