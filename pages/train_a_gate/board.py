"""The board of *Train a gate*: a job's snapshot in, panels and film out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.charts import distribution, regime, training, weights
from app.charts.states import state_name
from app.charts.theme import Figure, Scale
from app.components.live_board import Film, Frame, Panel
from app.gates.names import bit_names, hidden_names
from app.gates.runs import GateFrame, GateJob, GateSnapshot
from app.shared_results import SharedResults
from pages.train_a_gate.readings import Moment, moment_of, moment_of_frame
from pages.train_a_gate.words import board as words
from rbm_core import RBM, Measures, state_index

__all__ = ["film", "panels"]

CURVES = ("free_energy", "likelihood", "mass", "regime")
Array = NDArray[np.float64]
# A film takes as long as all the rest of a draw, and most draws show the same one again.
_films: SharedResults[Film] = SharedResults(32)


def panels(job: GateJob, scale: Scale, height: int) -> list[Panel]:
    """Draw a job as it stands.

    Args:
        job: The job; only its snapshot is read.
        scale: Scale of the weight colours.
        height: Pixels of each panel.
    """
    shot = job.snapshot
    moment = moment_of(job, shot)
    notes, alts = words.notes(moment), words.alts(moment)
    figures = {**_curves(job, shot, moment), **_machine(job, shot, scale)}
    return [
        Panel(
            name=name,
            title=title,
            note=notes[name],
            alt=alts[name],
            figure=figures[name],
            height=height,
        )
        for name, title in words.TITLES.items()
    ]


def film(job: GateJob, scale: Scale) -> Film:
    """Make the film of a job that stands still: every frame moves all panels together.

    Args:
        job: The job; only its snapshot is read.
        scale: Scale of the weight colours.
    """
    shot = job.snapshot
    return _films.get((shot, scale), lambda: _film(job, shot, scale))


def _film(job: GateJob, shot: GateSnapshot, scale: Scale) -> Film:
    frames = tuple(_frame(job, shot, frame, scale) for frame in shot.frames)
    return Film(frames=frames, fork_label=words.FORK, fork_help=words.FORK_HELP)


def _curves(job: GateJob, shot: GateSnapshot, moment: Moment) -> dict[str, Figure]:
    records, measured, end = _with_start(job, shot, moment), shot.measured, shot.n_updates
    at, measured_at = records["update"], measured["update"]
    return {
        "free_energy": training.free_energies(
            at, records["free_energy_data"], records["free_energy_model"], end
        ),
        "likelihood": training.likelihood(
            measured_at, measured["log_likelihood"], moment.bound, end
        ),
        "mass": training.masses(
            measured_at, measured["valid_mass"], at, records["success_rate"], end
        ),
        "regime": regime.regime(measured_at, measured["relaxation_time"], at, records["k"], end),
    }


def _machine(job: GateJob, shot: GateSnapshot, scale: Scale) -> dict[str, Figure]:
    dataset, rbm = job.dataset, shot.rbm
    legal = [int(state) for state in state_index(dataset.train)]
    states = [state_name(number, rbm.n_visible) for number in range(2**rbm.n_visible)]
    names = bit_names(dataset), hidden_names(rbm.n_hidden)
    return {
        "weights": weights.heatmap(*_parameters(rbm), *names, scale),
        "distribution": distribution.bars(
            _probabilities(shot.measures), states, legal, 1 / len(legal)
        ),
    }


def _frame(job: GateJob, shot: GateSnapshot, frame: GateFrame, scale: Scale) -> Frame:
    update, rbm = frame.state.update, frame.state.rbm
    moment = moment_of_frame(job, shot, frame)
    notes, alts = words.notes(moment), words.alts(moment)
    bars = distribution.heights(_probabilities(frame.measures), 2**rbm.n_visible)
    changes: dict[str, dict[str, Any]] = {
        "weights": {"data": {"0": weights.cells(*_parameters(rbm), scale)}},
        "distribution": {"data": {"0": bars}},
        **{name: {"layout": training.cursor(update)} for name in CURVES},
    }
    patches = {
        name: {**change, "note": notes[name], "alt": alts[name]} for name, change in changes.items()
    }
    return Frame(label=words.moment(update, frame.epoch), patches=patches)


def _with_start(job: GateJob, shot: GateSnapshot, moment: Moment) -> Mapping[str, Array]:
    """The training curves; before the first update, the exact expectation of their first point."""
    if len(shot.records["update"]):
        return shot.records
    point = moment.curves
    first = {
        "update": 0.0,
        "k": float(job.recipe.training.first_k),
        "free_energy_data": point.free_energy_data,
        "free_energy_model": point.free_energy_model,
        "success_rate": point.success_rate,
    }
    return {name: np.array([value]) for name, value in first.items()}


def _parameters(rbm: RBM) -> tuple[Array, Array, Array]:
    w, b, c = (parameter.double().numpy() for parameter in rbm.parameters())
    return w, b, c


def _probabilities(measures: Measures) -> Array:
    assert measures.distribution is not None  # noqa: S101  (truth tables are small)
    p: Array = measures.distribution.numpy()
    return p
