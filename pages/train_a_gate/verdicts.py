"""What became of a run: rules on its own numbers, each verdict naming the one it rests on.

What is at fault in a setting comes before what only readings tell: a run that was too slow, or
thrown about, says nothing of its size. Size is blamed only where it is known what a table needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from app.gates.runs import GateJob
from app.session.limits import LIMITS
from pages.train_a_gate.outcome import RunReadings, readings_of
from rbm_core import Capacity, Recipe, capacity, default_recipe, has_learned

__all__ = ["Fix", "Verdict", "VerdictName", "judge"]

# Share of the distance to the bound that an asleep machine has not covered.
ASLEEP_PROGRESS = 0.05
# Valid mass that swings this much between the last measures has not settled.
SWING = 0.1
# Mean move of a weight between measures, in units of the weights' own size.
RESTLESS = 0.15
RISING = 0.02
REPAIR_LEAD = 0.1
# Steps, momentum included, at which every table is learned, and from which on few are.
GOOD_STEP, WILD_STEP = 1.0, 3.5
# Decay from which on weights cannot grow to what a table needs.
HEAVY_DECAY = 0.003
SHORTEST = 5

VerdictName = Literal[
    "learned",
    "asleep",
    "slow",
    "slow_or_small",
    "thrashing",
    "too_few_hidden",
    "held_back",
    "not_at_equilibrium",
    "unfinished",
    "stuck",
]
Fix = dict[str, float | int | str]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a run.

    Attributes:
        name: What became of it.
        readings: What that rests on.
        known: What is known of the layers that its table needs, or None.
        fix: The settings to change, with their values; empty when nothing is at fault.
    """

    name: VerdictName
    readings: RunReadings
    known: Capacity | None = None
    fix: Fix = field(default_factory=dict)


def judge(job: GateJob) -> Verdict | None:
    """Judge a finished run; None while there is nothing to judge.

    Args:
        job: The run; only its snapshot and recipe are read.
    """
    shot = job.snapshot
    if shot.state != "done" or len(shot.measured["update"]) < 4:
        return None
    n, known = readings_of(job), capacity(job.recipe.dataset)
    for name, rule in _RULES:
        if (fix := rule(job, n, known)) is not None:
            return Verdict(name=name, readings=n, known=known, fix=fix)
    return Verdict(name="stuck", readings=n, known=known, fix=_usual(job))


def _learned(_job: GateJob, n: RunReadings, _known: Capacity | None) -> Fix | None:
    falling = n.rise < 0 and n.swing >= SWING
    good = has_learned(n.valid_mass, n.log_likelihood, n.bound) and not falling
    return {} if good else None


def _never_learns(job: GateJob, n: RunReadings, known: Capacity | None) -> Fix | None:
    """No start of a layer of this size has learned the table."""
    if known is None or n.n_hidden >= known.possible.n_hidden:
        return None
    return _enough(job, n, known) | _calm(n)


def _asleep(job: GateJob, n: RunReadings, known: Capacity | None) -> Fix | None:
    """Nothing was learned and the weights are small: decay, the first weights, or the rate."""
    usual = default_recipe("xor").weight_std
    if n.progress > ASLEEP_PROGRESS and n.largest > usual:
        return None
    if n.step >= GOOD_STEP and n.largest > 2 * usual:
        return None
    if n.largest < n.weight_std and n.l2 > 0:
        return {"l2": 0.0}
    fix: Fix = {"weight_std": usual} if n.weight_std < usual else {}
    if n.step < GOOD_STEP:
        fix |= _calm(n)
    return fix | _enough(job, n, known) if fix else None


def _held_back(_job: GateJob, n: RunReadings, _known: Capacity | None) -> Fix | None:
    """Decay pulls the weights back as fast as they are learned."""
    fix: Fix = {"l2": 0.0}
    return fix | _calm(n) if n.l2 >= HEAVY_DECAY else None


def _slow(job: GateJob, n: RunReadings, known: Capacity | None) -> Fix | None:
    if known is None or n.step >= GOOD_STEP:
        return None
    return _calm(n) | _enough(job, n, known)


def _thrashing(job: GateJob, n: RunReadings, known: Capacity | None) -> Fix | None:
    """The weights are thrown about: nothing settles."""
    unsettled = n.restless >= RESTLESS or n.swing >= SWING
    if n.step > WILD_STEP or (n.step > GOOD_STEP and unsettled):
        return {"learning_rate": _good_rate(n)} | _enough(job, n, known)
    return None


def _seldom_learns(job: GateJob, n: RunReadings, known: Capacity | None) -> Fix | None:
    """Settled where only some starts of a layer of this size do not end."""
    return _enough(job, n, known) or None if n.rise < RISING else None


def _not_at_equilibrium(_job: GateJob, n: RunReadings, _known: Capacity | None) -> Fix | None:
    """Chains look right after k steps from the data, the machine at equilibrium is not."""
    lead = n.success - n.valid_mass >= REPAIR_LEAD
    repairs = lead or has_learned(n.valid_mass, n.bound, n.bound)
    most = LIMITS["gate"].k[1]
    if n.forgets or not repairs or n.k >= most:
        return None
    return {"k": int(min(most, max(10 * n.k, n.tau)))}


def _unfinished(job: GateJob, n: RunReadings, _known: Capacity | None) -> Fix | None:
    """Still rising when its epochs were over."""
    most, epochs = LIMITS["gate"].epochs[1], job.recipe.training.epochs
    if n.rise < RISING or epochs >= most:
        return None
    return {"epochs": min(most, 2 * max(epochs, SHORTEST))}


def _maybe_slow(_job: GateJob, n: RunReadings, known: Capacity | None) -> Fix | None:
    """What this table needs nobody has measured: the rate is raised first."""
    return _calm(n) if known is None and n.step < GOOD_STEP else None


def _maybe_small(_job: GateJob, n: RunReadings, known: Capacity | None) -> Fix | None:
    """What this table needs nobody has measured, and the rate is high enough."""
    most = LIMITS["gate"].n_hidden[1]
    return {"n_hidden": min(most, 2 * n.n_hidden)} if known is None and n.n_hidden < most else None


_Rule = Callable[[GateJob, RunReadings, Capacity | None], Fix | None]
# What is found first is said; the rules behind rest on those before.
_RULES: tuple[tuple[VerdictName, _Rule], ...] = (
    ("learned", _learned),
    ("too_few_hidden", _never_learns),
    ("asleep", _asleep),
    ("held_back", _held_back),
    ("thrashing", _thrashing),
    ("slow", _slow),
    ("slow_or_small", _maybe_slow),
    ("too_few_hidden", _seldom_learns),
    ("not_at_equilibrium", _not_at_equilibrium),
    ("unfinished", _unfinished),
    ("slow_or_small", _maybe_small),
)


def _good_rate(n: RunReadings) -> float:
    """The rate whose steps, momentum included, have a good size."""
    return round(GOOD_STEP * (1 - n.momentum), 4)


def _calm(n: RunReadings) -> Fix:
    """The rate to go with another change, where it is off too."""
    return {} if math.isclose(n.step, GOOD_STEP) else {"learning_rate": _good_rate(n)}


def _enough(job: GateJob, n: RunReadings, known: Capacity | None) -> Fix:
    """The layer that learns from every start, and the time it needs, where this one is smaller."""
    if known is None or n.n_hidden >= known.enough.n_hidden:
        return {}
    usual = default_recipe(job.recipe.dataset).training.updates_per_epoch or 1
    needed = known.enough.epochs * usual
    a_epoch = job.n_updates / job.recipe.training.epochs
    longer: Fix = {"epochs": math.ceil(needed / a_epoch)} if job.n_updates < needed else {}
    return {"n_hidden": known.enough.n_hidden} | longer


def _usual(job: GateJob) -> Fix:
    """The settings that every gate is learned with, where the run has others; else another seed."""
    own, usual = _main(job.recipe), _main(default_recipe(job.recipe.dataset))
    changed = {name: value for name, value in usual.items() if own[name] != value}
    return changed or {"seed": job.recipe.seed + 1}


def _main(recipe: Recipe) -> Fix:
    training = recipe.training
    return {
        "k": training.final_k,
        "learning_rate": training.learning_rate_schedule.values[-1],
        "momentum": training.momentum_schedule.values[-1],
        "scheme": training.scheme,
        "gradient": training.gradient,
        "batch_size": training.batch_size,
        "weight_std": recipe.weight_std,
    }
