"""What became of a run: rules on its own numbers, each verdict naming the one it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from app.gates.runs import GateJob
from app.session.limits import LIMITS
from rbm_core import default_recipe

__all__ = ["Verdict", "judge"]

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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a run.

    Attributes:
        name: "learned", "asleep", "thrashing", "too_few_hidden", "not_at_equilibrium" or
            "unfinished".
        numbers: What it rests on, by name.
        fix: The settings to change, with their values; empty when nothing is at fault.
    """

    name: str
    numbers: dict[str, float] = field(default_factory=dict)
    fix: dict[str, float | int] = field(default_factory=dict)


def judge(job: GateJob) -> Verdict | None:
    """Judge a finished run; None while there is nothing to judge.

    Args:
        job: The run; only its snapshot and recipe are read.
    """
    shot = job.snapshot
    if shot.state != "done" or len(shot.measured["update"]) < 4:
        return None
    numbers = _numbers(job)
    for rule in (_learned, _asleep, _thrashing, _not_at_equilibrium, _unfinished):
        if (found := rule(job, numbers)) is not None:
            return found
    return _too_few_hidden(job, numbers)


def _numbers(job: GateJob) -> dict[str, float]:
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
    return {
        "valid_mass": float(mass[-1]),
        "swing": float(mass.max() - mass.min()),
        "progress": float((ll[-1] - ll[0]) / max(bound - ll[0], 1e-9)),
        "rise": float(ll[-1] - ll[last_third][0]),
        "log_likelihood": float(ll[-1]),
        "bound": bound,
        "largest": float(np.abs(machines[-1]).max()),
        "restless": float(np.mean(moves)) / max(size, 1e-9) if moves else 0.0,
        "tau": float(measured["relaxation_time"][-1]),
        "k": float(job.recipe.training.final_k),
        "success": float(np.mean(success)),
        "n_hidden": float(job.recipe.n_hidden),
        "update": float(shot.update),
        "learning_rate": float(job.recipe.training.learning_rate_schedule.values[-1]),
        "weight_std": job.recipe.weight_std,
        "l2": job.recipe.training.l2,
        "n_legal": float(len(job.dataset.train)),
    }


def _learned(_job: GateJob, n: dict[str, float]) -> Verdict | None:
    falling = n["rise"] < 0 and n["swing"] >= SWING
    uneven = n["bound"] - n["log_likelihood"] > UNEVEN
    good = n["valid_mass"] >= LEARNED and not falling and not uneven
    return Verdict(name="learned", numbers=n) if good else None


def _asleep(_job: GateJob, n: dict[str, float]) -> Verdict | None:
    """Nothing was learned and the weights are small: decay, the first weights, or the rate."""
    usual = default_recipe("xor")
    usual_rate = usual.training.learning_rate_schedule.values[0]
    if n["progress"] > ASLEEP_PROGRESS and n["largest"] > usual.weight_std:
        return None
    if n["learning_rate"] >= usual_rate and n["largest"] > 2 * usual.weight_std:
        return None
    fix: dict[str, float | int] = {}
    if n["largest"] < n["weight_std"] and n["l2"] > 0:
        return Verdict(name="asleep", numbers=n, fix={"l2": 0.0})
    if n["weight_std"] < usual.weight_std:
        fix["weight_std"] = usual.weight_std
    if n["learning_rate"] < usual_rate:
        fix["learning_rate"] = usual_rate
    return Verdict(name="asleep", numbers=n, fix=fix) if fix else None


def _thrashing(_job: GateJob, n: dict[str, float]) -> Verdict | None:
    """The weights are thrown about: large moves late in the run, and nothing settles."""
    if n["restless"] < RESTLESS and n["swing"] < SWING:
        return None
    slower = [rate for rate in LIMITS["gate"].learning_rates if rate < n["learning_rate"]]
    if not slower or n["learning_rate"] <= 1.0:
        return None
    return Verdict(name="thrashing", numbers=n, fix={"learning_rate": max(1.0, slower[-1] / 3)})


def _not_at_equilibrium(_job: GateJob, n: dict[str, float]) -> Verdict | None:
    """Chains look right after k steps from the data, the machine at equilibrium is not."""
    repairs = n["success"] - n["valid_mass"] >= REPAIR_LEAD or n["valid_mass"] >= LEARNED
    if n["tau"] <= n["k"] or not repairs or n["k"] >= LIMITS["gate"].k[1]:
        return None
    most = LIMITS["gate"].k[1]
    longer = int(min(most, max(10 * n["k"], n["tau"])))
    return Verdict(name="not_at_equilibrium", numbers=n, fix={"k": longer})


def _unfinished(job: GateJob, n: dict[str, float]) -> Verdict | None:
    """Still rising when its epochs were over."""
    most = LIMITS["gate"].epochs[1]
    if n["rise"] < RISING or job.recipe.training.epochs >= most:
        return None
    epochs = min(most, 2 * job.recipe.training.epochs)
    return Verdict(name="unfinished", numbers=n, fix={"epochs": epochs})


def _too_few_hidden(job: GateJob, n: dict[str, float]) -> Verdict:
    """Settled, awake, at equilibrium, and still wrong: the machine cannot hold the table."""
    enough = max(job.recipe.n_hidden + 1, min(len(job.dataset.train), LIMITS["gate"].n_hidden[1]))
    fix = {"n_hidden": min(enough, LIMITS["gate"].n_hidden[1])}
    grown = fix["n_hidden"] > job.recipe.n_hidden
    return Verdict(name="too_few_hidden", numbers=n, fix=dict(fix) if grown else {})
