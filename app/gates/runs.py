"""Training jobs of truth tables, with everything exact measured along the way."""

from __future__ import annotations

import math

from app.jobs.job import Frame, Job, Snapshot
from app.jobs.pace import Paces
from rbm_core import Measures, Recipe, measure

__all__ = ["PACES", "GateFrame", "GateJob", "GateSnapshot", "fork", "new_job"]

GateJob = Job[Measures]
GateSnapshot = Snapshot[Measures]
GateFrame = Frame[Measures]

# Seconds that a whole run takes to watch; None runs free.
PACES: Paces = {"slow": 30.0, "normal": 6.0, "fast": None}


def new_job(recipe: Recipe) -> GateJob:
    """Make the job of a recipe's run, untrained.

    Args:
        recipe: The recipe of a truth table.
    """
    dataset = recipe.load_dataset()
    return Job(recipe, recipe.start(dataset), lambda rbm: measure(rbm, dataset), scalars)


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
    dataset = parent.dataset
    run = recipe.start(dataset, state=moment.state)
    asked = recipe
    if run.done:
        epochs = math.ceil(moment.state.update / run.n_updates_per_epoch) + recipe.training.epochs
        recipe = recipe.replace(epochs=epochs)
        run = recipe.start(dataset, state=moment.state)
    return Job(
        recipe,
        run,
        lambda rbm: measure(rbm, dataset),
        scalars,
        past=past,
        lineage=(*parent.lineage, (parent.recipe, moment.state.update)),
        asked=asked,
    )


def scalars(measures: Measures) -> dict[str, float]:
    """Return the measures that make curves; what is unknown is NaN."""

    def number(value: object) -> float:
        return math.nan if value is None else float(value)  # type: ignore[arg-type]

    return {
        "log_likelihood": number(measures.log_likelihood),
        "valid_mass": number(measures.valid_mass),
        "relaxation_time": number(measures.relaxation_time),
    }
