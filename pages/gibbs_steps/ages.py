"""Younger selves of a trained machine, from the film of its run: their walks forget faster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.gates.machine import Machine
from app.gates.machines import machine_of
from app.gates.runs import GateFrame, GateJob, GateSnapshot

__all__ = ["Age", "ages", "liveliest"]

# Shares of the run at which its machine can be looked at, besides the liveliest and that of now.
SHARES = (0.0, 0.1, 0.2, 0.5)
# Gibbs steps. A walk that forgets more slowly than this hardly moves while one watches it.
LIVELY = 20.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Age:
    """One moment of a run.

    Attributes:
        epoch: Its age in epochs.
        relaxation_time: τ of its walk, in Gibbs steps.
        machine: Its machine; the same object for the same moment of the same run.
    """

    epoch: float
    relaxation_time: float
    machine: Machine


def ages(job: GateJob) -> tuple[Age, ...]:
    """Return the moments whose machines can walk, in order; the last one is now.

    Args:
        job: The run.
    """
    shot, frames = job.snapshot, job.snapshot.frames
    wanted = {round(share * (len(frames) - 1)) for share in SHARES if frames}
    lively = [i for i, frame in enumerate(frames) if _tau(frame) <= LIVELY]
    past = [frames[i] for i in sorted({*wanted, *lively[-1:]})]
    now = Age(
        epoch=shot.epoch,
        relaxation_time=_tau(shot),
        machine=machine_of(job),
    )
    return (*(_age(job, frame) for frame in past if frame.state.update < shot.update), now)


def liveliest(offered: tuple[Age, ...]) -> int:
    """Number of the oldest machine whose walk forgets within LIVELY steps; the last without one.

    Args:
        offered: What `ages` returned.
    """
    lively = [i for i, age in enumerate(offered) if age.relaxation_time <= LIVELY]
    return lively[-1] if lively else len(offered) - 1


@lru_cache(maxsize=256)
def _age(job: GateJob, frame: GateFrame) -> Age:
    machine = Machine(
        recipe=job.recipe,
        dataset=job.dataset,
        rbm=frame.state.rbm,
        update=frame.state.update,
        n_updates=job.n_updates,
    )
    return Age(epoch=frame.epoch, relaxation_time=_tau(frame), machine=machine)


def _tau(moment: GateFrame | GateSnapshot) -> float:
    """Exact τ; a machine too large for it has none."""
    tau = moment.measures.relaxation_time
    return float("nan") if tau is None else float(tau)
