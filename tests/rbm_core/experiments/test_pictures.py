"""Laws of picture grids: every pixel lands in its place, and the PNG gives it back."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from rbm_core import ShapeError
from rbm_core.experiments.pictures import GAP_GREY, image_grid, png_bytes, strip_grid


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_grid_places_every_image_line_by_line(gap: int) -> None:
    rows = torch.rand(7, 15, generator=torch.Generator().manual_seed(1))
    grid = image_grid(rows, (5, 3), 4, gap=gap)
    assert grid.shape == (2 * (5 + gap) + gap, 4 * (3 + gap) + gap)
    untouched = np.ones(grid.shape, bool)
    for number, row in enumerate(rows):
        top = gap + (number // 4) * (5 + gap)
        left = gap + (number % 4) * (3 + gap)
        expected = np.round(row.numpy().reshape(5, 3) * np.float32(255)).astype(np.uint8)
        assert np.array_equal(grid[top : top + 5, left : left + 3], expected)
        untouched[top : top + 5, left : left + 3] = False
    assert (grid[untouched] == GAP_GREY).all()


def test_grid_cuts_values_to_black_and_white() -> None:
    grid = image_grid(torch.tensor([[-3.0, 0.0, 1.0, 2.0]]), (2, 2), 1, gap=0)
    assert grid.tolist() == [[0, 0], [255, 255]]


def test_strip_has_a_line_for_each_step_and_a_column_for_each_chain() -> None:
    frames = torch.rand(3, 5, 6, generator=torch.Generator().manual_seed(2))
    grid = strip_grid(frames, (2, 3), gap=1)
    for step in range(3):
        for chain in range(5):
            top, left = 1 + 3 * step, 1 + 4 * chain
            alone = image_grid(frames[step, chain : chain + 1], (2, 3), 1, gap=0)
            assert np.array_equal(grid[top : top + 2, left : left + 3], alone)


@pytest.mark.parametrize("scale", [1, 3])
def test_png_gives_back_every_pixel(scale: int) -> None:
    grid = np.random.default_rng(3).integers(0, 256, (7, 11), dtype=np.uint8)
    with Image.open(io.BytesIO(png_bytes(grid, scale=scale))) as image:
        assert image.format == "PNG"
        back = np.asarray(image)
    assert np.array_equal(back, grid.repeat(scale, 0).repeat(scale, 1))


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ShapeError, match="28×28 need"):
        image_grid(torch.zeros(3, 783), (28, 28))
    with pytest.raises(ShapeError, match="n_columns is 0"):
        image_grid(torch.zeros(3, 4), (2, 2), 0)
    with pytest.raises(ShapeError, match="n_steps, n_chains"):
        strip_grid(torch.zeros(3, 4), (2, 2))
    with pytest.raises(ShapeError, match="makes no PNG"):
        png_bytes(np.zeros((3, 4)))  # type: ignore[arg-type]
