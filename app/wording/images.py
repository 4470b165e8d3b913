"""Words of *Images*: headings, captions, text alternatives, tooltips, the paragraph, equations."""

from __future__ import annotations

import math

from app.wording.sidebar import dataset_label

__all__ = [
    "ACTS",
    "EQUATIONS",
    "HELP",
    "LABELS",
    "ORDERS",
    "PARAGRAPHS",
    "SCALES",
    "SHOWN",
    "SPEEDS",
    "STARTS",
    "missing",
    "number",
    "readout",
    "step_label",
    "units_named",
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

HOLDS = {
    "top": "Hold the top",
    "bottom": "Hold the bottom",
    "left": "Hold the left",
    "right": "Hold the right",
    "frame": "Hold a frame",
    "nothing": "Hold nothing",
}
TASKS = {"complete": "Complete", "corrupt": "Corrupt"}

STATES = {
    "ready": "untrained",
    "queued": "waiting",
    "running": "training",
    "paused": "paused",
    "done": "trained",
    "failed": "failed",
}

PARAGRAPHS = {
    "dream": """
A machine that learned pictures can be asked for new ones. **Filters** are the weights between one
hidden unit and all pixels: blue pixels speak for the unit, orange ones against it. **Data** and
**reconstruction** show held-out pictures before and after one pass through the hidden layer.
**Dreams** are Gibbs chains that began as noise and never saw a picture. The **strip** shows some of
these chains after more and more steps; the framed column is k, as far as training ever looked. Good
pictures at k and bad ones at 10 000 steps mean: the machine repairs what it is given, and has not
learned to draw. On the curves, a widening grey gap between training and held-out free energy is
over-fitting; a reconstruction error above the dotted line is worse than answering with the mean
picture every time.
""",
    "filters": """
Each tile is a **receptive field**: the weights of one hidden unit, laid out as a picture. Click
one, or walk with the arrow keys and press Enter, to enlarge it. Units on for fewer than 1 % of
the held-out pictures are **dead**, units on for more than 99 % are **always on**: neither tells one
picture from another. Weights start as a narrow bell about zero; learning grows its flanks.
""",
    "chain": """
Every step of a few chains, one after the other. Watch how long a chain stays with one digit before
it changes into another: that is its memory. While it changes slower than k steps, training saw only
the neighbourhood of the data.
""",
    "repair": """
Held pixels are **clamped**: they keep their value at every Gibbs step, while the machine draws the
others. That samples p(free pixels given the held ones), the same law that repairs the output bit of
a gate. Without clamping, a corrupted picture slides down the **free energy** towards something the
machine believes in, which need not be what it was.
""",
    "data": """
The 8×8 digits are always here. MNIST and Fashion-MNIST are read from the server's data folder, or
fetched once for everybody. Your own pictures stay in the server's memory, are seen by you alone,
and are gone when it restarts.
""",
}

EQUATIONS = (
    (
        "One Gibbs step: draw hidden units from the pixels, then pixels from the hidden units",
        r"p(h_j=1\mid v)=\sigma\big((vW+b_h)_j\big),\qquad "
        r"p(v_i=1\mid h)=\sigma\big((hW^\top+b_v)_i\big)",
    ),
    (
        "Free energy of a picture, the hidden layer summed out",
        r"F(v) = -b_v\cdot v - \sum_j \log\left(1 + e^{(vW + b_h)_j}\right)",
    ),
    (
        "Reconstruction error, and the line it has to get under",
        r"\frac1{n}\sum_i\big(v_i-\hat v_i\big)^2,\quad "
        r"\hat v=\sigma\big(\sigma(vW+b_h)W^\top+b_v\big)"
        r"\qquad\text{against}\qquad \frac1{n}\sum_i\big(v_i-\bar v_i\big)^2",
    ),
    (
        "Pseudo-log-likelihood: each pixel given all others",
        r"\sum_i \log p(v_i\mid v_{-i}) = \sum_i \log\sigma\big(F(v^{(i)})-F(v)\big)",
    ),
)


def number(value: float, digits: int = 3) -> str:
    """Write a number with a true minus; what is unknown is a dash."""
    if math.isnan(value):
        return "–"
    return f"{value:.{digits}f}".replace("-", "−")


def count(value: float) -> str:
    """Write a whole number with thin spaces between thousands."""
    return f"{value:,.0f}".replace(",", "\u202f")


def missing(name: str) -> str:
    """Say that a data set is not here, and what to do."""
    return f"{dataset_label(name)} is not on this server: fetch it under *Data* to train."


def step_label(step: int, k: int) -> str:
    """Name a column of the strip, and what it has to do with k."""
    times = {k: "k", 2 * k: "2k", 10 * k: "10k"}.get(step)
    return f"{count(step)} = {times}" if times and times != str(step) else count(step)


def step_alt(step: int) -> str:
    """Name a moment of a dream."""
    return f"step {count(step)}"


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
        f"update **{count(update)}** of {count(n_updates)}",
        f"epoch {epoch:.1f}",
    ]
    if not math.isnan(ms_per_update):
        parts.append(f"{ms_per_update:.2f} ms per update")
    if not math.isnan(images_per_second):
        parts.append(f"{count(images_per_second)} images/s")
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
        return f"{number(train, 1)} nats"
    return f"gap {number(test - train, 1)} nats"


def error_note(error: float, line: float) -> str:
    """Say the error against the mean image's."""
    return f"{number(error, 4)} of {number(line, 4)}"


def pseudo_note(value: float) -> str:
    """Say the pseudo-likelihood."""
    return f"{number(value, 1)} nats"


def path_note(energy: float, data: float | None) -> str:
    """Say where the dreams are, and where the data."""
    said = f"dreams {number(energy, 0)}"
    return said if data is None else f"{said}, data {number(data, 0)} nats"


def weights_note(largest: float, spread: float) -> str:
    """Say how large the weights are."""
    return f"largest {number(largest, 2)}, spread {number(spread, 2)}"


def activity_note(dead: int, always: int) -> str:
    """Say how many units tell nothing."""
    return f"{dead} dead, {always} always on"


def reconstruction_note(error: float) -> str:
    """Say the error of the pictures shown."""
    return f"error {number(error, 4)}"


def held_out(name: str, has_test: bool) -> str:
    """Say which pictures are shown."""
    return f"{'held out' if has_test else 'training'} · {name}"


def strip_note(k: int, start: str, reached: int) -> str:
    """Say what the strip shows."""
    return f"Gibbs steps from {STARTS[start].lower()}; k = {k} framed; reached {count(reached)}"


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
    return f"The same pictures after one pass through the hidden layer; error {number(error, 4)}."


def dream_alt(n: int, step: int, start: str) -> str:
    """Describe the dreams."""
    return f"{n} pictures dreamt from {STARTS[start].lower()}, after {count(step)} Gibbs steps."


def strip_alt(n: int, start: str) -> str:
    """Describe one column of the strip."""
    return f"{n} chains from {STARTS[start].lower()}."


def curve_alt(name: str, note: str) -> str:
    """Describe a chart."""
    return f"{LABELS[name]}: {note}."


def held_note(n_free: int, n_pixels: int) -> str:
    """Say how much is held."""
    return f"{n_pixels - n_free} of {n_pixels} pixels held (tinted)"


def flips_note(n_flips: int, n_pixels: int) -> str:
    """Say how much is turned over."""
    return f"{n_flips} of {n_pixels} pixels turned over (tinted)"


PAINT_HINT = "Click and drag to mark pixels; or arrow keys and space, Shift with arrows to draw."
HOLD_ALT = "A picture; {n} of {all} pixels are held. Arrow keys move, space marks, Shift draws."
FLIP_ALT = "A picture; {n} of {all} pixels are turned over. Arrow keys move, space marks."
HOLD_WORDS = ("free", "held")
FLIP_WORDS = ("as it was", "turned over")


def repair_verdict(error: float, mean_fill: float, n_free: int) -> str:
    """Say how good a completion is, against the simplest guess."""
    if not n_free:
        return "Every pixel is held: nothing is left to draw. Free some by painting over them."
    said = f"Squared error on the {n_free} free pixels: machine **{number(error, 3)}**"
    if math.isnan(mean_fill):
        return f"{said}; the mean picture's needs the data set."
    better = "better" if error < mean_fill else "worse"
    return (
        f"{said}, filling in the mean picture {number(mean_fill, 3)}: the machine is **{better}** "
        f"({number(error / mean_fill, 2)} times its error)."
    )


def downhill_verdict(clean: float, corrupted: float, after: float, n_steps: int) -> str:
    """Say what happened to the free energy of a corrupted picture."""
    if corrupted <= clean + 0.05:
        return (
            f"Turning these pixels over did not raise the free energy ({number(clean, 1)} to "
            f"{number(corrupted, 1)} nats): to this machine the picture is as likely as before."
        )
    share = (corrupted - after) / (corrupted - clean)
    return (
        f"Turning pixels over raised F from {number(clean, 1)} to **{number(corrupted, 1)}** nats; "
        f"{n_steps} steps brought it to **{number(after, 1)}**, {share:.0%} of the way back."
    )


def repaired_alt(n: int) -> str:
    """Describe the completions."""
    return f"{n} chains drawing the free pixels while the others are held."


def player_alt(n: int, start: str) -> str:
    """Describe the player."""
    return f"{n} chains side by side, from {STARTS[start].lower()}."


def data_row(name: str, n_train: int, n_test: int, shape: tuple[int, int]) -> str:
    """Describe a data set that is open."""
    return (
        f"**{dataset_label(name)}** · {count(n_train)} pictures to train on, {count(n_test)} held "
        f"out · {shape[0]}×{shape[1]} pixels"
    )


def data_here(name: str) -> str:
    """Describe a data set that is on the server and not opened yet."""
    return f"**{dataset_label(name)}** · on this server"


def data_away(name: str) -> str:
    """Describe a data set that is not on the server."""
    return f"**{dataset_label(name)}** · not on this server"


def downloading(file: str, fraction: float) -> str:
    """Say how far a download is."""
    return f"{file or 'connecting'} · {fraction:.0%}"


def uploaded(name: str, n: int) -> str:
    """Say that an upload is in use."""
    return f"{count(n)} pictures read as {name}: press Train."


NO_ACTIVITY = "Which units are dead or always on shows once the data set is here."
NO_PICTURES = "No pictures of this data set are here to repair: fetch it under *Data*."


def estimate_note() -> str:
    """Say what the two pictures are."""
    return "mean of its chains · the original"


def estimate_alt() -> str:
    """Describe the two pictures."""
    return "Left the mean of the machine's completions, right the original."


def path_alt(n_steps: int) -> str:
    """Describe the chains from a corrupted picture."""
    return f"Chains that start at the corrupted picture and walk {n_steps} steps, nothing held."


def downhill_note(after: float) -> str:
    """Say where the chains end."""
    return f"ends at {number(after, 1)} nats"
