"""Which pictures are shown, which ones chains start from, and how they become bytes."""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.shared_results import SharedResults
from pages.images.dreams import DreamRequest, Start
from pages.images.view import View
from rbm_core import Dataset, StripFrame

__all__ = [
    "N_PICTURES",
    "Grey",
    "Shown",
    "Start",
    "chain_start",
    "chosen_rows",
    "grey",
    "is_held_out",
    "levels",
    "mean_image",
]

Grey = NDArray[np.uint8]
Shown = Literal["probabilities", "samples"]
# Twelve pictures in three columns are large enough to be seen from the back row.
N_PICTURES = 12


def chosen_rows(view: View, label: int | None, n_rows: int = N_PICTURES) -> Tensor | None:
    """Return held-out pictures of a class, always the same ones.

    Args:
        view: The machine on show.
        label: The class, or None for pictures of every class.
        n_rows: At most this many.
    """
    data = view.pictures
    if data is None:
        return None
    # Uploads are named by their content, so a name says which rows these are.
    return _chosen.get((data.name, label, n_rows), lambda: _choose(data, label, n_rows))


_chosen: SharedResults[Tensor] = SharedResults(64)


def _choose(data: Dataset, label: int | None, n_rows: int) -> Tensor:
    rows, labels = data.train, data.train_labels
    if data.test is not None:
        rows, labels = data.test, data.test_labels
    if label is not None and labels is not None:
        return rows[labels == label][:n_rows].clone()
    if labels is None:
        return rows[:n_rows].clone()
    # The i-th picture of each class in turn: a fair share of all, in an order that can be read.
    turns = [torch.nonzero(labels == c).flatten()[:n_rows] for c in labels.unique()]
    numbers = [int(turn[i]) for i in range(n_rows) for turn in turns if i < len(turn)]
    return rows[numbers[:n_rows]]


def mean_image(data: Dataset) -> Tensor:
    """Return the mean of the training pictures, shape (n_visible,).

    Args:
        data: The data set.
    """
    return _means.get(data.name, lambda: data.train.mean(0))


_means: SharedResults[Tensor] = SharedResults(8)


def chain_start(
    view: View, start: Start, label: int | None, n_chains: int
) -> tuple[DreamRequest, Tensor | None]:
    """Return what chains start from, and the rows they start from where those are data.

    Args:
        view: The machine on show.
        start: What they start from.
        label: Class of the data, or None for all.
        n_chains: How many chains, as far as there are rows.
    """
    rows = None
    if start == "data":
        rows = chosen_rows(view, label, n_chains)
        n_chains = n_chains if rows is None else min(n_chains, len(rows))
    origin = view.pictures.name if view.pictures is not None else ""
    request = DreamRequest(
        machine=view.fingerprint,
        start=start,
        k=view.k,
        image_shape=view.image_shape,
        n_chains=n_chains,
        seed=view.recipe.seed,
        label=f"{origin} {label}" if start == "data" else "",
    )
    return request, rows


def is_held_out(view: View) -> bool:
    """Whether the pictures shown were kept from training; the examples were."""
    return view.readings is None or view.readings.dataset.test is not None


def levels(frame: StripFrame, shown: Shown) -> Tensor:
    """Return what is drawn of chains at one moment, shape (n_chains, n_visible).

    Args:
        frame: The moment.
        shown: What is drawn.
    """
    return frame.samples if shown == "samples" else frame.probabilities


def grey(values: Tensor) -> Grey:
    """Return pictures as bytes of fifty greys, which look like 256 and travel in half the space.

    Args:
        values: Levels in [0, 1], or bytes.
    """
    share = values / 255 if values.dtype == torch.uint8 else values.clamp(0, 1)
    fifties: Grey = ((share * 51).round() * 5).to(torch.uint8).numpy()
    return fifties
