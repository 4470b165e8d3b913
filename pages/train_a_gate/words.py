"""Words of *Train a gate*: captions, text alternatives, tooltips, the paragraph, the equations."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.controls.words import LABELS as CONTROLS
from app.controls.words import status_text
from app.jobs.status import Status
from pages.train_a_gate.verdicts import Verdict
from rbm_core import Recipe, number_text, percent_text, steps_text

__all__ = [
    "EQUATIONS",
    "FORK",
    "FORK_HELP",
    "HELP",
    "LABELS",
    "PARAGRAPH",
    "TITLE",
    "TITLES",
    "alts",
    "fix_label",
    "moment",
    "notes",
    "readout",
    "stale",
    "verdict",
]

TITLE = "Train a gate"

TITLES = {
    "free_energy": "Free energy",
    "likelihood": "Log-likelihood",
    "mass": "Valid mass",
    "weights": "Weights and biases",
    "distribution": "p(v)",
    "regime": "k against τ",
}

LABELS = {
    "scale": "Colour scale",
    "fix_it": "Fix it",
}

HELP = {
    "scale": "What full colour means: the largest of all, of each hidden unit, or always 6.",
}

SCALES = {"all": "all", "unit": "unit", "fixed": "fixed"}

FORK = "Fork from here"
FORK_HELP = "Continue from this moment with the settings in the sidebar, on the same random stream."

PARAGRAPH = """
Each update lowers the free energy of the table's rows and raises it for what the machine made of
them after k Gibbs steps. The shaded **gap** between the two curves is all that training feels, and
it can vanish while the machine is wrong; so beside it stand exact answers. The **log-likelihood**
climbs towards the bound −log(rows), which it reaches only when the legal rows are equally likely
and nothing else is possible; the **valid mass** is the probability of legal rows at equilibrium,
while the dashed curve only says where chains end that were started at the scheme's start. **p(v)**
shows every state, the legal ones in colour with ✓. The **relaxation time τ** is how many Gibbs
steps a chain needs to forget its start: while k is above τ, training sees the machine's own
equilibrium; once τ passes k (✕), chains stay near where they began and the update is biased.
"""

EQUATIONS = (
    (
        "Free energy of a visible state, the hidden layer summed out",
        r"F(v) = -b_v\cdot v - \sum_j \log\left(1 + e^{(vW + b_h)_j}\right),"
        r"\qquad p(v) = e^{-F(v)} / Z",
    ),
    (
        "One update, with learning rate η and chains after k Gibbs steps",
        r"\Delta W = \eta\,\left(\langle v\,h^\top\rangle_{\text{data}}"
        r" - \langle v\,h^\top\rangle_{k}\right)",
    ),
    (
        "Relaxation time of the Gibbs chain, from its second largest eigenvalue",
        r"\tau = -1 / \ln \lambda_2",
    ),
)


def moment(update: int, epoch: float) -> str:
    """Name a moment of a run."""
    return f"update {update} · epoch {epoch:.1f}"


def notes(n: Mapping[str, float]) -> dict[str, str]:
    """Return the numbers beside each heading.

    Args:
        n: The numbers by name.
    """
    gap = n["free_energy_data"] - n["free_energy_model"]
    return {
        "free_energy": f"gap {number_text(gap)}" if not math.isnan(gap) else "",
        "likelihood": f"{number_text(n['log_likelihood'])} of {number_text(n['bound'])}",
        "mass": f"{percent_text(n['valid_mass'])} exact",
        "weights": "",
        "distribution": f"exact · goal {number_text(1 / n['n_legal'], 2)} each",
        "regime": f"{n['k']:.0f} {'≥' if n['k'] >= n['tau'] else '<'} {steps_text(n['tau'])} steps",
    }


def alts(n: Mapping[str, float]) -> dict[str, str]:
    """Return each chart in words, with its numbers of now.

    Args:
        n: The numbers by name.
    """
    gap = n["free_energy_data"] - n["free_energy_model"]
    how = "expected" if n.get("expected") else "sampled"
    ahead = "k is above τ" if n["tau"] < n["k"] else "τ is above k"
    return {
        "free_energy": (
            f"Mean free energy over training: data {number_text(n['free_energy_data'])}, model "
            f"{number_text(n['free_energy_model'])}, gap {number_text(gap)} nats."
        ),
        "likelihood": (
            f"Exact log-likelihood over training: {number_text(n['log_likelihood'])} nats per row; "
            f"the bound is {number_text(n['bound'])}."
        ),
        "mass": (
            f"Probability of legal rows: {percent_text(n['valid_mass'])}, exact. Chains on a legal "
            f"row after k steps: {percent_text(n['success_rate'])}, {how}."
        ),
        "weights": (
            f"Heatmap of weights and biases; the largest in size is {number_text(n['largest'])}."
        ),
        "distribution": (
            f"Bars of p(v) for every state; the legal rows together have "
            f"{percent_text(n['valid_mass'])}."
        ),
        "regime": (
            f"Regime meter: k = {n['k']:.0f} Gibbs steps per update, relaxation time τ = "
            f"{steps_text(n['tau'])} steps; {ahead}."
        ),
    }


def readout(
    *,
    state: Status,
    update: int,
    n_updates: int,
    epoch: float,
    seed: int,
    fingerprint: str,
    ms_per_update: float,
    updates_per_second: float,
    place: int,
) -> str:
    """Say in one line where a run is; every number is measured."""
    parts = [
        status_text(state, place),
        f"update **{update}** of {n_updates}",
        f"epoch {epoch:.1f}",
        f"seed {seed}",
        f"fingerprint `{fingerprint}`",
    ]
    if not math.isnan(ms_per_update):
        parts.append(f"{ms_per_update:.2f} ms per update")
    if not math.isnan(updates_per_second):
        parts.append(f"{updates_per_second:.0f} updates/s")
    return " · ".join(parts)


def stale(shown: Recipe, wanted: Recipe) -> str:
    """Say what the run on show was made with where the controls say something else."""
    old, new = shown.to_dict(), wanted.to_dict()
    differences = [
        f"{CONTROLS.get(name, name)} {_plain(old[name])} (now {_plain(new[name])})"
        for name in new
        if name != "training" and new[name] != old[name]
    ]
    before, after = old["training"], new["training"]
    if isinstance(before, dict) and isinstance(after, dict):
        differences += [
            f"{CONTROLS.get(name, name)} {_plain(before[name])} (now {_plain(after[name])})"
            for name in after
            if after[name] != before[name]
        ]
    return f"Shown: made with {', '.join(differences)}. Train starts the new settings."


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_VERDICTS = {
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


def verdict(found: Verdict) -> str:
    """Say what became of a run, with the numbers that say so."""
    n = found.numbers
    return _VERDICTS[found.name].format(
        valid_mass=percent_text(n["valid_mass"]),
        log_likelihood=number_text(n["log_likelihood"]),
        bound=number_text(n["bound"]),
        largest=number_text(n["largest"], 2),
        swing=percent_text(n["swing"]),
        learning_rate=f"{n['learning_rate']:g}",
        n_hidden=f"{n['n_hidden']:.0f}",
        n_legal=f"{n['n_legal']:.0f}",
        success=percent_text(n["success"]),
        k=f"{n['k']:.0f}",
        tau=steps_text(n["tau"]),
        rise=number_text(n["rise"]),
        update=f"{n['update']:.0f}",
    )


def fix_label(fix: Mapping[str, float | int]) -> str:
    """Name what *Fix it* changes."""
    changes = ", ".join(f"{FIXES[name]} {value:g}" for name, value in fix.items())
    return f"{LABELS['fix_it']}: {changes}"


FIXES = {
    "learning_rate": "learning rate",
    "weight_std": "initial size",
    "n_hidden": "hidden units",
    "k": "k",
    "epochs": "epochs",
    "l2": "weight decay",
}
