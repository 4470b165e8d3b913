"""What is said of a run that has ended, and what *Fix it* changes."""

from __future__ import annotations

from collections.abc import Mapping

from app.controls.words import OPTIONS
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
    "slow": (
        "**Too slow:** at learning rate {learning_rate} {update} updates took the log-likelihood "
        "to {log_likelihood} of at most {bound}, valid mass to {valid_mass}."
    ),
    "slow_or_small": (
        "**Slow or small:** valid mass is {valid_mass}. How many hidden units this table needs is "
        "not known; raise the rate first, then their number."
    ),
    "too_few_hidden": (
        "**Too few hidden units:** valid mass is {valid_mass}. Of {n_seeds} starts with {n_hidden} "
        "{units}, {n_learned} learned and the best reached {best}; with {enough} all did."
    ),
    "held_back": (
        "**Held back:** weight decay {l2} keeps the largest weight at {largest}, and valid mass at "
        "{valid_mass}."
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
    "stuck": (
        "**Stuck:** valid mass has settled at {valid_mass}, and size and rate are not the reason: "
        "the usual settings, or another start, learn."
    ),
}


_FIXES = {
    "learning_rate": "learning rate",
    "weight_std": "initial size",
    "n_hidden": "hidden units",
    "k": "k",
    "epochs": "epochs",
    "l2": "weight decay",
    "momentum": "momentum",
    "scheme": "chains start from",
    "gradient": "gradient",
    "batch_size": "batch",
    "seed": "seed",
}
# Stands beside "learned", where it is so.
_REMEMBERS = (
    " k = {k} is below τ = {tau} steps: chains stay near the rows they start from, so the training "
    "curves no longer speak of equilibrium; the valid mass does."
)


def verdict(found: Verdict) -> str:
    """Say what became of a run, with the numbers that say so."""
    n, told = found.readings, _VERDICTS[found.name]
    if found.name == "learned" and not n.forgets:
        told += _REMEMBERS
    return told.format(
        **_size_facts(found),
        valid_mass=percent_text(n.valid_mass),
        log_likelihood=number_text(n.log_likelihood),
        bound=number_text(n.bound),
        largest=number_text(n.largest, 2),
        swing=percent_text(n.swing),
        learning_rate=f"{n.learning_rate:g}",
        l2=f"{n.l2:g}",
        success=percent_text(n.success),
        k=f"{n.k:.0f}",
        tau=steps_text(n.tau),
        rise=number_text(n.rise),
        update=f"{n.update:.0f}",
    )


def _size_facts(found: Verdict) -> dict[str, str]:
    """What was measured of layers of this size, where it was."""
    n_hidden, known = found.readings.n_hidden, found.known
    facts = {"n_hidden": f"{n_hidden}", "units": "unit" if n_hidden == 1 else "units"}
    if known is None:
        return facts
    tried = known.layer(n_hidden)
    return facts | {
        "n_seeds": f"{known.n_seeds}",
        "n_learned": f"{tried.n_learned}" if tried.n_learned else "none",
        "best": percent_text(tried.best_valid_mass),
        "enough": f"{known.enough.n_hidden}",
    }


def fix_label(fix: Mapping[str, float | int | str]) -> str:
    """Name what *Fix it* changes."""
    changes = ", ".join(f"{_FIXES[name]} {_value(value)}" for name, value in fix.items())
    return f"{FIX_IT}: {changes}"


def _value(value: float | int | str) -> str:
    return OPTIONS[value] if isinstance(value, str) else f"{value:g}"
