"""Dreams and strips as PNG files."""

from __future__ import annotations

import torch

from pages.images.dreams import DreamSnapshot
from pages.images.rows import Shown, levels
from pages.images.view import View
from rbm_core import image_grid, png_bytes, strip_grid, strip_steps

__all__ = ["dream_png", "strip_png"]

# An 8×8 digit is a speck on screen; 28×28 pictures are printed as they are seen.
SCALE_BELOW = {16: 8, 64: 3}


def dream_png(view: View, dream: DreamSnapshot, shown: Shown) -> bytes:
    """Write the last pictures of a dream.

    Args:
        view: The machine that dreams.
        dream: The chains so far.
        shown: What is drawn of them.
    """
    last = levels(dream.frames[max(dream.frames)], shown).float() / 255
    return png_bytes(image_grid(last, view.image_shape, 4), scale=_scale(view))


def strip_png(view: View, dream: DreamSnapshot, shown: Shown) -> bytes:
    """Write the chain strip as far as it is: a line for each step, a column for each chain.

    Args:
        view: The machine that dreams.
        dream: The chains so far.
        shown: What is drawn of them.
    """
    steps = [step for step in strip_steps(view.k) if step in dream.frames]
    frames = torch.stack([levels(dream.frames[step], shown).float() / 255 for step in steps])
    return png_bytes(strip_grid(frames, view.image_shape), scale=_scale(view))


def _scale(view: View) -> int:
    side = max(view.image_shape)
    return next((scale for limit, scale in SCALE_BELOW.items() if side <= limit), 1)
