"""Small runs whose every batch a test knows."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rbm_core import RBM, Dataset, TrainConfig, enumerate_states, load_dataset, train

__all__ = ["DATA", "KERNELS", "ROWS", "TABLE", "frozen", "moves", "settings", "steps"]

ROWS = enumerate_states(5, dtype=torch.float32)[
    torch.as_tensor(np.random.default_rng(0).permutation(32)[:28])
]
DATA = Dataset(name="some rows", train=ROWS)
TABLE = load_dataset("and")
KERNELS = ("sampled", "matrix")


def settings(**changes: object) -> TrainConfig:
    """Seven rows an update, in order, so that a test knows each batch."""
    plain: dict[str, object] = {
        "k": 2,
        "learning_rate": 0.1,
        "batch_size": 7,
        "epochs": 2,
        "order": "sequential",
    }
    return TrainConfig(**(plain | changes))  # type: ignore[arg-type]


def steps(rbm: RBM, config: TrainConfig, n: int, dataset: Dataset = DATA) -> list[RBM]:
    """The machine after 0, 1, …, n updates."""
    run = train(dataset, config, rbm)
    machines = [run.rbm]
    for _ in range(n):
        run.advance(1)
        machines.append(run.rbm)
    return machines


def moves(machines: list[RBM], update: int) -> list[Tensor]:
    """What one update, counted from 1, added to each parameter."""
    after, before = machines[update].parameters(), machines[update - 1].parameters()
    return [a - b for a, b in zip(after, before, strict=True)]


def frozen() -> RBM:
    """A machine that copies its visible layer at every step, far beyond any doubt."""
    return RBM(80.0 * torch.eye(3), torch.full((3,), -40.0), torch.full((3,), -40.0))
