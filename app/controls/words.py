"""Words that pages share: the sidebar's, the transport bar's, and what a run says of itself."""

from __future__ import annotations

from app.jobs.pace import Speed
from app.jobs.status import Status

__all__ = [
    "DATASETS",
    "EXPLANATIONS",
    "HELP",
    "LABELS",
    "MADE_WITH",
    "OPTIONS",
    "SPEEDS",
    "STATUSES",
    "TABLE_DIALOG",
    "TRANSPORT",
    "dataset_label",
    "run_failed",
    "status_text",
]

LABELS = {
    "preset": "Preset",
    "dataset": "Data set",
    "k": "k, Gibbs steps per update",
    "learning_rate": "Learning rate",
    "n_hidden": "Hidden units",
    "more": "More",
    "scheme": "Chains start from",
    "gradient": "Gradient",
    "batch_size": "Batch",
    "epochs": "Epochs",
    "weight_std": "Initial size",
    "momentum": "Momentum",
    "l2": "Weight decay",
    "binarisation": "Grey becomes bits by",
    "seed": "Seed",
    "copy_link": "Copy link",
    "own_settings": "Your own settings",
    "table": "Truth table…",
}

HELP = {
    "preset": "Sets every control at once. Change one afterwards and the settings are your own.",
    "dataset": "The rows the machine should learn: inputs, then outputs.",
    "k": "Steps each chain takes per update. Too few: chains stay near the data. Too many: slow.",
    "learning_rate": "Step size of an update. Too high: the weights jump about, nothing settles.",
    "n_hidden": "Units that carry dependencies. Too few cannot hold the data; too many cost time.",
    "scheme": (
        "Data: steady, short-sighted. Last update: better statistics. Noise: tests generation."
    ),
    "gradient": "Centred subtracts the mean activity, which helps where most bits are equal.",
    "batch_size": "Rows, and chains, per update. Too small: noisy curves. Too large: slow.",
    "epochs": "How long to train. Too short: it stops while still learning.",
    "weight_std": (
        "Spread of the first weights. Too small: asleep. Too large: wrong beliefs to unlearn."
    ),
    "momentum": "Share of the last step kept. Too high: it overshoots.",
    "l2": "Pulls weights to zero each update. Too high: nothing can be learned.",
    "binarisation": "Threshold: white from one half up. Draws: new coins each epoch.",
    "image_dataset": "The pictures to learn. Choosing others brings the settings that suit them.",
    "image_n_hidden": "Filters the machine has. Too few: blurred pictures. Too many: slow.",
    "seed": "Same seed and settings, same numbers, here and on the command line.",
}

OPTIONS = {
    "cd": "the data (CD)",
    "pcd": "the last update (PCD)",
    "rdm": "noise (Rdm)",
    "centred": "centred",
    "plain": "plain",
    "threshold": "a threshold",
    "bernoulli": "draws",
    "grey": "nothing (stays grey)",
}

DATASETS = {
    "and": "AND",
    "or": "OR",
    "xor": "XOR",
    "nand": "NAND",
    "nor": "NOR",
    "xnor": "XNOR",
    "implies": "IMPLIES",
    "not": "NOT",
    "half-adder": "Half adder",
    "majority": "Majority of 3",
    "parity": "Parity of 3",
    "shifter-11": "Shifter of 4 pixels",
    "shifter-19": "Shifter of 8 pixels",
    "digits": "Digits 8×8",
    "mnist": "MNIST",
    "fashion-mnist": "Fashion-MNIST",
}

# The transport bar of a run: label, icon from the font that Streamlit ships, tooltip.
TRANSPORT = {
    "train": (
        "Train",
        ":material/play_arrow:",
        "Trains the settings in the sidebar to the end of their epochs.",
    ),
    "pause": ("Pause", ":material/pause:", "Stops within a moment; Train goes on from there."),
    "step": (
        "Step",
        ":material/skip_next:",
        "Makes one update, so that each change can be seen.",
    ),
    "rewind": (
        "Rewind",
        ":material/replay:",
        "Back to the first weights, same seed: the same run again.",
    ),
    "new_start": (
        "New start",
        ":material/casino:",
        "New first weights from the next seed: another run.",
    ),
    "speed": (
        "Speed",
        "",
        "Seconds the whole run takes to watch. The numbers do not depend on it.",
    ),
}

MADE_WITH = {
    "note": "Shown: made with {}.",
    "start_anew": "Start anew",
    "start_anew_help": "Trains what the sidebar says. The old settings find this run again.",
}

SPEEDS: dict[Speed, str] = {"slow": "Slow", "normal": "Normal", "fast": "Fast"}

STATUSES: dict[Status, str] = {
    "ready": "untrained",
    "queued": "waiting",
    "running": "training",
    "paused": "paused",
    "done": "trained",
    "failed": "failed",
}

EXPLANATIONS = {
    "paragraph": "What am I seeing?",
    "equations": "The equations",
    "code": "Show the code",
}

TABLE_DIALOG = {
    "title": "Truth table",
    "intro": "Choose the sizes and tick the outputs that are 1.",
    "n_inputs": "Inputs",
    "n_outputs": "Outputs",
    "use": "Use this table",
}


def dataset_label(name: str) -> str:
    """Return a data set's name on screen; bars keep their sides, a written table its digits."""
    if name.startswith("table:"):
        return f"Table {name.removeprefix('table:')}"
    if name.startswith("bars-and-stripes-"):
        return f"Bars and stripes {name.removeprefix('bars-and-stripes-').replace('x', '×')}"
    return DATASETS.get(name, name)


def status_text(status: Status, place: int) -> str:
    """Say what a run does.

    Args:
        status: Its status.
        place: Its place in line, or 0 when it does not wait.
    """
    return f"**{STATUSES[status]}" + (f", number {place} in line**" if place else "**")


def run_failed(error: str) -> str:
    """Say that a run failed, and what to do."""
    return f"The run failed: {error}. Change a setting, or press Rewind to start it again."
