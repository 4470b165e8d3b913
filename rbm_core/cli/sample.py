"""`sample`: run chains and look at them after chosen numbers of steps."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch
from torch import Tensor

from rbm_core.cli.options import add_checkpoint, add_json, read_checkpoint, read_dataset
from rbm_core.cli.output import json_line, row_text
from rbm_core.datasets import Dataset
from rbm_core.datasets.image_folders import IMAGE_SETS, IMAGE_SHAPE
from rbm_core.errors import ConfigError, require_whole
from rbm_core.experiments.chain_strip import STARTS, start_states, strip_frames
from rbm_core.experiments.pictures import png_bytes, strip_grid
from rbm_core.generators import make_generator
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import state_index
from rbm_core.recipes.checkpoint import require_writable, write_whole

__all__ = ["NAME", "SUMMARY", "add_arguments", "run"]

NAME = "sample"
SUMMARY = "Run Gibbs chains and look at them after chosen numbers of steps."

STEPS = "0,1,3,6,100,1000,10000"  # the notebook's, for k = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's flags."""
    add_checkpoint(parser)
    parser.add_argument(
        "--start",
        choices=STARTS,
        default="noise",
        help="fair coins, rows of the data, or the notebook's probe squares (default: noise)",
    )
    parser.add_argument(
        "--steps", default=STEPS, metavar="N,N,…", help=f"when to look (default: {STEPS})"
    )
    parser.add_argument("--chains", type=int, default=8, metavar="N", help="chains (8)")
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        help="data to start from (default: what the file says it was trained on)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the chains (0)")
    parser.add_argument(
        "--out", type=Path, metavar="PNG", help="draw the chains here: a line for each look"
    )
    parser.add_argument("--scale", type=int, default=2, metavar="N", help="screen pixels a pixel")
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Print a line for each look, and draw them all."""
    require_whole("--chains", options.chains)
    steps = _steps(options.steps)
    generator = make_generator(options.seed, "sample")
    rbm, checkpoint = read_checkpoint(options.checkpoint)
    recipe = checkpoint.recipe
    name = options.dataset or (recipe.dataset if recipe else None)
    # Noise and probe squares need no data: what lies in files is only read to start from it.
    needed = options.start == "data" or name not in IMAGE_SETS
    dataset = read_dataset(name, rbm) if name is not None and needed else None
    if options.start == "data" and dataset is None:
        raise ConfigError(
            f"{options.checkpoint} does not say what it was trained on; add --dataset NAME"
        )
    shape = _image_shape(rbm, name, dataset)
    if options.out is not None:
        require_writable(options.out)
        if shape is None:
            raise ConfigError(
                f"--out {options.out}: {rbm.n_visible} visible units make no picture; leave it out"
            )
    start = start_states(
        options.start,
        rbm,
        options.chains,
        generator,
        rows=None if dataset is None else dataset.train,
        image_shape=shape,
        binarisation=recipe.training.binarisation if recipe else "threshold",
    )
    legal = dataset if dataset is not None and dataset.is_truth_table else None
    columns = ("step", "free_energy", "share_on", *(("legal_share",) if legal else ()))
    if not options.json:
        print(row_text(columns, columns))
    shown = []
    for frame in strip_frames(rbm, start, steps, generator):
        shown.append(frame.probabilities)
        line: dict[str, object] = {"step": frame.step, **_measures(rbm, frame.samples, legal)}
        if options.json:
            print(json_line(line | {"samples": _words(frame.samples)}), flush=True)
        else:
            print(row_text([line[column] for column in columns], columns), flush=True)
    if options.out is not None and shape is not None:
        grid = strip_grid(torch.stack(shown), shape)
        write_whole(options.out, png_bytes(grid, scale=options.scale))
        if not options.json:
            print(f"written to {options.out}")


def _steps(text: str) -> list[int]:
    words = text.split(",")
    steps = [int(word) for word in words if word.isascii() and word.isdigit()]
    if len(steps) < len(words) or sorted(set(steps)) != steps:
        raise ConfigError(
            f"--steps is {text!r}; it must be whole numbers that rise from 0 or above, with commas "
            "between, such as 0,1,10,100"
        )
    return steps


def _image_shape(rbm: RBM, name: str | None, dataset: Dataset | None) -> tuple[int, int] | None:
    """Height and width: the data's, or those of a square where nothing is known of it."""
    if dataset is not None:
        return dataset.image_shape
    if name in IMAGE_SETS:
        return IMAGE_SHAPE
    side = math.isqrt(rbm.n_visible)
    return (side, side) if side > 1 and side * side == rbm.n_visible else None


def _measures(rbm: RBM, v: Tensor, table: Dataset | None) -> dict[str, object]:
    values: dict[str, object] = {
        "free_energy": float(rbm.free_energy(v).mean()),
        "share_on": float(v.mean()),
    }
    if table is not None:
        known = set(state_index(table.train).tolist())
        here = state_index(v).tolist()
        values["legal_share"] = sum(number in known for number in here) / len(here)
    return values


def _words(v: Tensor) -> list[str]:
    return ["".join(str(int(bit)) for bit in row) for row in v.tolist()]
