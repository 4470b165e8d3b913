"""Flags that several subcommands share, and what they mean."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from rbm_core.datasets import Dataset, load_dataset
from rbm_core.errors import CheckpointError, ConfigError
from rbm_core.machine.rbm import RBM
from rbm_core.pretrained import machine_path, pretrained_names
from rbm_core.recipes.checkpoint import Checkpoint, load_checkpoint
from rbm_core.recipes.links import QUERY_NAMES, read_setting
from rbm_core.recipes.presets import default_recipe, preset
from rbm_core.recipes.recipe import Recipe

__all__ = [
    "DEVICES",
    "add_checkpoint",
    "add_json",
    "add_recipe_flags",
    "choose_device",
    "choose_recipe",
    "given_settings",
    "one_machine",
    "read_dataset",
]

DEVICES = ("auto", "cpu", "cuda", "mps")

_HELP = {
    "dataset": "name of the data set, or a truth table such as table:0,1,1,0",
    "k": "Gibbs steps per update; a number, or a schedule such as 'step 0:1 10:5'",
    "lr": "learning rate; a number, or a schedule such as 'geometric 0:0.1 20:0.01'",
    "hidden": "hidden units",
    "batch": "rows per update, and chains",
    "epochs": "epochs",
    "updates-per-epoch": "updates in an epoch (default: one pass over the data)",
    "scheme": "where chains start: cd at the data, pcd where they were left, rdm at noise",
    "init": "standard deviation of the initial weights",
    "bias": "initial visible biases: zero, or data for the log odds of its mean",
    "momentum": "share of the last step that is kept; a number or a schedule",
    "l1": "weight decay by the sign of the weights",
    "l2": "weight decay in proportion to the weights",
    "gradient": "plain or centred",
    "order": "rows of a batch: draw, shuffle or sequential",
    "binarisation": "grey levels to bits: threshold, bernoulli or grey",
    "chains": "how k steps are drawn: sampled, matrix (exact, same law) or auto",
    "seed": "seed of every random stream",
}


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    """Add the checkpoint to read."""
    parser.add_argument(
        "checkpoint",
        type=Path,
        metavar="CHECKPOINT",
        help="a safetensors file holding at least weights, visible_bias and hidden_bias, or the "
        f"name of a machine that comes trained: {', '.join(pretrained_names())}",
    )


def add_recipe_flags(parser: argparse.ArgumentParser) -> None:
    """Add --preset, --recipe, one flag for each setting of a recipe, and --device."""
    parser.add_argument("--preset", metavar="NAME", help="a named recipe; `presets` lists them")
    parser.add_argument("--recipe", type=Path, metavar="FILE", help="a recipe as JSON")
    for name in QUERY_NAMES:
        # Read as text: recipes.read_setting says the same of a bad value here and in a link.
        parser.add_argument(f"--{name}", dest=f"set_{name}", metavar="X", help=_HELP[name])
    parser.add_argument(
        "--device",
        choices=DEVICES,
        default="cpu",
        help="where to train; auto takes an accelerator if there is one. Numbers are the same on "
        "every CPU, and the app's; other devices have random streams of their own (default: cpu)",
    )


def given_settings(options: argparse.Namespace) -> dict[str, str]:
    """Return the recipe flags that were given, as text by flag name.

    Args:
        options: What the parser read.
    """
    texts = {name: getattr(options, f"set_{name}") for name in QUERY_NAMES}
    return {name: text for name, text in texts.items() if text is not None}


def choose_recipe(options: argparse.Namespace) -> Recipe:
    """Build the recipe that the flags ask for.

    A preset, a recipe file or else the data set's defaults come first; single flags change them.

    Args:
        options: What the parser read.

    Raises:
        ConfigError: If no recipe is named, two are, or a setting is out of range.
    """
    given = given_settings(options)
    if options.preset is not None and options.recipe is not None:
        raise ConfigError(
            f"--preset {options.preset} and --recipe {options.recipe} both name a recipe; give one"
        )
    if options.preset is not None:
        base = preset(options.preset).recipe
    elif options.recipe is not None:
        base = _read_recipe(options.recipe)
    elif "dataset" in given:
        base = default_recipe(given["dataset"])
    else:
        raise ConfigError("no recipe came; give --preset NAME, --recipe FILE or --dataset NAME")
    return change_recipe(base, given)


def change_recipe(base: Recipe, given: dict[str, str]) -> Recipe:
    """Change the settings of a recipe that flags name.

    Args:
        base: The recipe to start from.
        given: Texts by flag name.

    Raises:
        ConfigError: If a value is malformed or out of range; the message names the flag.
    """
    for name, text in given.items():
        try:
            base = base.replace(**{QUERY_NAMES[name]: read_setting(name, text)})
        except ConfigError as error:
            raise ConfigError(f"--{name}: {error}") from error
    return base


def choose_device(name: str) -> torch.device:
    """Turn the --device flag into a device that exists.

    Args:
        name: One of `DEVICES`.

    Raises:
        ConfigError: If this machine has no such device.
    """
    has = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if name == "auto":
        return torch.device(next((kind for kind in ("cuda", "mps") if has[kind]), "cpu"))
    if not has[name]:
        found = ", ".join(kind for kind, there in has.items() if there)
        raise ConfigError(f"device is {name!r}; here are {found}, so choose one or 'auto'")
    return torch.device(name)


def one_machine(path: Path, checkpoint: Checkpoint) -> RBM:
    """Return a checkpoint's machine, if it is a single one.

    Args:
        path: The file, for the error.
        checkpoint: What it held.

    Raises:
        CheckpointError: If it is an ensemble.
    """
    if checkpoint.rbm.replica_shape:
        raise CheckpointError(
            f"{path} holds an ensemble {checkpoint.rbm.replica_shape} of machines; "
            "save one of them with save_checkpoint(path, rbm.replica(0))"
        )
    return checkpoint.rbm


def read_dataset(name: str, rbm: RBM) -> Dataset:
    """Load a data set that a machine can be held against.

    Args:
        name: The data set.
        rbm: The machine.

    Raises:
        DataError: If the data set is unknown or missing.
        ConfigError: If the machine has another number of visible units.
    """
    dataset = load_dataset(name)
    if dataset.n_visible != rbm.n_visible:
        raise ConfigError(
            f"the machine has {rbm.n_visible} visible units and {name!r} needs "
            f"{dataset.n_visible}; name the data set it was trained on"
        )
    return dataset


def read_checkpoint(path: Path, device: torch.device | str = "cpu") -> tuple[RBM, Checkpoint]:
    """Read a checkpoint of one machine.

    Args:
        path: The file, or the name of a machine that comes trained.
        device: Where the machine shall live.

    Raises:
        CheckpointError: If the file is missing, truncated, foreign, or an ensemble.
    """
    if str(path) in pretrained_names() and not path.exists():
        path = machine_path(str(path))
    checkpoint = load_checkpoint(path, device=device)
    return one_machine(path, checkpoint), checkpoint


def _read_recipe(path: Path) -> Recipe:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"recipe {path} cannot be read: {reason}; give a JSON file, for example one that "
            "`presets --json` printed"
        ) from error
    try:
        return Recipe.from_json(text)
    except ConfigError as error:
        raise ConfigError(f"recipe {path}: {error}") from error
