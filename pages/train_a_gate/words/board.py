"""Headings, captions and text alternatives of the board of *Train a gate*."""

from __future__ import annotations

import math

from pages.train_a_gate.readings import CurvePoint, Moment
from rbm_core import number_text, percent_text, steps_text

__all__ = ["FORK", "FORK_HELP", "TITLES", "alts", "moment", "notes"]

TITLES = {
    "free_energy": "Free energy",
    "likelihood": "Log-likelihood",
    "mass": "Valid mass",
    "weights": "Weights and biases",
    "distribution": "p(v)",
    "regime": "k against τ",
}

FORK = "Fork from here"
FORK_HELP = "Continue from this moment with the settings in the sidebar, on the same random stream."


def moment(update: int, epoch: float) -> str:
    """Name a moment of a run."""
    return f"update {update} · epoch {epoch:.1f}"


def mean_of(point: CurvePoint) -> str:
    """Say over what the means of a point are taken."""
    if point.expected:
        return "as expected"
    return f"mean of epoch {point.epoch}" if point.epoch else "of the last updates"


def notes(now: Moment) -> dict[str, str]:
    """Return the numbers beside each heading.

    Args:
        now: The moment.
    """
    exact, gap = now.exact, now.curves.gap
    forgets = now.k >= exact.relaxation_time
    return {
        "free_energy": (
            f"gap {number_text(gap)}, {mean_of(now.curves)}" if not math.isnan(gap) else ""
        ),
        "likelihood": f"{number_text(exact.log_likelihood)} of {number_text(now.bound)}",
        "mass": f"{percent_text(exact.valid_mass)} exact",
        "weights": "",
        "distribution": f"exact · goal {number_text(1 / now.n_legal, 2)} each",
        "regime": (
            f"k {now.k} {'≥' if forgets else '<'} τ {steps_text(exact.relaxation_time)}: "
            f"chains {'forget' if forgets else 'remember'} their start"
        ),
    }


def alts(now: Moment) -> dict[str, str]:
    """Return each chart in words, with its numbers of now.

    Args:
        now: The moment.
    """
    exact, point = now.exact, now.curves
    valid, tau = percent_text(exact.valid_mass), steps_text(exact.relaxation_time)
    how = "expected" if point.expected else "sampled"
    ahead = (
        "k is above τ: chains forget their start"
        if exact.relaxation_time <= now.k
        else "τ is above k: chains remember their start"
    )
    return {
        "free_energy": (
            f"Mean free energy over training: data {number_text(point.free_energy_data)}, model "
            f"{number_text(point.free_energy_model)}, gap {number_text(point.gap)} nats, "
            f"{mean_of(point)}."
        ),
        "likelihood": (
            f"Exact log-likelihood over training: {number_text(exact.log_likelihood)} nats per "
            f"row; the bound is {number_text(now.bound)}."
        ),
        "mass": (
            f"Probability of legal rows: {valid}, exact. Chains on a legal row after k steps: "
            f"{percent_text(point.success_rate)}, {how}."
        ),
        "weights": (
            f"Heatmap of weights and biases; the largest in size is {number_text(now.largest)}."
        ),
        "distribution": f"Bars of p(v) for every state; the legal rows together have {valid}.",
        "regime": (
            f"Regime meter: k = {now.k} Gibbs steps per update, relaxation time τ = {tau} steps; "
            f"{ahead}."
        ),
    }
