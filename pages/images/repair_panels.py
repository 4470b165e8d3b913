"""The pictures of *Repair*."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from app.components.image_board import Film, Pictures
from pages.images.completion import Completed
from pages.images.corruption import CorruptionPath
from pages.images.panels import N_COLUMNS
from pages.images.rows import grey
from pages.images.view import View
from pages.images.words import pictures as picture_words
from pages.images.words import repair as repair_words
from pages.images.words.labels import LABELS

__all__ = ["completion_panels", "corrupted_film"]


def completion_panels(
    view: View, done: Completed, picture: Tensor, height: int
) -> list[Film | Pictures]:
    """Draw the completions on their way, and what they come to on average.

    Args:
        view: The machine on show.
        done: The completions.
        picture: The picture before the hole.
        height: Pixels on screen.
    """
    frames = done.frames
    return [
        Film(
            name="completed",
            title=LABELS["completed"],
            alt=repair_words.repaired_alt(len(frames[0].samples)),
            shape=view.image_shape,
            height=height,
            tiles=N_COLUMNS,
            grids=np.stack([grey(frame.samples) for frame in frames]),
            labels=[picture_words.step_alt(frame.step) for frame in frames],
            loops=done.n_free > 0,
        ),
        Pictures(
            name="estimate",
            title=LABELS["estimate"],
            note=repair_words.estimate_note(),
            alt=repair_words.estimate_alt(),
            shape=view.image_shape,
            height=height,
            tiles=2,
            grid=grey(torch.stack([done.estimate, picture])),
        ),
    ]


def corrupted_film(view: View, path: CorruptionPath, height: int) -> Film:
    """Draw the chains that start at a corrupted picture.

    Args:
        view: The machine on show.
        path: The chains.
        height: Pixels on screen.
    """
    return Film(
        name="chains",
        title=LABELS["chains"],
        alt=repair_words.path_alt(len(path.frames) - 1),
        shape=view.image_shape,
        height=height,
        tiles=N_COLUMNS,
        grids=np.stack([grey(frame.samples) for frame in path.frames]),
        labels=[picture_words.step_alt(frame.step) for frame in path.frames],
        loops=True,
    )
