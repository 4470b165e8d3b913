"""`train`: run a recipe, a line per epoch."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from tqdm import tqdm

from rbm_core.cli.options import (
    add_json,
    add_recipe_flags,
    change_recipe,
    choose_device,
    choose_recipe,
    given_settings,
    read_checkpoint,
)
from rbm_core.cli.output import json_line, row_text
from rbm_core.cli.readings import Readings
from rbm_core.errors import CheckpointError, ConfigError
from rbm_core.generators import STREAM_VERSION
from rbm_core.recipes.checkpoint import fingerprint, require_writable, save_checkpoint
from rbm_core.recipes.recipe import Recipe
from rbm_core.training.run import TrainRun
from rbm_core.training.state import TrainState

__all__ = ["NAME", "SUMMARY", "add_arguments", "run"]

NAME = "train"
SUMMARY = "Train a machine by a recipe and print a line per epoch."

# What a machine was born with cannot change when its run goes on.
FIXED_ON_RESUME = ("dataset", "hidden", "init", "bias", "seed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's flags."""
    add_recipe_flags(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the trained run here")
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="FILE",
        help="go on where a file of --out or --checkpoints stopped; its recipe is inside, and "
        "flags such as --epochs change it",
    )
    parser.add_argument(
        "--checkpoints",
        type=Path,
        metavar="DIR",
        help="write the run here after 1, 2, 4, 8, … updates and after the last",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Train, print a line per epoch, and write what was asked for."""
    device = choose_device(options.device)
    recipe, state = _resume(options, device) if options.resume else (choose_recipe(options), None)
    if options.out is not None:
        require_writable(options.out)
    if options.checkpoints is not None:
        _make_folder(options.checkpoints)
    dataset = recipe.load_dataset()
    training = recipe.start(dataset, state=state, device=device)
    readings = Readings(recipe, dataset)
    saver = None if options.checkpoints is None else _Saver(options.checkpoints, recipe)
    if saver is not None and training.update == 0:
        saver.save(training)
    with _progress(training, quiet=options.json) as bar:
        if not options.json:
            bar.write(row_text(readings.columns, readings.columns), file=sys.stdout)
        while not training.done:
            size, before = training.n_updates_per_epoch, training.update
            record = training.advance(size - before % size, observe=saver)
            line = readings.line(training, record)
            bar.update(training.update - before)
            if options.json:
                print(json_line(line), flush=True)
            else:
                cells = [line.get(name) for name in readings.columns]
                bar.write(row_text(cells, readings.columns), file=sys.stdout)
    if options.out is not None:
        save_checkpoint(options.out, training.state(), recipe)
    if not options.json:
        names = f"recipe {recipe.hash()}  streams {STREAM_VERSION}"
        print(f"{names}  parameters {fingerprint(training.rbm)}")
        if options.out is not None:
            print(f"written to {options.out}")


def _resume(options: argparse.Namespace, device: torch.device) -> tuple[Recipe, TrainState]:
    """The recipe and the state of a saved run."""
    if options.preset is not None or options.recipe is not None:
        raise ConfigError(
            f"--resume {options.resume} brings its own recipe; leave --preset and --recipe out"
        )
    given = given_settings(options)
    fixed = [f"--{name}" for name in FIXED_ON_RESUME if name in given]
    if fixed:
        raise ConfigError(
            f"{', '.join(fixed)} came with --resume, but a run keeps those; "
            "leave them out, or start a new run"
        )
    _rbm, checkpoint = read_checkpoint(options.resume, device)
    if checkpoint.recipe is None or checkpoint.state is None:
        raise CheckpointError(
            f"{options.resume} holds a machine but no run to go on with; "
            "give a file that train --out or --checkpoints wrote"
        )
    if checkpoint.stream != STREAM_VERSION:
        print(
            f"{options.resume} is of version 0.1, which drew other random numbers: the run "
            "goes on by the same law, with numbers that it would not have had",
            file=sys.stderr,
        )
    return change_recipe(checkpoint.recipe, given), checkpoint.state


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"--checkpoints {path} cannot be made: {error.strerror}; choose another folder"
        ) from error
    require_writable(path / "probe")


class _Saver:
    """Writes a run after 1, 2, 4, 8, … updates, and after its last."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self._folder = folder
        self._recipe = recipe

    def __call__(self, training: TrainRun) -> None:
        """Write the run if it stands at a power of two, or at its end."""
        if training.update.bit_count() == 1 or training.done:
            self.save(training)

    def save(self, training: TrainRun) -> None:
        """Write the run as it is now."""
        path = self._folder / f"update-{training.update:09d}.safetensors"
        save_checkpoint(path, training.state(), self._recipe)


@contextmanager
def _progress(training: TrainRun, *, quiet: bool) -> Iterator[tqdm[None]]:
    """A bar on stderr that counts updates."""
    with tqdm(
        total=training.n_updates,
        initial=training.update,
        unit="update",
        unit_scale=True,
        disable=quiet,
        file=sys.stderr,
        leave=False,
    ) as bar:
        yield bar
