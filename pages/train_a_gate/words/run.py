"""Where a run is, and what it was made with."""

from __future__ import annotations

import math

from app.controls.words import LABELS, dataset_label, status_text
from app.gates.runs import GateSnapshot
from rbm_core import STREAM_VERSION, Recipe

__all__ = ["readout", "stale"]


def readout(shot: GateSnapshot, recipe: Recipe, *, fingerprint: str, place: int) -> str:
    """Say in one line which run it is and where; every number is measured.

    Args:
        shot: The run as it stands.
        recipe: What it was made with.
        fingerprint: That of its machine.
        place: Its place in line, or 0 when it does not wait.
    """
    units = "unit" if recipe.n_hidden == 1 else "units"
    parts = [
        f"**{dataset_label(recipe.dataset)}**",
        f"{recipe.n_hidden} hidden {units}",
        f"rate {recipe.training.learning_rate_schedule}",
        status_text(shot.state, place),
        f"update **{shot.update}** of {shot.n_updates}",
        f"epoch {shot.epoch:.1f}",
        f"seed {recipe.seed}",
        f"fingerprint `{fingerprint}` (streams {STREAM_VERSION})",
    ]
    if not math.isnan(shot.ms_per_update):
        parts.append(f"{shot.ms_per_update:.2f} ms per update")
    if not math.isnan(shot.updates_per_second):
        parts.append(f"{shot.updates_per_second:.0f} updates/s")
    return " · ".join(parts)


def stale(shown: Recipe, wanted: Recipe) -> str:
    """Say what the run on show was made with where the controls say something else."""
    old, new = shown.to_dict(), wanted.to_dict()
    differences = [
        f"{LABELS.get(name, name)} {_plain(old[name])} (now {_plain(new[name])})"
        for name in new
        if name != "training" and new[name] != old[name]
    ]
    before, after = old["training"], new["training"]
    if isinstance(before, dict) and isinstance(after, dict):
        differences += [
            f"{LABELS.get(name, name)} {_plain(before[name])} (now {_plain(after[name])})"
            for name in after
            if after[name] != before[name]
        ]
    return f"Shown: made with {', '.join(differences)}. Train starts the new settings."


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
