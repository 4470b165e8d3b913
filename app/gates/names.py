"""What the units of a machine that learned a truth table are called, on every page."""

from __future__ import annotations

from rbm_core import Dataset

__all__ = ["bit_names", "hidden_names", "input_names", "output_names"]

_INPUTS = ("x", "y", "z", "w")
# A table written out has no meaning of its own; only a gate's outputs can.
_OUTPUTS = {"half-adder": ("carry", "sum")}


def bit_names(dataset: Dataset) -> tuple[str, ...]:
    """Name the bits of a truth table, inputs first.

    Args:
        dataset: A truth table.
    """
    n_inputs = dataset.n_inputs or 0
    return (*input_names(n_inputs), *output_names(dataset.n_visible - n_inputs, dataset.name))


def input_names(n_inputs: int) -> tuple[str, ...]:
    """Name the input bits of a table.

    Args:
        n_inputs: Their number, at most 4.
    """
    return _INPUTS[:n_inputs]


def output_names(n_outputs: int, gate: str = "") -> tuple[str, ...]:
    """Name the output bits of a table.

    Args:
        n_outputs: Their number.
        gate: Name of the gate, whose outputs may mean something.
    """
    generic = ("out",) if n_outputs == 1 else tuple(f"out {i + 1}" for i in range(n_outputs))
    return _OUTPUTS.get(gate, generic)


def hidden_names(n_hidden: int) -> tuple[str, ...]:
    """Name the hidden units.

    Args:
        n_hidden: Their number.
    """
    return tuple(f"h{j + 1}" for j in range(n_hidden))
