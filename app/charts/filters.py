"""Receptive fields as pictures: the weights of hidden units, in order, as single bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.charts.theme import Scale

__all__ = ["Mosaic", "Order", "activity_kinds", "mosaic", "unit_order"]

Order = Literal["norm", "use", "number"]
# Full colour of the fixed scale: a weight of 3 takes a unit from one half to 95 %.
FIXED_SCALE = 3.0
# A unit on for fewer, or more, of the data than this tells next to nothing about a picture.
DEAD_BELOW, ALWAYS_ABOVE = 0.01, 0.99
# Half of what a byte holds: finer than eyes see, and a sixth less to send.
MAX_LEVEL = 63


@dataclass(frozen=True, eq=False, kw_only=True)
class Mosaic:
    """Receptive fields, ready to be drawn.

    Attributes:
        units: Numbers of the hidden units in order of appearance, shape (n_shown,).
        levels: Weights as -63 … 63 of the unit's scale, shape (n_shown, n_visible), int8.
        scales: Weight at full colour, for each unit, shape (n_shown,).
        norms: Euclidean norm of each receptive field, shape (n_shown,).
    """

    units: NDArray[np.int64]
    levels: NDArray[np.int8]
    scales: NDArray[np.float64]
    norms: NDArray[np.float64]


def unit_order(weights: ArrayLike, use: ArrayLike | None, by: Order) -> NDArray[np.int64]:
    """Return the hidden units in an order.

    Args:
        weights: Shape (n_visible, n_hidden).
        use: Mean activity of each hidden unit over data, shape (n_hidden,), or None when unknown.
        by: "norm", largest first; "use", most active first (by norm when it is unknown);
            "number", as they are.
    """
    field = np.asarray(weights)
    n_hidden = field.shape[1]
    if by == "number":
        return np.arange(n_hidden)
    if by == "use" and use is not None:
        return np.argsort(-np.asarray(use), kind="stable")
    return np.argsort(-np.linalg.norm(field, axis=0), kind="stable")


def mosaic(weights: ArrayLike, units: NDArray[np.int64], scale: Scale) -> Mosaic:
    """Quantise the receptive fields of some units.

    Args:
        weights: Shape (n_visible, n_hidden).
        units: Which units, in order of appearance.
        scale: "unit" gives each its own full colour, "all" one for the whole machine, "fixed" the
            same for every machine.
    """
    every = np.asarray(weights, dtype=np.float32)
    fields = every[:, units].T
    if scale == "fixed":
        scales = np.full(len(units), FIXED_SCALE)
    elif scale == "all":
        scales = np.full(len(units), float(np.abs(every).max()))
    else:
        scales = np.abs(fields).max(1).astype(np.float64)
    scales = np.where(scales > 0, scales, 1.0)
    share = np.clip(fields / scales[:, None].astype(np.float32), -1, 1)
    return Mosaic(
        units=units,
        levels=np.rint(share * MAX_LEVEL).astype(np.int8),
        scales=scales,
        norms=np.linalg.norm(fields.astype(np.float64), axis=1),
    )


def activity_kinds(use: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the dead units and the always-on ones.

    Args:
        use: Mean activity of each hidden unit over data, shape (n_hidden,).
    """
    activity = np.asarray(use)
    return np.flatnonzero(activity < DEAD_BELOW), np.flatnonzero(activity > ALWAYS_ABOVE)
