"""`evaluate`: log Z, likelihood and relaxation time of a checkpoint."""

from __future__ import annotations

import argparse

from torch import Tensor

from rbm_core.cli.bits import binary_rows
from rbm_core.cli.options import add_checkpoint, add_json, read_checkpoint, read_dataset
from rbm_core.cli.output import json_line, pairs_text
from rbm_core.datasets import Dataset
from rbm_core.exact.chain import relaxation_time
from rbm_core.exact.enumeration import log_likelihood, log_partition
from rbm_core.exact.measures import valid_mass
from rbm_core.generators import make_generator
from rbm_core.likelihood.annealing import ais
from rbm_core.likelihood.betas import BETA_SCHEDULES
from rbm_core.likelihood.bracket import Bracket, log_likelihood_bracket, log_partition_bracket
from rbm_core.likelihood.pseudo import mean_image_error, pseudo_log_likelihood, reconstruction_error
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS, MAX_LAYER_UNITS
from rbm_core.recipes.checkpoint import fingerprint
from rbm_core.recipes.recipe import Recipe

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
    annealing = parser.add_argument_group("annealing, for machines too large to enumerate")
    annealing.add_argument(
        "--betas",
        choices=tuple(BETA_SCHEDULES),
        default="salakhutdinov-murray-tenth",
        help="schedule of inverse temperatures (default: a tenth of the published one)",
    )
    annealing.add_argument("--runs", type=int, default=100, metavar="N", help="runs (100)")
    annealing.add_argument("--seed", type=int, default=0, metavar="N", help="their seed (0)")
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Print the measures of a checkpoint."""
    rbm, checkpoint = read_checkpoint(options.checkpoint)
    name = options.dataset or (checkpoint.recipe.dataset if checkpoint.recipe else None)
    dataset = read_dataset(name, rbm) if name is not None else None
    split = options.split
    if dataset is not None:
        split = split or ("train" if dataset.test is None else "test")
        dataset.split(split)  # says at once when there is none
    exact = min(rbm.n_visible, rbm.n_hidden) <= MAX_LAYER_UNITS
    values: dict[str, object] = {
        "n_visible": rbm.n_visible,
        "n_hidden": rbm.n_hidden,
        "parameters": fingerprint(rbm),
        "exact": exact,
    }
    rows = None
    if dataset is not None:
        rows, bits = binary_rows(dataset.split(split), checkpoint.recipe)
        values |= {"dataset": dataset.name, "split": split, "n_samples": len(rows)}
        values["binarisation"] = bits
    if exact:
        values |= _exact_measures(rbm, dataset, rows, split)
    else:
        values |= _estimates(options, rbm, dataset, rows, checkpoint.recipe)
    if dataset is not None and dataset.image_shape is not None and rows is not None:
        levels = dataset.split(split)
        values["pseudo_log_likelihood"] = float(
            pseudo_log_likelihood(rbm, rows, make_generator(options.seed, "pseudo"))
        )
        values["reconstruction_error"] = float(reconstruction_error(rbm, levels))
        values["mean_image_error"] = float(mean_image_error(levels))
    print(json_line(values) if options.json else pairs_text(values))


def _exact_measures(
    rbm: RBM, dataset: Dataset | None, rows: Tensor | None, split: str | None
) -> dict[str, object]:
    """What enumeration gives."""
    values: dict[str, object] = {"log_partition": float(log_partition(rbm))}
    if rbm.n_visible <= MAX_CHAIN_UNITS and rbm.n_hidden <= MAX_LAYER_UNITS:
        values["relaxation_time"] = float(relaxation_time(rbm))
    if dataset is None or rows is None:
        return values
    values["log_likelihood"] = float(log_likelihood(rbm, rows))
    if dataset.log_likelihood_bound is not None and split == "train":
        values["log_likelihood_bound"] = dataset.log_likelihood_bound
    if dataset.enumerable and rbm.n_visible <= MAX_LAYER_UNITS:
        values["valid_mass"] = float(valid_mass(rbm, dataset))
    return values


def _estimates(
    options: argparse.Namespace,
    rbm: RBM,
    dataset: Dataset | None,
    rows: Tensor | None,
    recipe: Recipe | None,
) -> dict[str, object]:
    """What annealing gives: log Z from below, and with data the bracket from both sides."""
    generator = make_generator(options.seed, "annealing")
    if dataset is None or rows is None:
        estimate = ais(rbm, generator, betas=options.betas, n_runs=options.runs)
        return {
            "log_partition": float(estimate.log_partition),
            "std_error": float(estimate.std_error),
            "effective_runs": float(estimate.effective_runs),
        }
    training_rows, _bits = binary_rows(dataset.train, recipe)
    partition = log_partition_bracket(
        rbm, generator, data=training_rows, betas=options.betas, n_runs=options.runs
    )
    likelihood = log_likelihood_bracket(rbm, rows, partition)
    return {
        # The forward estimate is the one the literature reports.
        "log_partition": float(partition.lower),
        "std_error": float(partition.lower_std_error),
        "log_partition_bracket": _ends(partition)[0],
        "log_likelihood": float(likelihood.upper),
        "bracket": _ends(likelihood)[0],
        "bracket_std_error": _ends(likelihood)[1],
    }


def _ends(bracket: Bracket) -> tuple[list[float], list[float]]:
    """Both ends, the smaller first (noise can swap them), and the standard error of each."""
    ends = sorted(
        [
            (float(bracket.lower), float(bracket.lower_std_error)),
            (float(bracket.upper), float(bracket.upper_std_error)),
        ]
    )
    return [end for end, _error in ends], [error for _end, error in ends]
