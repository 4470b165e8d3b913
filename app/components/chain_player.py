"""A player for chains: every Gibbs step, to be played, paused and scrubbed in the browser."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.components.image_board import CSS, scripts
from app.components.packing import STUB, pack, pack_bits

__all__ = ["chain_player", "player_bytes"]

LABELS = {
    "play": "Play",
    "pause": "Pause",
    "caption": "Mean free energy of these chains, step by step",
    "step": "step {step} of {last} · mean F {energy} nats",
    "curve": "Mean free energy of these chains over the steps, from {first} to {last} nats.",
}

_CSS = (
    CSS
    + """
.pix.player { display: flex; flex-direction: column; gap: 10px; align-items: center; }
.pix.player .bar { display: flex; align-items: center; gap: 8px; width: 100%; font-size: .875rem; }
.pix.player .bar button { padding: 3px 12px; }
.pix.player .bar input { flex: 1; min-width: 80px; accent-color: var(--st-primary-color); }
.pix.player .bar output { min-width: 17em; font-variant-numeric: tabular-nums; }
.pix.player select { font: inherit; color: inherit; background: var(--st-background-color);
  border: 1px solid var(--st-border-color, #8888); border-radius: 8px; padding: 3px 6px; }
.pix.player small { align-self: start; margin: 0; }
.pix.player svg { width: 100%; height: 72px; opacity: .85; }
"""
)

_component = st.components.v2.component(
    "rbm_chain_player", html='<div class="pix"></div>', css=_CSS, js=STUB, isolate_styles=False
)


def chain_player(
    frames: NDArray[np.uint8],
    energies: Sequence[float],
    shape: tuple[int, int],
    *,
    bits: bool,
    alt: str,
    height: int,
    key: str,
) -> None:
    """Draw the player; it begins to play unless the viewer prefers stillness.

    Args:
        frames: Grey levels of every step, shape (n_steps + 1, n_chains, n_pixels), uint8.
        energies: Mean free energy at every step, nats.
        shape: Height and width of one picture.
        bits: Whether the levels are only 0 and 255: then eight pixels travel in a byte.
        alt: What is seen, for who cannot see it.
        height: Pixels of the pictures on screen, at most.
        key: Name of the player in the page.
    """
    content = player_bytes(frames, energies, shape, bits=bits, alt=alt, height=height)
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
    """Return all that the browser needs to play; the arguments are those of `chain_player`."""
    # Sixteen greys look like 256, and are packed into a quarter of the space.
    packed = pack_bits(frames > 0) if bits else (frames // 17 * 17).astype(np.uint8)
    header = scripts("chain_player.js") | {
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
