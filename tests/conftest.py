"""Shared machinery: one thread, and machines of prime sizes so that swapped axes show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from rbm_core import RBM
from tests.oracle import Machine

N_VISIBLE, N_HIDDEN = 5, 3

# Tiny tensors gain nothing from threads, and lose much on busy cores.
torch.set_num_threads(1)

MakeMachine = Callable[..., RBM]


@pytest.fixture
def make_rbm() -> MakeMachine:
    """Make machines with N(0, 1) parameters in double precision."""

    def make(
        seed: int = 0,
        *lead: int,
        n_visible: int = N_VISIBLE,
        n_hidden: int = N_HIDDEN,
        scale: float = 1.0,
    ) -> RBM:
        draw = np.random.default_rng(seed).standard_normal
        return RBM(
            torch.as_tensor(scale * draw((*lead, n_visible, n_hidden))),
            torch.as_tensor(scale * draw((*lead, n_visible))),
            torch.as_tensor(scale * draw((*lead, n_hidden))),
        )

    return make


@pytest.fixture
def rbm(make_rbm: MakeMachine) -> RBM:
    """One machine: 5 visible, 3 hidden units."""
    return make_rbm(0)


@pytest.fixture
def as_oracle() -> Callable[[RBM], Machine]:
    """Hand a machine's numbers to the oracle."""

    def convert(rbm: RBM) -> Machine:
        weights, visible_bias, hidden_bias = (p.double().numpy() for p in rbm.parameters())
        return Machine(weights, visible_bias, hidden_bias)

    return convert
