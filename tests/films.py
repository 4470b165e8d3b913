"""Machines that one run passed through, made once with version 0.1 and kept.

What a table says of single seeds is tested on these; what a law says is tested on fresh runs.
`tests/fixtures/make_films.py` says how each was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load

from rbm_core import RBM, Recipe, load_checkpoint

__all__ = ["Film", "load_film"]

FOLDER = Path(__file__).parent / "fixtures" / "films"


@dataclass(frozen=True, eq=False, kw_only=True)
class Film:
    """One run's machines by age.

    Attributes:
        rbm: The machines, a replica for each age, youngest first.
        updates: The ages, in updates.
        recipe: How they were trained, or None where no recipe says it.
    """

    rbm: RBM
    updates: tuple[int, ...]
    recipe: Recipe | None

    def at(self, update: int) -> RBM:
        """The machine at an age that the film has."""
        return self.rbm.replica(self.updates.index(update))

    def rungs(self, *updates: int) -> RBM:
        """The machines at some ages, as a film of their own."""
        kept = [self.updates.index(update) for update in updates]
        return RBM(*(p[kept] for p in self.rbm.parameters()))


def load_film(name: str) -> Film:
    """Read a film by the name of its file."""
    content = (FOLDER / f"{name}.safetensors").read_bytes()
    checkpoint = load_checkpoint(content)
    updates = tuple(int(update) for update in load(content)["updates"])
    return Film(rbm=checkpoint.rbm, updates=updates, recipe=checkpoint.recipe)
