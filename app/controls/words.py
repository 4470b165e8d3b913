"""Words of the sidebar: labels, and tooltips of at most twenty words."""

from __future__ import annotations

__all__ = ["DATASETS", "HELP", "LABELS", "OPTIONS", "TABLE_DIALOG", "dataset_label"]

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
    "digits": "Digits 8×8",
    "mnist": "MNIST",
    "fashion-mnist": "Fashion-MNIST",
}

TABLE_DIALOG = {
    "title": "Truth table",
    "intro": "Choose the sizes and tick the outputs that are 1.",
    "n_inputs": "Inputs",
    "n_outputs": "Outputs",
    "use": "Use this table",
}


def dataset_label(name: str) -> str:
    """Return a data set's name on screen; a table written out keeps its digits."""
    if name.startswith("table:"):
        return f"Table {name.removeprefix('table:')}"
    return DATASETS.get(name, name)
