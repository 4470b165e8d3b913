"""What is said of a run that has ended, and what *Fix it* changes."""

from __future__ import annotations

from collections.abc import Mapping

from pages.train_a_gate.verdicts import Verdict, VerdictName
from pages.train_a_gate.words.labels import FIX_IT
from rbm_core import number_text, percent_text, steps_text

__all__ = ["fix_label", "verdict"]

_VERDICTS: dict[VerdictName, str] = {
    "learned": (
        "✓ **Learned:** the legal rows hold {valid_mass} of the probability at "
        "equilibrium; log-likelihood {log_likelihood} of at most {bound}."
    ),
    "asleep": (
        "**Asleep:** after {update} updates the largest weight is {largest} and valid mass is "
        "still {valid_mass}."
    ),
    "thrashing": (
        "**Thrashing:** valid mass swung by {swing} in the last third and stands at {valid_mass}; "
        "steps of size {learning_rate} throw the weights about."
    ),
    "too_few_hidden": (
        "**Too few hidden units:** the curves have settled at {valid_mass} valid mass; "
        "{n_legal} rows need more than {n_hidden} hidden units."
    ),
    "not_at_equilibrium": (
        "**Not at equilibrium:** {success} of the chains are legal after k = {k} steps from the "
        "data, {valid_mass} at equilibrium, yet the log-likelihood is {log_likelihood} of at most "
        "{bound}: forgetting takes τ = {tau} steps."
    ),
    "unfinished": (
        "**Not finished:** the log-likelihood still rose by {rise} in the last third; valid mass "
        "is {valid_mass}."
    ),
}


_FIXES = {
    "learning_rate": "learning rate",
    "weight_std": "initial size",
    "n_hidden": "hidden units",
    "k": "k",
    "epochs": "epochs",
    "l2": "weight decay",
}


def verdict(found: Verdict) -> str:
    """Say what became of a run, with the numbers that say so."""
    n = found.readings
    return _VERDICTS[found.name].format(
        valid_mass=percent_text(n.valid_mass),
        log_likelihood=number_text(n.log_likelihood),
        bound=number_text(n.bound),
        largest=number_text(n.largest, 2),
        swing=percent_text(n.swing),
        learning_rate=f"{n.learning_rate:g}",
        n_hidden=f"{n.n_hidden:.0f}",
        n_legal=f"{n.n_legal:.0f}",
        success=percent_text(n.success),
        k=f"{n.k:.0f}",
        tau=steps_text(n.tau),
        rise=number_text(n.rise),
        update=f"{n.update:.0f}",
    )


def fix_label(fix: Mapping[str, float | int]) -> str:
    """Name what *Fix it* changes."""
    changes = ", ".join(f"{_FIXES[name]} {value:g}" for name, value in fix.items())
    return f"{FIX_IT}: {changes}"
