"""What the verdicts rest on: the readings of a run that has ended."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.gates.runs import GateJob

__all__ = ["RunReadings", "readings_of"]


@dataclass(frozen=True, kw_only=True)
class RunReadings:
    """What the rules look at, of a run that has ended.

    Attributes:
        valid_mass: Probability of the legal rows at the end.
        swing: Largest less smallest valid mass in the last third.
        progress: Share of the distance to the bound that the log-likelihood has covered.
        rise: What the log-likelihood gained in the last third, nats.
        log_likelihood: At the end, nats per row.
        bound: What it cannot exceed.
        largest: The largest weight in size.
        restless: Mean move of a weight between late measures, in units of the weights' own size.
        tau: Relaxation time at the end, Gibbs steps.
        k: Gibbs steps per update at the end.
        success: Share of the chains that were on a legal row, over the last tenth.
        n_hidden: Hidden units.
        update: Updates made.
        learning_rate: At the end.
        momentum: At the end.
        weight_std: Size of the first weights.
        l2: Weight decay.
    """

    valid_mass: float
    swing: float
    progress: float
    rise: float
    log_likelihood: float
    bound: float
    largest: float
    restless: float
    tau: float
    k: int
    success: float
    n_hidden: int
    update: int
    learning_rate: float
    momentum: float
    weight_std: float
    l2: float

    @property
    def step(self) -> float:
        """The learning rate that momentum makes of it: steps of one direction add up."""
        return self.learning_rate / (1 - self.momentum)

    @property
    def forgets(self) -> bool:
        """Whether k steps are enough to forget where a chain began."""
        return self.k >= self.tau


def readings_of(job: GateJob) -> RunReadings:
    """Read a run that has ended.

    Args:
        job: The run; only its snapshot and recipe are read.
    """
    shot, training = job.snapshot, job.recipe.training
    measured = shot.measured
    last_third = slice(2 * len(measured["update"]) // 3, None)
    mass, ll = measured["valid_mass"][last_third], measured["log_likelihood"]
    bound = job.dataset.log_likelihood_bound or 0.0
    machines = [frame.state.rbm.weights.double().numpy() for frame in shot.frames]
    late = machines[2 * len(machines) // 3 :]
    moves = [float(np.abs(b - a).mean()) for a, b in pairwise(late)]
    size = float(np.abs(machines[-1]).mean())
    success = shot.records["success_rate"][-max(1, len(shot.records["update"]) // 10) :]
    return RunReadings(
        valid_mass=float(mass[-1]),
        swing=float(mass.max() - mass.min()),
        progress=float((ll[-1] - ll[0]) / max(bound - ll[0], 1e-9)),
        rise=float(ll[-1] - ll[last_third][0]),
        log_likelihood=float(ll[-1]),
        bound=bound,
        largest=float(np.abs(machines[-1]).max()),
        restless=float(np.mean(moves)) / max(size, 1e-9) if moves else 0.0,
        tau=float(measured["relaxation_time"][-1]),
        k=training.final_k,
        success=float(np.mean(success)),
        n_hidden=job.recipe.n_hidden,
        update=shot.update,
        learning_rate=training.learning_rate_schedule.values[-1],
        momentum=training.momentum_schedule.values[-1],
        weight_std=job.recipe.weight_std,
        l2=training.l2,
    )
