"""What the unit diagram of *Flip a bit* shows, for every visible state at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from app.gates.machine import Machine
from rbm_core import attribution, enumerate_states, state_index

__all__ = ["Diagram", "diagram"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Diagram:
    """What the unit diagram needs for every visible state, so that a click needs no server.

    Attributes:
        weights: W, shape (n_visible, n_hidden).
        visible_bias: Shape (n_visible,).
        hidden_bias: Shape (n_hidden,).
        p_hidden: p(h given v) of every visible state in counting order,
            shape (2**n_visible, n_hidden).
        pushes: What each hidden unit, and last the bias, pushes on the chosen output,
            shape (2**n_visible, n_hidden + 1).
        legal: Numbers of the legal states.
    """

    weights: NDArray[np.float32]
    visible_bias: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    p_hidden: NDArray[np.float32]
    pushes: NDArray[np.float32]
    legal: tuple[int, ...]


@lru_cache(maxsize=64)
def diagram(machine: Machine, output: int) -> Diagram:
    """Compute what the unit diagram shows.

    Args:
        machine: The machine.
        output: The output bit whose pushes are shown, counted from 0.
    """
    rbm, dataset = machine.rbm, machine.dataset
    v = enumerate_states(dataset.n_visible, dtype=rbm.weights.dtype)
    return Diagram(
        weights=rbm.weights.numpy(),
        visible_bias=rbm.visible_bias.numpy(),
        hidden_bias=rbm.hidden_bias.numpy(),
        p_hidden=rbm.mean_h_given_v(v).numpy(),
        pushes=attribution(rbm, v, machine.n_inputs + output).numpy(),
        legal=tuple(int(number) for number in torch.unique(state_index(dataset.train))),
    )
