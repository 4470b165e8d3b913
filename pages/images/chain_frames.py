"""Every step of a few chains, for the player."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from torch import Tensor

from pages.images.dreams import DreamRequest, begin_chains
from rbm_core import RBM, fingerprint, strip_frames

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
    return _chain_frames(fingerprint(rbm), request, rbm, rows)


@st.cache_resource(max_entries=12, show_spinner=False)
def _chain_frames(
    name: str,  # noqa: ARG001  (the machine's name in the cache)
    request: DreamRequest,
    _rbm: RBM,
    _rows: Tensor | None,
) -> ChainFrames:
    begin, coins = begin_chains(_rbm, request, _rows)
    frames = list(strip_frames(_rbm, begin, range(N_STEPS + 1), coins))
    samples = torch.stack([frame.samples for frame in frames])
    levels = torch.stack([frame.probabilities for frame in frames])
    return ChainFrames(
        samples=(samples * 255).to(torch.uint8).numpy(),
        probabilities=(levels * 255).round().to(torch.uint8).numpy(),
        energies=_rbm.free_energy(samples).mean(-1).float().numpy(),
    )
