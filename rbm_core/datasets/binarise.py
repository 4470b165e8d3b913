"""From grey levels to the bits a binary machine sees."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.errors import ConfigError
from rbm_core.generators import Generator, bernoulli

__all__ = ["BINARISATIONS", "binarise", "binary_rows"]

BINARISATIONS = ("threshold", "bernoulli", "grey")

# Rows that are worked on at once: a few MB of images.
SLICE_ROWS = 1024


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


def binary_rows(levels: Tensor, method: str, generator: Generator | None = None) -> Tensor:
    """Do as `binarise`, in a quarter of the memory and without another copy of the levels.

    Args:
        levels: Values in [0, 1], shape (n_samples, n_visible).
        method: "threshold", or "bernoulli", which draws the same numbers as `binarise`.
        generator: Advanced in place by "bernoulli", which needs it.

    Returns:
        Bits of the same shape, uint8.

    Raises:
        ConfigError: If the method gives no bits, or lacks its generator.
    """
    if method == "grey" or (method == "bernoulli" and generator is None):
        raise ConfigError(
            f"binarisation {method!r} with generator {generator!r} gives no bits; "
            "use 'threshold', or 'bernoulli' with a generator"
        )
    bits = torch.empty(levels.shape, dtype=torch.uint8, device=levels.device)
    for part, given in zip(bits.split(SLICE_ROWS), levels.split(SLICE_ROWS), strict=True):
        if generator is None or method != "bernoulli":
            part.copy_(given >= 0.5)
        else:
            part.copy_(binarise(given, method, generator))
    return bits
