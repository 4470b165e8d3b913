"""The rows that a likelihood on the command line speaks of."""

from __future__ import annotations

from torch import Tensor

from rbm_core.datasets.binarise import binarise
from rbm_core.generators import make_generator
from rbm_core.recipes.recipe import Recipe

__all__ = ["binary_rows"]


def binary_rows(levels: Tensor, recipe: Recipe | None) -> tuple[Tensor, str]:
    """Turn rows into bits as the recipe does, and say how.

    Bernoulli bits are drawn from the recipe's own stream ("evaluate",). Grey levels are no states
    of a binary machine, so a recipe that trains on them is evaluated on thresholded rows, and so
    is a machine without a recipe.

    Args:
        levels: Rows in [0, 1], shape (n_samples, n_visible).
        recipe: How the machine was trained, if known.

    Returns:
        States in {0, 1} of the same shape, and "none" (they were bits), "threshold" or "bernoulli".
    """
    if bool(((levels == 0) | (levels == 1)).all()):
        return levels, "none"
    method = recipe.training.binarisation if recipe else "threshold"
    method = "threshold" if method == "grey" else method
    return binarise(
        levels, method, make_generator(recipe.seed if recipe else 0, "evaluate")
    ), method
