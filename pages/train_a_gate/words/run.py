"""Where a run is, and what it was made with."""

from __future__ import annotations

import math

from app.controls.words import dataset_label, status_text
from app.gates.runs import GateSnapshot
from rbm_core import STREAM_VERSION, Recipe

__all__ = ["readout"]


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
