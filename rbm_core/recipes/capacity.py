"""How many hidden units each named truth table needs: measured once, shipped as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from rbm_core.datasets.truth_tables import GATES, TABLE_PREFIX

__all__ = ["CAPACITY_FILE", "Capacity", "Layer", "capacity", "has_learned"]

CAPACITY_FILE = Path(__file__).with_name("capacity.json")
# Valid mass from which a table counts as learned.
LEARNED = 0.95
# Nats below the bound at which rows that are all legal are far from equally likely.
UNEVEN = 0.2


def has_learned(valid_mass: float, log_likelihood: float, bound: float) -> bool:
    """Whether a machine holds its table: the legal rows alone, and about equally likely.

    Args:
        valid_mass: Probability of the legal rows.
        log_likelihood: Nats per row.
        bound: What the log-likelihood cannot exceed.
    """
    return valid_mass >= LEARNED and bound - log_likelihood <= UNEVEN


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What layers of one size made of a table, trained from several seeds at the usual settings.

    Attributes:
        n_hidden: Its hidden units.
        epochs: Epochs of training at which most learned; of several, the fewest.
        n_learned: How many then did.
        best_valid_mass: The largest valid mass that any of them reached, however long it trained.
    """

    n_hidden: int
    epochs: int
    n_learned: int
    best_valid_mass: float


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """The layers that were tried for a table, from one unit to the first that always learns.

    Attributes:
        dataset: Name of the table.
        n_seeds: Seeds for each layer.
        layers: One for each size, the smallest first.
    """

    dataset: str
    n_seeds: int
    layers: tuple[Layer, ...]

    @property
    def enough(self) -> Layer:
        """The smallest layer that learned from every seed."""
        return self.layers[-1]

    @property
    def possible(self) -> Layer:
        """The smallest layer that learned from any seed."""
        return next(layer for layer in self.layers if layer.n_learned)

    def layer(self, n_hidden: int) -> Layer:
        """Return the layer of a size; larger ones than were tried do as the largest.

        Args:
            n_hidden: Hidden units.
        """
        return self.layers[min(n_hidden, len(self.layers)) - 1]

    def to_dict(self) -> dict[str, object]:
        """Write it as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Capacity:
        """Read plain values, the inverse of `to_dict`."""
        given = dict(values)
        layers = given.pop("layers")
        assert isinstance(layers, list | tuple)  # noqa: S101  (our own file)
        return cls(layers=tuple(Layer(**layer) for layer in layers), **given)  # type: ignore[arg-type]


def capacity(dataset: str) -> Capacity | None:
    """Return what is known of a table's need of hidden units, or None where nothing is.

    Args:
        dataset: A gate's name, or a table written out, which may be a gate's.

    Example:
        >>> from rbm_core import capacity
        >>> known = capacity("xor")
        >>> known.enough.n_hidden, known.layer(2).n_learned
        (3, 0)
    """
    return _known().get(_gate_of(dataset))


def _gate_of(dataset: str) -> str:
    if not dataset.startswith(TABLE_PREFIX):
        return dataset
    outputs = tuple(dataset.removeprefix(TABLE_PREFIX).split(","))
    return next((name for name, table in GATES.items() if table == outputs), dataset)


@cache
def _known() -> dict[str, Capacity]:
    content = json.loads(CAPACITY_FILE.read_text(encoding="utf-8"))
    return {table["dataset"]: Capacity.from_dict(table) for table in content["tables"]}
