"""What the captions of the board name: a moment of a run, as numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from app.gates.runs import GateFrame, GateJob, GateSnapshot, Readings
from rbm_core import RBM, enumerate_states, expected_path, transition_matrix

__all__ = ["CurvePoint", "Moment", "moment_of", "moment_of_frame"]


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """What training felt lately, as means; NaN where there is nothing yet.

    Attributes:
        free_energy_data: Mean free energy of the rows, nats.
        free_energy_model: Mean free energy of the chains after k steps, nats.
        success_rate: Share of the chains on a legal row.
        epoch: The epoch whose means these are, those that the command line prints; 0 before one
            is over: then they are the curves' last point.
        expected: Whether these are expectations, before the first update, and not means.
    """

    free_energy_data: float
    free_energy_model: float
    success_rate: float
    epoch: int = 0
    expected: bool = False

    @property
    def gap(self) -> float:
        """What training feels, in nats."""
        return self.free_energy_data - self.free_energy_model


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment of a run.

    Attributes:
        exact: The exact readings of its machine.
        curves: The training curves there.
        largest: The largest parameter in size.
        k: Gibbs steps per update at the end of the run.
        n_legal: Rows of the table.
        bound: What the log-likelihood cannot exceed; NaN without a bound.
    """

    exact: Readings
    curves: CurvePoint
    largest: float
    k: int
    n_legal: int
    bound: float


def moment_of(job: GateJob, shot: GateSnapshot) -> Moment:
    """Read a run as it stands; before the first update, what it would record on average.

    Args:
        job: The run.
        shot: Its snapshot.
    """
    point = _recorded(shot, shot.update) if shot.update else _expected_start(job, shot.rbm)
    return _moment(job, shot.rbm, Readings.of(shot.measures), point)


def moment_of_frame(job: GateJob, shot: GateSnapshot, frame: GateFrame) -> Moment:
    """Read a moment of a run's film.

    Args:
        job: The run.
        shot: Its snapshot, whose curves reach over the frame.
        frame: The frame.
    """
    point = _recorded(shot, frame.state.update)
    return _moment(job, frame.state.rbm, Readings.of(frame.measures), point)


def _moment(job: GateJob, rbm: RBM, exact: Readings, point: CurvePoint) -> Moment:
    bound = job.dataset.log_likelihood_bound
    return Moment(
        exact=exact,
        curves=point,
        largest=float(max(p.abs().max() for p in rbm.parameters())),
        k=job.recipe.training.final_k,
        n_legal=len(job.dataset.train),
        bound=math.nan if bound is None else bound,
    )


def _recorded(shot: GateSnapshot, update: int) -> CurvePoint:
    """The means of the last epoch that was over; before that, the curves' last point, or NaN."""
    whole = shot.epochs["update"]
    curves = shot.epochs if len(whole) and update >= whole[0] else shot.records
    place = int(np.searchsorted(curves["update"], update, side="right")) - 1

    def at(name: str) -> float:
        return float(curves[name][place]) if place >= 0 else math.nan

    return CurvePoint(
        epoch=round(at("epoch")) if curves is shot.epochs else 0,
        free_energy_data=at("free_energy_data"),
        free_energy_model=at("free_energy_model"),
        success_rate=at("success_rate"),
    )


def _expected_start(job: GateJob, fresh: RBM) -> CurvePoint:
    """What the first update would record on average: chains go k steps from the scheme's start."""
    rbm, rows = fresh.to(dtype=torch.float64), job.dataset.train.double()
    k = job.recipe.training.first_k
    legal = job.dataset.legal_states().double()
    start = torch.ones_like(legal) if job.recipe.training.scheme == "rdm" else legal
    law, free = start / start.sum(), rbm.free_energy(enumerate_states(rbm.n_visible))
    matrix = transition_matrix(rbm)
    return CurvePoint(
        free_energy_data=float(rbm.free_energy(rows).mean()),
        free_energy_model=float(expected_path(matrix, law, free, k)[-1]),
        success_rate=float(expected_path(matrix, law, legal, k)[-1]),
        expected=True,
    )
