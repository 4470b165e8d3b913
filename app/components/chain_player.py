"""A player for chains: every Gibbs step, to be played, paused and scrubbed in the browser."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.components.mounting import component
from app.components.packing import pack, pack_bits

__all__ = ["chain_player", "player_bytes"]

LABELS = {
    "play": "Play",
    "pause": "Pause",
    "caption": "Mean free energy of these chains, step by step",
    "step": "step {step} of {last} · mean F {energy} nats",
    "curve": "Mean free energy of these chains over the steps, from {first} to {last} nats.",
}

_component = component("chain_player")


def chain_player(content: bytes, *, key: str) -> None:
    """Draw the player; it begins to play unless the viewer prefers stillness.

    Args:
        content: What `player_bytes` made.
        key: Name of the player in the page.
    """
    _component(key=key, data=content)


def player_bytes(
    frames: NDArray[np.uint8],
    energies: Sequence[float],
    shape: tuple[int, int],
    *,
    bits: bool,
    alt: str,
    height: int,
) -> bytes:
    """Return all that the browser needs to play.

    Args:
        frames: Grey levels of every step, shape (n_steps + 1, n_chains, n_pixels), uint8.
        energies: Mean free energy at every step, nats.
        shape: Height and width of one picture.
        bits: Whether the levels are only 0 and 255: then eight pixels travel in a byte.
        alt: What is seen, for who cannot see it.
        height: Pixels of the pictures on screen, at most.
    """
    # Sixteen greys look like 256, and are packed into a quarter of the space.
    packed = pack_bits(frames > 0) if bits else (frames // 17 * 17).astype(np.uint8)
    header = {
        "shape": shape,
        "count": frames.shape[1],
        "n_steps": len(frames) - 1,
        "bits": bits,
        "energies": [round(float(energy), 2) for energy in energies],
        "alt": alt,
        "height": height,
        "labels": LABELS,
        "stamp": zlib.crc32(packed.tobytes()),
    }
    return pack(header, {"frames": packed}, level=6)
