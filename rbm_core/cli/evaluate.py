"""`evaluate`: log Z, likelihood and relaxation time of a checkpoint."""

from __future__ import annotations

import argparse

import torch

from rbm_core.binarise import binarise
from rbm_core.checkpoint import Checkpoint, fingerprint
from rbm_core.cli.options import add_checkpoint, add_json, read_checkpoint, read_dataset
from rbm_core.cli.output import json_line, pairs_text
from rbm_core.datasets import Dataset
from rbm_core.exact import (
    MAX_CHAIN_UNITS,
    MAX_LAYER_UNITS,
    log_likelihood,
    log_partition,
    relaxation_time,
)
from rbm_core.generators import make_generator
from rbm_core.measures import valid_mass
from rbm_core.rbm import RBM

__all__ = ["NAME", "SUMMARY", "add_arguments", "run"]

NAME = "evaluate"
SUMMARY = "Measure a checkpoint: exactly where its size allows, else by an estimate with its error."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's flags."""
    add_checkpoint(parser)
    parser.add_argument(
        "--dataset",
        "--gate",
        metavar="NAME",
        help="data to hold the machine against (default: what the file says it was trained on)",
    )
    parser.add_argument(
        "--split",
        choices=("train", "test"),
        help="rows of that data (default: test where there is one, else train)",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Print the measures of a checkpoint."""
    rbm, checkpoint = read_checkpoint(options.checkpoint)
    name = options.dataset or (checkpoint.recipe.dataset if checkpoint.recipe else None)
    dataset = read_dataset(name, rbm) if name is not None else None
    values: dict[str, object] = {
        "n_visible": rbm.n_visible,
        "n_hidden": rbm.n_hidden,
        "parameters": fingerprint(rbm),
        **partition_measures(rbm),
    }
    if dataset is not None:
        values |= data_measures(rbm, dataset, checkpoint, options.split)
    print(json_line(values) if options.json else pairs_text(values))


def partition_measures(rbm: RBM) -> dict[str, object]:
    """Measure the machine without any data.

    Args:
        rbm: One machine.
    """
    values: dict[str, object] = {"exact": min(rbm.n_visible, rbm.n_hidden) <= MAX_LAYER_UNITS}
    values["log_partition"] = float(log_partition(rbm))
    if rbm.n_visible <= MAX_CHAIN_UNITS and rbm.n_hidden <= MAX_LAYER_UNITS:
        values["relaxation_time"] = float(relaxation_time(rbm))
    return values


def data_measures(
    rbm: RBM, dataset: Dataset, checkpoint: Checkpoint, split: str | None
) -> dict[str, object]:
    """Measure the machine against data.

    Args:
        rbm: One machine.
        dataset: The data.
        checkpoint: Says how its grey levels became bits.
        split: "train", "test", or None for the test rows where there are any.
    """
    split = split or ("train" if dataset.test is None else "test")
    rows, bits = binary_rows(dataset.split(split), checkpoint)
    values: dict[str, object] = {
        "dataset": dataset.name,
        "split": split,
        "n_samples": len(rows),
        "binarisation": bits,
        "log_likelihood": float(log_likelihood(rbm, rows)),
    }
    if dataset.log_likelihood_bound is not None and split == "train":
        values["log_likelihood_bound"] = dataset.log_likelihood_bound
    if dataset.enumerable and rbm.n_visible <= MAX_LAYER_UNITS:
        values["valid_mass"] = float(valid_mass(rbm, dataset))
    return values


def binary_rows(levels: torch.Tensor, checkpoint: Checkpoint) -> tuple[torch.Tensor, str]:
    """Turn rows into the bits that a likelihood speaks of, and say how.

    Bernoulli bits are drawn from the recipe's own stream ("evaluate",). Grey levels are no states
    of a binary machine, so a recipe that trains on them is evaluated on thresholded rows, and so
    is a machine without a recipe.

    Args:
        levels: Rows in [0, 1], shape (n_samples, n_visible).
        checkpoint: May hold a recipe.
    """
    if bool(((levels == 0) | (levels == 1)).all()):
        return levels, "none needed"
    recipe = checkpoint.recipe
    method = recipe.training.binarisation if recipe else "threshold"
    method = "threshold" if method == "grey" else method
    return binarise(
        levels, method, make_generator(recipe.seed if recipe else 0, "evaluate")
    ), method
