"""A machine that learned a truth table, at some moment of its training."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.gates.names import bit_names
from rbm_core import RBM, Dataset, Recipe

__all__ = ["Machine"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Machine:
    """A machine at some moment of its training. Equal only to itself, so it can key a cache.

    Attributes:
        recipe: What it was trained with.
        dataset: Its truth table.
        rbm: Its parameters.
        update: Updates made.
        n_updates: Updates of its whole run.
    """

    recipe: Recipe
    dataset: Dataset
    rbm: RBM
    update: int
    n_updates: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the visible units, inputs first."""
        return bit_names(self.dataset)

    @property
    def n_inputs(self) -> int:
        """Number of input bits."""
        if self.dataset.n_inputs is None:
            raise TypeError("a Machine of this page has a truth table")
        return self.dataset.n_inputs

    @property
    def n_outputs(self) -> int:
        """Number of output bits."""
        return self.dataset.n_visible - self.n_inputs

    @property
    def k(self) -> int:
        """Gibbs steps per update at the end of training."""
        return self.recipe.training.final_k
