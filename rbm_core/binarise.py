"""From grey levels to the bits a binary machine sees."""

from __future__ import annotations

from torch import Tensor

from rbm_core.errors import ConfigError
from rbm_core.generators import Generator, bernoulli

__all__ = ["BINARISATIONS", "binarise"]

BINARISATIONS = ("threshold", "bernoulli", "grey")


def binarise(levels: Tensor, method: str, generator: Generator) -> Tensor:
    """Turn values in [0, 1] into visible states.

    Args:
        levels: Values in [0, 1], any shape.
        method: "threshold" gives 1 from one half upward; "bernoulli" draws with the level as
            probability; "grey" keeps the levels, as probabilities in place of states.
        generator: Advanced in place by "bernoulli" alone.

    Returns:
        States of the same shape and dtype.

    Raises:
        ConfigError: If the method is unknown.
    """
    if method == "threshold":
        return (levels >= 0.5).to(levels.dtype)
    if method == "bernoulli":
        return bernoulli(levels, generator)
    if method == "grey":
        return levels
    raise ConfigError(f"binarisation is {method!r}; allowed are {', '.join(BINARISATIONS)}")
