"""How far the chains of a training run lag behind the machine that they train."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from rbm_core.errors import ShapeError
from rbm_core.likelihood.ladder import works
from rbm_core.machine.rbm import RBM

__all__ = ["TrainingLag", "training_lag"]


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainingLag:
    """Lag of training chains at each rung but the first.

    Attributes:
        lag: In standard deviations of the work at equilibrium, shape (n_rungs - 1,), float64;
            0 for chains at equilibrium, above it for chains that still look like an older machine.
        std_error: Its standard error, same shape, as if all states were independent.
    """

    lag: Tensor
    std_error: Tensor


def training_lag(rungs: RBM, samples: Tensor, chains: Tensor) -> TrainingLag:
    """Compare the chains of training with equilibrium, along the direction that training moves in.

    With the work w_t(v) = F_t(v) - F_{t-1}(v) of the step from one rung to the next,

    lag_t = (mean w_t of the training chains - mean w_t at equilibrium) / sd of w_t at equilibrium.

    Args:
        rungs: Machines of a run by age, replicas along one axis.
        samples: Equilibrium states of each, shape (n_rungs, n_samples, n_visible), as the state of
            `ladder_estimate` holds them.
        chains: States where the chains of training ended at each age,
            shape (n_rungs, n_chains, n_visible), as `contrastive_gradient` gives them.

    Returns:
        The lag with its error. It sees one direction only: chains can be off equilibrium and not
        lag. Chains that start at the data (CD) do not, though they never leave their mode.

    Raises:
        ShapeError: If the states do not fit the rungs.

    Source: Barrat-Charlaix et al., documentation of adabmDCA; Béreux et al. (2026).
    """
    for name, states in (("samples", samples), ("chains", chains)):
        if states.ndim != 3 or tuple(states.shape[::2]) != (len(rungs.weights), rungs.n_visible):
            raise ShapeError(
                f"{name} have shape {tuple(states.shape)}; they must be "
                f"({len(rungs.weights)}, n, {rungs.n_visible})"
            )
    _below, ours = works(rungs, chains.to(rungs.weights))
    _below, theirs = works(rungs, samples.to(rungs.weights))
    variance = theirs.var(1)
    noise = ours.var(1) / ours.shape[1] + variance / theirs.shape[1]
    return TrainingLag(
        lag=(ours.mean(1) - theirs.mean(1)) / variance.sqrt(),
        std_error=(noise / variance).sqrt(),
    )
