"""The film of a run: its machines by age, replicas along one axis, youngest first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from rbm_core.errors import ConfigError, ShapeError, require_whole
from rbm_core.machine.rbm import RBM

__all__ = ["film_length", "film_of", "log_spaced_updates"]

# Swap rates of neighbouring frames stay above one half with these many, for gates and for digits
# with 100 hidden units over 28 000 updates.
N_FRAMES = 48
SINGLE_PRECISION = 4


def log_spaced_updates(n_updates: int, n: int = N_FRAMES, first: int = 10) -> list[int]:
    """Ages at which a run keeps its film: spaced evenly in the logarithm, the last one included.

    Args:
        n_updates: Updates of the run, at least 1.
        n: Frames at most; early ages that fall on one update are kept once.
        first: The first age; before 10 updates little has happened.

    Returns:
        Ages in updates, rising, the last n_updates.

    Raises:
        ConfigError: If a count is below 1.
    """
    for name, value in (("n_updates", n_updates), ("n", n), ("first", first)):
        require_whole(name, value)
    if n == 1 or first >= n_updates:
        return [n_updates]
    return [int(age) for age in np.unique(np.rint(np.geomspace(first, n_updates, n)))]


def film_length(n_visible: int, n_hidden: int, n_bytes: int = 10_000_000) -> int:
    """Frames of a film that fit into some memory in single precision, at most 48.

    Args:
        n_visible: Visible units.
        n_hidden: Hidden units.
        n_bytes: The memory, enough for one frame at least.

    Raises:
        ConfigError: If a count is below 1 or not even one frame fits.
    """
    for name, value in (("n_visible", n_visible), ("n_hidden", n_hidden)):
        require_whole(name, value)
    frame = SINGLE_PRECISION * (n_visible * n_hidden + n_visible + n_hidden)
    if n_bytes < frame:
        raise ConfigError(f"n_bytes is {n_bytes}; one machine of these sizes takes {frame}")
    return min(N_FRAMES, n_bytes // frame)


def film_of(machines: Sequence[RBM]) -> RBM:
    """Put machines of one run together as a film.

    Args:
        machines: By age, youngest first; single ones of the same sizes.

    Returns:
        An ensemble along one axis.

    Raises:
        ShapeError: If there is none, or their shapes differ, or they are ensembles.
    """
    shapes = {tuple(rbm.weights.shape) for rbm in machines}
    if len(shapes) != 1 or machines[0].replica_shape:
        raise ShapeError(
            f"machines have weights {', '.join(map(str, sorted(shapes))) or 'of no shape'}; a film "
            "needs single machines of the same sizes, one at least"
        )
    parts = zip(*(rbm.parameters() for rbm in machines), strict=True)
    return RBM(*(torch.stack(part) for part in parts))
