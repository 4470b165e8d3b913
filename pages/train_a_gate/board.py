"""The board of *Train a gate*: a job's snapshot in, panels and film out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from app.charts import distribution, regime, training, weights
from app.charts.states import state_name
from app.components.live_board import Film, Frame, Panel
from app.gates.names import bit_names, hidden_names
from app.gates.runs import GateFrame, GateJob, GateSnapshot
from pages.train_a_gate import words
from rbm_core import (
    RBM,
    Dataset,
    Measures,
    enumerate_states,
    expected_path,
    state_index,
    transition_matrix,
)

__all__ = ["film", "panels"]

CURVES = ("free_energy", "likelihood", "mass", "regime")
Array = NDArray[np.float64]


def panels(job: GateJob, scale: str, height: int) -> list[Panel]:
    """Draw a job as it stands.

    Args:
        job: The job; only its snapshot is read.
        scale: Scale of the weight colours.
        height: Pixels of each panel.
    """
    shot, dataset = job.snapshot, job.dataset
    records, measured = _with_start(job, shot), shot.measured
    end = shot.n_updates
    notes, alts = words.notes(_numbers(job, shot)), words.alts(_numbers(job, shot))
    legal = [int(state) for state in state_index(dataset.train)]
    figures = {
        "free_energy": training.free_energies(
            records["update"], records["free_energy_data"], records["free_energy_model"], end
        ),
        "likelihood": training.likelihood(
            measured["update"], measured["log_likelihood"], _bound(dataset), end
        ),
        "mass": training.masses(
            measured["update"],
            measured["valid_mass"],
            records["update"],
            records["success_rate"],
            end,
        ),
        "weights": weights.heatmap(
            *_parameters(shot.rbm), bit_names(dataset), hidden_names(shot.rbm.n_hidden), scale
        ),
        "distribution": distribution.bars(
            _probabilities(shot.measures), _state_names(dataset.n_visible), legal, 1 / len(legal)
        ),
        "regime": regime.regime(
            measured["update"], measured["relaxation_time"], records["update"], records["k"], end
        ),
    }
    return [
        Panel(
            name=name,
            title=words.TITLES[name],
            note=notes[name],
            alt=alts[name],
            figure=figures[name],
            height=height,
        )
        for name in figures
    ]


def film(job: GateJob, scale: str) -> Film:
    """Make the film of a job that stands still: every frame moves all panels together.

    Args:
        job: The job; only its snapshot is read.
        scale: Scale of the weight colours.
    """
    shot = job.snapshot
    frames = tuple(_frame(job, shot, frame, scale) for frame in shot.frames)
    return Film(frames=frames, fork_label=words.FORK, fork_help=words.FORK_HELP)


def _frame(job: GateJob, shot: GateSnapshot, frame: GateFrame, scale: str) -> Frame:
    update, rbm, measures = frame.state.update, frame.state.rbm, frame.measures
    numbers = _numbers(job, shot) | _measured_numbers(measures) | _recorded_numbers(shot, update)
    notes, alts = words.notes(numbers), words.alts(numbers)
    n_states = 2**rbm.n_visible
    changes: dict[str, dict[str, Any]] = {
        "weights": {"data": {"0": weights.cells(*_parameters(rbm), scale)}},
        "distribution": {"data": {"0": distribution.heights(_probabilities(measures), n_states)}},
        **{name: {"layout": training.cursor(update)} for name in CURVES},
    }
    patches = {
        name: {**change, "note": notes[name], "alt": alts[name]} for name, change in changes.items()
    }
    return Frame(label=words.moment(update, frame.epoch), patches=patches)


def _with_start(job: GateJob, shot: GateSnapshot) -> Mapping[str, Array]:
    """The training curves; before the first update, the exact expectation of their first point."""
    if len(shot.records["update"]):
        return shot.records
    return {name: np.array([value]) for name, value in _expected_start(job, shot).items()}


def _expected_start(job: GateJob, shot: GateSnapshot) -> dict[str, float]:
    """What the first update would record on average: chains go k steps from the scheme's start."""
    rbm, rows = shot.rbm.to(dtype=torch.float64), job.dataset.train.double()
    training_config = job.recipe.training
    k = training_config.first_k
    states = enumerate_states(rbm.n_visible)
    legal = job.dataset.legal_states().double()
    start = torch.ones_like(legal) if training_config.scheme == "rdm" else legal
    law, free = start / start.sum(), rbm.free_energy(states)
    matrix = transition_matrix(rbm)
    return {
        "update": 0.0,
        "expected": 1.0,
        "k": float(k),
        "free_energy_data": float(rbm.free_energy(rows).mean()),
        "free_energy_model": float(expected_path(matrix, law, free, k)[-1]),
        "success_rate": float(expected_path(matrix, law, legal, k)[-1]),
    }


def _state_names(n_visible: int) -> list[str]:
    return [state_name(number, n_visible) for number in range(2**n_visible)]


def _parameters(rbm: RBM) -> tuple[Array, Array, Array]:
    w, b, c = (parameter.double().numpy() for parameter in rbm.parameters())
    return w, b, c


def _probabilities(measures: Measures) -> Array:
    assert measures.distribution is not None  # noqa: S101  (truth tables are small)
    p: Array = measures.distribution.numpy()
    return p


def _bound(dataset: Dataset) -> float:
    bound = dataset.log_likelihood_bound
    return math.nan if bound is None else bound


def _numbers(job: GateJob, shot: GateSnapshot) -> dict[str, float]:
    """Everything the captions name, from the snapshot itself."""
    return {
        "bound": _bound(job.dataset),
        "n_legal": float(len(job.dataset.train)),
        "largest": float(max(p.abs().max() for p in shot.rbm.parameters())),
        "k": float(job.recipe.training.final_k),
        **_measured_numbers(shot.measures),
        **(_recorded_numbers(shot, shot.update) if shot.update else _expected_start(job, shot)),
    }


def _measured_numbers(measures: Measures) -> dict[str, float]:
    def number(value: object) -> float:
        return math.nan if value is None else float(value)  # type: ignore[arg-type]

    return {
        "log_likelihood": number(measures.log_likelihood),
        "valid_mass": number(measures.valid_mass),
        "tau": number(measures.relaxation_time),
    }


def _recorded_numbers(shot: GateSnapshot, update: int) -> dict[str, float]:
    """The training curves at or before an update; NaN before the first point."""
    at = shot.records["update"]
    place = int(np.searchsorted(at, update, side="right")) - 1
    names = ("free_energy_data", "free_energy_model", "success_rate")
    if place < 0:
        return dict.fromkeys(names, math.nan)
    return {name: float(shot.records[name][place]) for name in names}
