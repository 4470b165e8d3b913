"""What became of a run: rules on its own numbers, each verdict naming the one it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np

from app.gates.runs import GateJob
from app.session.limits import LIMITS
from rbm_core import default_recipe

__all__ = ["RunReadings", "Verdict", "VerdictName", "judge"]

LEARNED = 0.95
# Share of the distance to the bound that an asleep machine has not covered.
ASLEEP_PROGRESS = 0.05
# Valid mass that swings this much between the last measures has not settled.
SWING = 0.1
# Mean move of a weight between measures, in units of the weights' own size.
RESTLESS = 0.15
RISING = 0.02
REPAIR_LEAD = 0.1
# Nats below the bound at which rows that are all legal are far from equally likely.
UNEVEN = 0.2


VerdictName = Literal[
    "learned", "asleep", "thrashing", "too_few_hidden", "not_at_equilibrium", "unfinished"
]


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
        weight_std: Size of the first weights.
        l2: Weight decay.
        n_legal: Rows of the table.
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
    weight_std: float
    l2: float
    n_legal: int


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a run.

    Attributes:
        name: What became of it.
        readings: What that rests on.
        fix: The settings to change, with their values; empty when nothing is at fault.
    """

    name: VerdictName
    readings: RunReadings
    fix: dict[str, float | int] = field(default_factory=dict)


def judge(job: GateJob) -> Verdict | None:
    """Judge a finished run; None while there is nothing to judge.

    Args:
        job: The run; only its snapshot and recipe are read.
    """
    shot = job.snapshot
    if shot.state != "done" or len(shot.measured["update"]) < 4:
        return None
    readings = _readings(job)
    for rule in (_learned, _asleep, _thrashing, _not_at_equilibrium, _unfinished):
        if (found := rule(job, readings)) is not None:
            return found
    return _too_few_hidden(job, readings)


def _readings(job: GateJob) -> RunReadings:
    shot = job.snapshot
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
        k=job.recipe.training.final_k,
        success=float(np.mean(success)),
        n_hidden=job.recipe.n_hidden,
        update=shot.update,
        learning_rate=job.recipe.training.learning_rate_schedule.values[-1],
        weight_std=job.recipe.weight_std,
        l2=job.recipe.training.l2,
        n_legal=len(job.dataset.train),
    )


def _learned(_job: GateJob, n: RunReadings) -> Verdict | None:
    falling = n.rise < 0 and n.swing >= SWING
    uneven = n.bound - n.log_likelihood > UNEVEN
    good = n.valid_mass >= LEARNED and not falling and not uneven
    return Verdict(name="learned", readings=n) if good else None


def _asleep(_job: GateJob, n: RunReadings) -> Verdict | None:
    """Nothing was learned and the weights are small: decay, the first weights, or the rate."""
    usual = default_recipe("xor")
    usual_rate = usual.training.learning_rate_schedule.values[0]
    if n.progress > ASLEEP_PROGRESS and n.largest > usual.weight_std:
        return None
    if n.learning_rate >= usual_rate and n.largest > 2 * usual.weight_std:
        return None
    fix: dict[str, float | int] = {}
    if n.largest < n.weight_std and n.l2 > 0:
        return Verdict(name="asleep", readings=n, fix={"l2": 0.0})
    if n.weight_std < usual.weight_std:
        fix["weight_std"] = usual.weight_std
    if n.learning_rate < usual_rate:
        fix["learning_rate"] = usual_rate
    return Verdict(name="asleep", readings=n, fix=fix) if fix else None


def _thrashing(_job: GateJob, n: RunReadings) -> Verdict | None:
    """The weights are thrown about: large moves late in the run, and nothing settles."""
    if n.restless < RESTLESS and n.swing < SWING:
        return None
    slower = [rate for rate in LIMITS["gate"].learning_rates if rate < n.learning_rate]
    if not slower or n.learning_rate <= 1.0:
        return None
    return Verdict(name="thrashing", readings=n, fix={"learning_rate": max(1.0, slower[-1] / 3)})


def _not_at_equilibrium(_job: GateJob, n: RunReadings) -> Verdict | None:
    """Chains look right after k steps from the data, the machine at equilibrium is not."""
    repairs = n.success - n.valid_mass >= REPAIR_LEAD or n.valid_mass >= LEARNED
    if n.tau <= n.k or not repairs or n.k >= LIMITS["gate"].k[1]:
        return None
    most = LIMITS["gate"].k[1]
    longer = int(min(most, max(10 * n.k, n.tau)))
    return Verdict(name="not_at_equilibrium", readings=n, fix={"k": longer})


def _unfinished(job: GateJob, n: RunReadings) -> Verdict | None:
    """Still rising when its epochs were over."""
    most = LIMITS["gate"].epochs[1]
    if n.rise < RISING or job.recipe.training.epochs >= most:
        return None
    epochs = min(most, 2 * job.recipe.training.epochs)
    return Verdict(name="unfinished", readings=n, fix={"epochs": epochs})


def _too_few_hidden(job: GateJob, n: RunReadings) -> Verdict:
    """Settled, awake, at equilibrium, and still wrong: the machine cannot hold the table."""
    enough = max(job.recipe.n_hidden + 1, min(len(job.dataset.train), LIMITS["gate"].n_hidden[1]))
    fix = {"n_hidden": min(enough, LIMITS["gate"].n_hidden[1])}
    grown = fix["n_hidden"] > job.recipe.n_hidden
    return Verdict(name="too_few_hidden", readings=n, fix=dict(fix) if grown else {})
