"""Younger selves of a trained machine, from the film of its run: their walks forget faster."""

from __future__ import annotations

from functools import lru_cache

from app.flip_experiment import Machine
from app.gate_runs import GateFrame, GateJob

__all__ = ["LAST", "age_names", "machine_at"]

# Shares of the run at which its machine can be looked at; the last is the machine of now.
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)
LAST = len(SHARES) - 1


def age_names(job: GateJob) -> tuple[str, ...]:
    """Name the ages that a run offers, in epochs; () when it has no film.

    Args:
        job: The run.
    """
    frames = job.snapshot.frames
    return tuple(f"{_frame(frames, age).epoch:.1f}" for age in range(LAST + 1)) if frames else ()


def machine_at(job: GateJob, age: int, now: Machine) -> Machine:
    """Return the machine at an age; the same object for the same moment of the same run.

    Args:
        job: The run.
        age: Number of the age, 0 to LAST.
        now: The machine of now.
    """
    frames = job.snapshot.frames
    return _machine(job, _frame(frames, age)) if age < LAST and frames else now


def _frame(frames: tuple[GateFrame, ...], age: int) -> GateFrame:
    return frames[round(SHARES[age] * (len(frames) - 1))]


@lru_cache(maxsize=128)
def _machine(job: GateJob, frame: GateFrame) -> Machine:
    return Machine(
        recipe=job.recipe,
        dataset=job.dataset,
        rbm=frame.state.rbm,
        update=frame.state.update,
        n_updates=job.n_updates,
    )
