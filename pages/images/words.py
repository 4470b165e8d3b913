"""Words of *Images*: headings, captions, text alternatives, tooltips."""

from __future__ import annotations

import math

from app.controls.words import dataset_label
from rbm_core import count_text, number_text

__all__ = [
    "ACTS",
    "HELP",
    "LABELS",
    "NO_ACTIVITY",
    "ORDERS",
    "SCALES",
    "SHOWN",
    "SPEEDS",
    "STARTS",
    "STATES",
    "TITLE",
    "activity_note",
    "curve_alt",
    "data_alt",
    "dream_alt",
    "duration",
    "error_note",
    "failed",
    "filters_alt",
    "finished",
    "free_energy_note",
    "held_out",
    "missing",
    "path_note",
    "player_alt",
    "pseudo_note",
    "readout",
    "reconstruction_alt",
    "reconstruction_note",
    "stale",
    "step_alt",
    "step_label",
    "strip_alt",
    "strip_note",
    "units_named",
    "weights_note",
]

TITLE = "Images"

ACTS = {
    "dream": "Dream",
    "filters": "Filters",
    "chain": "Chain",
    "repair": "Repair",
    "data": "Data",
}

LABELS = {
    "act": "What to do",
    "train": "Train",
    "pause": "Pause",
    "step": "Step",
    "rewind": "Rewind",
    "new_start": "New start",
    "finished": "Finished one",
    "speed": "Speed",
    "filters": "Filters",
    "data": "Data",
    "reconstruction": "Reconstruction",
    "fantasy": "Dreams",
    "strip": "Chain strip",
    "class": "Class",
    "every_class": "all",
    "start": "Chains start from",
    "shown": "Show",
    "order": "Sorted by",
    "scale": "Full colour",
    "free_energy": "Free energy",
    "error": "Reconstruction",
    "pseudo": "Pseudo-likelihood",
    "path": "Free energy",
    "weights": "Weights",
    "activity": "Hidden activity",
    "paragraph": "What am I seeing?",
    "equation": "The equations",
    "code": "Show the code",
    "downloads": "Download pictures",
    "grid_png": "Pictures (PNG)",
    "strip_png": "Chain strip (PNG)",
    "units": "Units",
    "hold": "Hold",
    "task": "Task",
    "picture": "Next",
    "n_flips": "Pixels turned over",
    "painter": "Picture",
    "completed": "Drawn by the machine",
    "estimate": "What it expects",
    "downhill": "Free energy, nothing held",
    "chains": "Chains on their way",
    "download": "Download",
    "cancel": "Cancel",
    "use": "Use",
    "in_use": "In use",
    "upload": "Your own pictures",
}

HELP = {
    "train": "Trains the settings in the sidebar to the end of their epochs.",
    "pause": "Stops within a moment; Train goes on from there.",
    "step": "Makes one update, so that each change can be seen.",
    "rewind": "Back to the first weights, same seed: the same run again.",
    "new_start": "New first weights from the next seed: another run.",
    "finished": "Puts this run away and shows the machine that was trained beforehand.",
    "speed": "Seconds the whole run takes to watch. The numbers do not depend on it.",
    "class": "Which held-out pictures are shown. Dreams have no class: nobody says what to draw.",
    "start": "Noise: fair coins. Data: held-out pictures. Probes: two squares of sparse noise.",
    "shown": "Probabilities are smooth; samples are the coins drawn from them.",
    "order": "Norm: how strongly a unit speaks. Use: how often it is on over the data.",
    "scale": "Each unit its own, one for all, or always 3, so that machines can be compared.",
    "units": "Which hundred units are shown.",
    "hold": "Pixels the machine must keep; paint on the picture to choose others.",
    "task": "Complete: some pixels are held. Corrupt: some are turned over, and nothing is held.",
    "picture": "Shows the next held-out picture of this class.",
    "n_flips": "Random pixels to turn over; paint on the picture to turn others.",
    "download": "Fetches the files once, for everybody on this server.",
    "use": "Takes this data set into the sidebar, with the settings that suit it.",
    "upload": "A .npz with an array `images`, or a .zip of PNGs of one size; at most 20 MB.",
    "grid_png": "Dreams as one PNG, as `python -m rbm_core sample` writes them.",
    "strip_png": "The strip as one PNG: a line for each step, a column for each chain.",
}

SPEEDS = {"slow": "Slow", "normal": "Normal", "fast": "Fast"}

STARTS = {"noise": "Noise", "data": "Data", "probe": "Probes"}

SHOWN = {"probabilities": "Probabilities", "samples": "Samples"}

ORDERS = {"norm": "Norm", "use": "Use", "number": "Number"}

SCALES = {"unit": "each unit", "all": "all", "fixed": "fixed"}

STATES = {
    "ready": "untrained",
    "queued": "waiting",
    "running": "training",
    "paused": "paused",
    "done": "trained",
    "failed": "failed",
}

NO_ACTIVITY = "Which units are dead or always on shows once the data set is here."


def missing(name: str) -> str:
    """Say that a data set is not here, and what to do."""
    return f"{dataset_label(name)} is not on this server: fetch it under *Data* to train."


def step_label(step: int, k: int) -> str:
    """Name a column of the strip, and what it has to do with k."""
    times = {k: "k", 2 * k: "2k", 10 * k: "10k"}.get(step)
    return f"{count_text(step)} = {times}" if times and times != str(step) else count_text(step)


def step_alt(step: int) -> str:
    """Name a moment of a dream."""
    return f"step {count_text(step)}"


def readout(
    *,
    state: str,
    place: int,
    update: int,
    n_updates: int,
    epoch: float,
    ms_per_update: float,
    images_per_second: float,
    seconds_left: float,
) -> str:
    """Say in one line where a run is; every number is measured on this run."""
    said = STATES[state] + (f", number {place} in line" if place else "")
    parts = [
        f"**{said}**",
        f"update **{count_text(update)}** of {count_text(n_updates)}",
        f"epoch {epoch:.1f}",
    ]
    if not math.isnan(ms_per_update):
        parts.append(f"{ms_per_update:.2f} ms per update")
    if not math.isnan(images_per_second):
        parts.append(f"{count_text(images_per_second)} images/s")
    if not math.isnan(seconds_left):
        parts.append(f"{duration(seconds_left)} left")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Write a time that is left."""
    if seconds < 90:
        return f"{max(0, math.ceil(seconds))} s"
    return f"{math.ceil(seconds / 60)} min"


def finished(title: str, fingerprint: str, n_visible: int, n_hidden: int, missing_line: str) -> str:
    """Say which finished machine is on show, and what is missing to train one's own."""
    return (
        f"**{title}**, trained beforehand · {n_visible} pixels × {n_hidden} hidden units · "
        f"fingerprint `{fingerprint}` · "
        + (missing_line or "**Train** makes your own from first weights")
    )


def failed(error: str) -> str:
    """Say that a run failed, and what to do."""
    return f"The run failed: {error}. Change a setting, or press Rewind to start it again."


def stale() -> str:
    """Say that the controls have moved on."""
    return "The sidebar now says something else than this run was made with. Train starts it anew."


def units_named(dead: list[int], always: list[int], n_hidden: int) -> str:
    """Name the units that tell nothing, by number.

    Args:
        dead: Numbers of the dead units, from 1.
        always: Numbers of the always-on units, from 1.
        n_hidden: Hidden units.
    """
    return f"{_some(dead, 'dead')}; {_some(always, 'always on')}; {n_hidden} units in all."


def _some(units: list[int], what: str) -> str:
    if not units:
        return f"none {what}"
    shown = ", ".join(map(str, units[:12])) + (" …" if len(units) > 12 else "")
    return f"{len(units)} {what} ({shown})"


def free_energy_note(train: float, test: float) -> str:
    """Say the gap between training and held-out data."""
    if math.isnan(test):
        return f"{number_text(train, 1)} nats"
    return f"gap {number_text(test - train, 1)} nats"


def error_note(error: float, line: float) -> str:
    """Say the error against the mean image's."""
    return f"{number_text(error, 4)} of {number_text(line, 4)}"


def pseudo_note(value: float) -> str:
    """Say the pseudo-likelihood."""
    return f"{number_text(value, 1)} nats"


def path_note(energy: float, data: float | None) -> str:
    """Say where the dreams are, and where the data."""
    said = f"dreams {number_text(energy, 0)}"
    return said if data is None else f"{said}, data {number_text(data, 0)} nats"


def weights_note(largest: float, spread: float) -> str:
    """Say how large the weights are."""
    return f"largest {number_text(largest, 2)}, spread {number_text(spread, 2)}"


def activity_note(dead: int, always: int) -> str:
    """Say how many units tell nothing."""
    return f"{dead} dead, {always} always on"


def reconstruction_note(error: float) -> str:
    """Say the error of the pictures shown."""
    return f"error {number_text(error, 4)}"


def held_out(name: str, has_test: bool) -> str:
    """Say which pictures are shown."""
    return f"{'held out' if has_test else 'training'} · {name}"


def strip_note(k: int, start: str, reached: int) -> str:
    """Say what the strip shows."""
    return (
        f"Gibbs steps from {STARTS[start].lower()}; k = {k} framed; reached {count_text(reached)}"
    )


def filters_alt(shown: str, order: str) -> str:
    """Describe the mosaic."""
    return (
        f"Receptive fields as pictures, {shown}, sorted by {ORDERS[order].lower()}. Arrow keys "
        "choose one, Enter enlarges it, Escape returns."
    )


def data_alt(n: int, name: str) -> str:
    """Describe the data grid."""
    return f"{n} pictures of the data, class: {name}."


def reconstruction_alt(error: float) -> str:
    """Describe the reconstructions."""
    return (
        f"The same pictures after one pass through the hidden layer; error {number_text(error, 4)}."
    )


def dream_alt(n: int, step: int, start: str) -> str:
    """Describe the dreams."""
    return (
        f"{n} pictures dreamt from {STARTS[start].lower()}, after {count_text(step)} Gibbs steps."
    )


def strip_alt(n: int, start: str) -> str:
    """Describe one column of the strip."""
    return f"{n} chains from {STARTS[start].lower()}."


def curve_alt(name: str, note: str) -> str:
    """Describe a chart."""
    return f"{LABELS[name]}: {note}."


def player_alt(n: int, start: str) -> str:
    """Describe the player."""
    return f"{n} chains side by side, from {STARTS[start].lower()}."
