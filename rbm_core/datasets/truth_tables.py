"""Truth tables: logic gates by name, and any table of up to four inputs and two outputs."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import DataError
from rbm_core.machine.states import enumerate_states

__all__ = [
    "GATES",
    "MAX_INPUTS",
    "MAX_OUTPUTS",
    "TABLE_PREFIX",
    "names_truth_table",
    "parse_table",
    "truth_table",
]

MAX_INPUTS = 4
MAX_OUTPUTS = 2
TABLE_PREFIX = "table:"

# Outputs for input rows in counting order: 0, 1 for one input; 00, 01, 10, 11 for two; and so on.
GATES: dict[str, tuple[str, ...]] = {
    "and": ("0", "0", "0", "1"),
    "or": ("0", "1", "1", "1"),
    "xor": ("0", "1", "1", "0"),
    "nand": ("1", "1", "1", "0"),
    "nor": ("1", "0", "0", "0"),
    "xnor": ("1", "0", "0", "1"),
    "implies": ("1", "1", "0", "1"),
    "not": ("1", "0"),
    "half-adder": ("00", "01", "01", "10"),  # carry, sum
    "majority": ("0", "0", "0", "1", "0", "1", "1", "1"),
    "parity": ("0", "1", "1", "0", "1", "0", "0", "1"),
}


def names_truth_table(name: str) -> bool:
    """Whether a data set's name is that of a truth table; nothing is loaded to find out.

    Args:
        name: A gate's name, a table written out, or the name of any other data set.
    """
    return name in GATES or name.startswith(TABLE_PREFIX)


def truth_table(outputs: Sequence[str], name: str | None = None) -> Dataset:
    """Make the data set of a truth table: each row is the input bits, then the output bits.

    Args:
        outputs: One word of output bits per input row, input rows in counting order, for example
            ("0", "1", "1", "0") for XOR. 2, 4, 8 or 16 words of 1 or 2 bits, all equally long.
        name: Name of the data set; by default the table written out, "table:0,1,1,0".

    Raises:
        DataError: If the table has the wrong length or holds something else than bits.

    Example:
        >>> from rbm_core import truth_table
        >>> nand = truth_table(("1", "1", "1", "0"))
        >>> nand.name, nand.n_inputs, nand.n_visible
        ('table:1,1,1,0', 2, 3)
    """
    n_inputs = len(outputs).bit_length() - 1
    if len(outputs) not in {2**n for n in range(1, MAX_INPUTS + 1)}:
        raise DataError(
            f"a truth table came with {len(outputs)} rows; it needs 2, 4, 8 or 16, "
            "one for each combination of 1 to 4 inputs"
        )
    widths = {len(word) for word in outputs}
    if len(widths) != 1 or not widths <= set(range(1, MAX_OUTPUTS + 1)):
        raise DataError(
            f"truth table rows {','.join(outputs)!r} must all have 1 or all have 2 output bits"
        )
    if not set("".join(outputs)) <= {"0", "1"}:
        raise DataError(f"truth table rows {','.join(outputs)!r} may hold only 0 and 1")
    inputs = enumerate_states(n_inputs, dtype=torch.float32)
    answers = torch.tensor([[float(bit) for bit in word] for word in outputs])
    return Dataset(
        name=name or TABLE_PREFIX + ",".join(outputs),
        train=torch.cat([inputs, answers], 1),
        n_inputs=n_inputs,
        enumerable=True,
    )


def parse_table(text: str) -> Dataset:
    """Read a table written as "table:0,1,1,0".

    Args:
        text: The prefix "table:", then the output words separated by commas.

    Raises:
        DataError: If the table is malformed.
    """
    return truth_table(tuple(text.removeprefix(TABLE_PREFIX).split(",")))
