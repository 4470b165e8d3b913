"""What a training run carries from update to update, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM

__all__ = ["TrainRecord", "TrainState"]


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainState:
    """All that the next update needs; a run continued from it equals one never interrupted.

    Attributes:
        rbm: The machine.
        velocity: Last step of each parameter (momentum).
        persistent_chains: Visible states of the chains, shape (..., n_chains, n_visible), or None
            when the scheme keeps none.
        offset_v: Centring offset of the visible units, shape (..., n_visible).
        offset_h: Centring offset of the hidden units, shape (..., n_hidden).
        generator_state: Bytes of the random stream, uint8.
        update: Gradient updates made so far.
        seconds: Time spent on them.
    """

    rbm: RBM
    velocity: Parameters
    persistent_chains: Tensor | None
    offset_v: Tensor
    offset_h: Tensor
    generator_state: Tensor
    update: int
    seconds: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainRecord:
    """What happened since the last record. Means are over the updates in between.

    Attributes:
        update: Gradient updates made so far.
        epoch: The same in epochs.
        free_energy_data: Mean free energy of the batches in nats, shape of the replica axes.
        free_energy_model: The same of the chains after k steps.
        success_rate: Share of the chains that stood on a legal row after k steps, or None when
            the data are no truth table. It speaks of k-step repair, not of generation.
        learning_rate: Step size at the last update.
        k: Gibbs steps at the last update.
        seconds: Time spent on updates so far.
        done: Whether the run is complete.
    """

    update: int
    epoch: float
    free_energy_data: Tensor
    free_energy_model: Tensor
    success_rate: Tensor | None
    learning_rate: float
    k: int
    seconds: float
    done: bool

    @property
    def free_energy_gap(self) -> Tensor:
        """Mean F(data) minus mean F(model), the notebook's loss."""
        return self.free_energy_data - self.free_energy_model
