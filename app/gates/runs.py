"""Training jobs of truth tables, with everything exact measured along the way."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from torch import Tensor

from app.jobs.job import Frame, Job, Snapshot
from app.jobs.pace import Paces
from app.jobs.scheduler import scheduler
from rbm_core import Measures, Recipe, TrainRun, measure

__all__ = [
    "PACES",
    "GateFrame",
    "GateJob",
    "GateSnapshot",
    "Readings",
    "fork",
    "new_job",
    "train_for_all",
]

GateSnapshot = Snapshot[Measures]
GateFrame = Frame[Measures]

# Seconds that a whole run takes to watch; None runs free.
PACES: Paces = {"slow": 30.0, "normal": 6.0, "fast": None}


@dataclass(frozen=True, kw_only=True)
class Readings:
    """The exact measures that make curves; what is unknown is NaN.

    Attributes:
        log_likelihood: Nats per row.
        valid_mass: Probability of the legal rows.
        relaxation_time: τ in Gibbs steps.
    """

    log_likelihood: float
    valid_mass: float
    relaxation_time: float

    @classmethod
    def of(cls, measures: Measures) -> Readings:
        """Read the measures of a machine."""

        def known(value: Tensor | None) -> float:
            return math.nan if value is None else float(value)

        return cls(
            log_likelihood=known(measures.log_likelihood),
            valid_mass=known(measures.valid_mass),
            relaxation_time=known(measures.relaxation_time),
        )


class GateJob(Job[Measures]):
    """A run of a truth table, measured exactly."""

    def __init__(
        self,
        recipe: Recipe,
        run: TrainRun,
        *,
        past: GateSnapshot | None = None,
        lineage: tuple[tuple[Recipe, int], ...] = (),
        asked: Recipe | None = None,
    ) -> None:
        """Take a run over.

        Args:
            recipe: What the run was started from.
            run: The run.
            past: The snapshot this run was forked from.
            lineage: For a fork, each ancestor's recipe and the update at which it was left.
            asked: The settings that were asked for, where a fork had to prolong them.
        """
        super().__init__(
            recipe,
            run,
            lambda rbm: measure(rbm, run.dataset),
            lambda measures: asdict(Readings.of(measures)),
            past=past,
            lineage=lineage,
            asked=asked,
        )


def new_job(recipe: Recipe) -> GateJob:
    """Make the job of a recipe's run, untrained.

    Args:
        recipe: The recipe of a truth table.
    """
    return GateJob(recipe, recipe.start())


def fork(parent: GateJob, frame: int, recipe: Recipe) -> GateJob:
    """Continue from a moment of a film with other settings, on the same random stream.

    When the moment lies at or behind the end that the new settings give, the run is made longer
    by as many epochs as they ask for.

    Args:
        parent: The job whose film it is.
        frame: Number of the frame.
        recipe: The settings from there on; sizes must be the parent's.
    """
    past = parent.snapshot
    moment = past.frames[frame]
    run = recipe.start(parent.dataset, state=moment.state)
    asked = recipe
    if run.done:
        epochs = math.ceil(moment.state.update / run.n_updates_per_epoch) + recipe.training.epochs
        recipe = recipe.replace(epochs=epochs)
        run = recipe.start(parent.dataset, state=moment.state)
    return GateJob(
        recipe,
        run,
        past=past,
        lineage=(*parent.lineage, (parent.recipe, moment.state.update)),
        asked=asked,
    )


def train_for_all(recipe: Recipe, owner: str) -> GateJob:
    """Make a run that everybody may look at, and let it train to its end.

    Args:
        recipe: The recipe of a truth table.
        owner: What it is kept for.
    """
    job = new_job(recipe)
    scheduler().add(job, owner)
    scheduler().train(job)
    return job
