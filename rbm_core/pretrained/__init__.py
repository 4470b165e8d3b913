"""Machines that come trained, a few pictures to show them, and what is known of each.

`tools/retrain.py` makes every file here anew. A machine is half-precision safetensors with its
recipe inside; beside it lies a JSON with its fingerprint, its training record and its likelihood.

The pictures are from MNIST (Y. LeCun, C. Cortes & C. Burges; CC BY-SA 3.0) and Fashion-MNIST
(Zalando SE; MIT licence).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from rbm_core.datasets import Dataset
from rbm_core.datasets.image_folders import IMAGE_SETS
from rbm_core.errors import CheckpointError, ConfigError, DataError
from rbm_core.likelihood.bracket import Bracket
from rbm_core.machine.rbm import RBM
from rbm_core.recipes.checkpoint import fingerprint, load_checkpoint
from rbm_core.recipes.recipe import Recipe

__all__ = [
    "Pretrained",
    "example_images",
    "load_pretrained",
    "machine_path",
    "pretrained_names",
    "report_path",
]

FOLDER = Path(__file__).parent

# In the order they are offered; each is a preset of the same name.
NAMES = ("mnist-pcd", "notebook-mnist", "notebook-fashion-mnist", "small-digits")


@dataclass(frozen=True, eq=False, kw_only=True)
class Pretrained:
    """A trained machine and what was measured of it when it was made.

    Attributes:
        name: Its preset's slug.
        rbm: The machine, in single precision; its parameters are half-precision numbers.
        recipe: How it was trained.
        fingerprint: Twelve hexadecimal digits that name its parameters.
        image_shape: Height and width of its pictures.
        free_energy_gaps: Mean F(data) - F(model) of each epoch of its training.
        log_partition: log Z, bracketed by annealed importance sampling.
        log_likelihood: Mean log p(v) of the held-out images as the recipe binarises them, nats.
        betas: The annealing schedule of both.
        n_runs: The annealing runs of both, in each direction.
    """

    name: str
    rbm: RBM
    recipe: Recipe
    fingerprint: str
    image_shape: tuple[int, int]
    free_energy_gaps: tuple[float, ...]
    log_partition: Bracket
    log_likelihood: Bracket
    betas: str
    n_runs: int


def pretrained_names() -> tuple[str, ...]:
    """Names that `load_pretrained` knows; each is a preset's too."""
    return NAMES


def machine_path(name: str, folder: Path = FOLDER) -> Path:
    """Return the file of a machine."""
    return folder / f"{name}.safetensors"


def report_path(name: str, folder: Path = FOLDER) -> Path:
    """Return the file of what was measured of a machine."""
    return folder / f"{name}.json"


def load_pretrained(name: str, folder: Path = FOLDER) -> Pretrained:
    """Load a machine that comes trained. No data set is needed.

    Args:
        name: One of `pretrained_names()`.
        folder: Where the machines lie.

    Raises:
        ConfigError: If there is none of that name.
        CheckpointError: If its files are broken, or do not belong together.
    """
    if name not in NAMES:
        raise ConfigError(f"pretrained machine {name!r} is unknown; known are {', '.join(NAMES)}")
    checkpoint = load_checkpoint(machine_path(name, folder))
    path = report_path(name, folder)
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        height, width = report["image_shape"]
        loaded = Pretrained(
            name=name,
            rbm=checkpoint.rbm,
            recipe=checkpoint.recipe or Recipe.from_dict(report["recipe"]),
            fingerprint=report["fingerprint"],
            image_shape=(int(height), int(width)),
            free_energy_gaps=tuple(float(gap) for gap in report["free_energy_gaps"]),
            log_partition=_bracket(report["log_partition"]),
            log_likelihood=_bracket(report["log_likelihood"]),
            betas=str(report["betas"]),
            n_runs=int(report["n_runs"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path} is missing or broken ({error}); run tools/retrain.py {name}"
        ) from error
    if fingerprint(loaded.rbm) != loaded.fingerprint:
        raise CheckpointError(
            f"{machine_path(name, folder)} holds machine {fingerprint(loaded.rbm)} and {path.name} "
            f"speaks of {loaded.fingerprint}; run tools/retrain.py {name}"
        )
    return loaded


def example_images(dataset: str) -> Dataset:
    """Return four held-out pictures of each class of an image set, to show without its files.

    Args:
        dataset: "mnist" or "fashion-mnist".

    Returns:
        Forty rows with labels, class by class, as the training split of a data set of their own.

    Raises:
        DataError: If there are none of that name, or their file is broken.
    """
    if dataset not in IMAGE_SETS:
        raise DataError(f"there are no examples of {dataset!r}, only of {', '.join(IMAGE_SETS)}")
    path = FOLDER / f"{dataset}-examples.safetensors"
    try:
        tensors = load_file(path)
        rows, labels = tensors["images"].flatten(1).float() / 255, tensors["labels"].long()
    except (SafetensorError, OSError, KeyError) as error:
        raise DataError(f"{path} is missing or broken ({error}); run tools/retrain.py") from error
    height, width = tensors["images"].shape[1:]
    return Dataset(
        name=f"{dataset}-examples",
        train=rows,
        train_labels=labels,
        image_shape=(height, width),
        class_names=IMAGE_SETS[dataset].class_names,
    )


def _bracket(values: dict[str, float | bool]) -> Bracket:
    def number(key: str) -> torch.Tensor:
        return torch.tensor(float(values[key]), dtype=torch.float64)

    return Bracket(
        lower=number("lower"),
        upper=number("upper"),
        lower_std_error=number("lower_std_error"),
        upper_std_error=number("upper_std_error"),
        exact_start=bool(values["exact_start"]),
    )
