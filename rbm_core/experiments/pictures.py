"""Rows of visible values as pictures: one grid of images, and its PNG."""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from rbm_core.errors import ShapeError

__all__ = ["GAP_GREY", "image_grid", "png_bytes", "strip_grid"]

# Two pixels between images, as torchvision's make_grid leaves them. The grey is neither paper nor
# ink, so that the edge of an empty image still shows.
GAP = 2
GAP_GREY = 96


def image_grid(
    rows: Tensor, image_shape: tuple[int, int], n_columns: int = 8, *, gap: int = GAP
) -> NDArray[np.uint8]:
    """Lay images out on one sheet, line by line.

    Args:
        rows: Values in [0, 1] (others are cut to it), shape (n_images, n_visible).
        image_shape: Height and width of an image; their product is n_visible.
        n_columns: Images in a line, at least 1; a last incomplete line is filled with the gap's
            grey.
        gap: Pixels around and between images, at least 0.

    Returns:
        Grey levels, 0 black and 255 white, shape (height, width): with n lines of height H,
        n (H + gap) + gap high, and the like wide.

    Raises:
        ShapeError: If the rows are no images of this shape, or a number is out of range.
    """
    height, width = image_shape
    if rows.ndim != 2 or rows.shape[1] != height * width:
        raise ShapeError(
            f"rows have shape {tuple(rows.shape)}; images of {height}×{width} need "
            f"(n_images, {height * width})"
        )
    if n_columns < 1 or gap < 0:
        raise ShapeError(
            f"n_columns is {n_columns} and gap is {gap}; they must be at least 1 and at least 0"
        )
    n_images = len(rows)
    n_lines = math.ceil(n_images / n_columns)
    levels = (rows.detach().cpu().float().clamp(0, 1) * 255).round().byte().numpy()
    cells = np.full((n_lines * n_columns, height + gap, width + gap), GAP_GREY, np.uint8)
    cells[:n_images, gap:, gap:] = levels.reshape(n_images, height, width)
    lines = cells.reshape(n_lines, n_columns, height + gap, width + gap).transpose(0, 2, 1, 3)
    sheet = lines.reshape(n_lines * (height + gap), n_columns * (width + gap))
    return np.pad(sheet, ((0, gap), (0, gap)), constant_values=GAP_GREY)


def strip_grid(
    frames: Tensor, image_shape: tuple[int, int], *, gap: int = GAP
) -> NDArray[np.uint8]:
    """Lay a chain strip out: one line of images for each step, one column for each chain.

    Args:
        frames: What `chain_strip` returned, shape (n_steps, n_chains, n_visible).
        image_shape: Height and width of an image.
        gap: Pixels around and between images.

    Returns:
        Grey levels, shape (height, width).

    Raises:
        ShapeError: If the frames are no images of this shape.
    """
    if frames.ndim != 3:
        raise ShapeError(
            f"frames have shape {tuple(frames.shape)}; a strip is (n_steps, n_chains, n_visible)"
        )
    return image_grid(frames.flatten(0, 1), image_shape, frames.shape[1], gap=gap)


def png_bytes(grid: NDArray[np.uint8], *, scale: int = 1) -> bytes:
    """Write a sheet of grey levels as a PNG file.

    Args:
        grid: Grey levels, shape (height, width).
        scale: Whole number of screen pixels for each pixel, at least 1.

    Raises:
        ShapeError: If the grid is no matrix of bytes or the scale is out of range.
    """
    from PIL import Image  # half the engine's users never draw

    if grid.ndim != 2 or grid.dtype != np.uint8 or 0 in grid.shape or scale < 1:
        raise ShapeError(
            f"a grid of {grid.dtype} with shape {grid.shape} at scale {scale} makes no PNG; it "
            "must be bytes of shape (height, width), at a scale of at least 1"
        )
    large = np.kron(grid, np.ones((scale, scale), np.uint8)) if scale > 1 else grid
    buffer = io.BytesIO()
    Image.fromarray(large).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
