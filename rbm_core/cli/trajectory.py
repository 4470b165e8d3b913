"""`trajectory`: log Z of every age of a run, by climbing its checkpoints as a ladder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor
from tqdm import tqdm

from rbm_core.cli.bits import binary_rows
from rbm_core.cli.options import add_json, one_machine, read_dataset
from rbm_core.cli.output import json_line, row_text
from rbm_core.errors import CheckpointError, ConfigError, ShapeError, require_whole
from rbm_core.exact.enumeration import log_partition
from rbm_core.generators import make_generator
from rbm_core.likelihood.ladder import one_thread
from rbm_core.likelihood.ladder_estimate import LadderEstimate, LadderSchedule, film_estimate
from rbm_core.likelihood.trajectory import PilotConfig, TrajectoryLadder, pilot_records
from rbm_core.machine.film import film_of
from rbm_core.machine.independent import base_machine
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_LAYER_UNITS
from rbm_core.recipes.checkpoint import Checkpoint, load_checkpoint

__all__ = ["NAME", "SUMMARY", "add_arguments", "run"]

NAME = "trajectory"
SUMMARY = "Estimate log Z at every age of a run, its checkpoints taken as a ladder of machines."


@dataclass(frozen=True, eq=False, kw_only=True)
class _Film:
    """Checkpoints of one run in the order of their ages."""

    rbm: RBM
    updates: list[int]
    newest: Checkpoint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's flags."""
    parser.add_argument(
        "checkpoints",
        type=Path,
        nargs="+",
        metavar="CHECKPOINTS",
        help="the folder that train --checkpoints wrote, or single files of one run",
    )
    parser.add_argument(
        "--dataset",
        "--gate",
        metavar="NAME",
        help="data whose means the ladder begins at, and whose log-likelihood is told "
        "(default: what the files say they were trained on)",
    )
    parser.add_argument("--columns", type=int, default=100, metavar="N", help="copies (100)")
    parser.add_argument("--rounds", type=int, default=3000, metavar="N", help="rounds (3000)")
    parser.add_argument(
        "--target", type=float, default=0.3, metavar="X", help="least rate of swaps (0.3)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed (0)")
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Print log Z of each checkpoint, the youngest first."""
    require_whole("columns", options.columns, least=2)
    schedule = LadderSchedule(n_rounds=options.rounds, record_every=max(10, options.rounds // 20))
    film = _read_film(options.checkpoints)
    rows = held = None
    recipe = film.newest.recipe
    name = options.dataset or (recipe.dataset if recipe else None)
    if name is not None:
        dataset = read_dataset(name, film.rbm)
        rows, _bits = binary_rows(dataset.train, recipe)
        held = rows if dataset.enumerable else binary_rows(dataset.held_out, recipe)[0]
    with (
        one_thread(film.rbm.weights.device),
        tqdm(unit="round", disable=options.json, file=sys.stderr, leave=False) as bar,
    ):
        ladder = _choose(film.rbm, rows, options, bar)
        end = _climb(ladder, options, schedule, bar)
    if end.film_log_partition is None:
        raise ConfigError(f"no log Z can be told: {end.reason}; give more checkpoints")
    lines = list(_lines(film, ladder, end, held))
    if options.json:
        for line in lines:
            print(json_line(line))
        return
    columns = list(lines[0])
    print(row_text(columns, columns))
    for line in lines:
        print(row_text(line.values(), columns))
    print(
        f"{len(ladder.positions)} rungs, swap rates from {float(end.swap_rate.min()):.2f}, "
        f"{end.n_warm_up} rounds of warm-up"
    )


def _read_film(paths: Iterable[Path]) -> _Film:
    """Read checkpoints of one run, by age."""
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob("*.safetensors")) if path.is_dir() else [path]
        if not found:
            raise CheckpointError(f"{path} holds no checkpoints; train --checkpoints writes them")
        files += found
    read = [(file, load_checkpoint(file)) for file in files]
    # A file without a run has no age; such files stay in the order they came.
    aged = sorted(
        (
            (one.state.update if one.state else number, one_machine(file, one), one)
            for number, (file, one) in enumerate(read)
        ),
        key=lambda entry: entry[0],
    )
    machines = [rbm for _update, rbm, _one in aged]
    try:
        film = film_of(machines)
    except ShapeError as error:
        raise CheckpointError(f"the checkpoints are not those of one run: {error}") from error
    return _Film(
        rbm=film,
        updates=[update for update, _rbm, _one in aged],
        newest=aged[-1][2],
    )


def _choose(
    film: RBM, rows: Tensor | None, options: argparse.Namespace, bar: tqdm[None]
) -> TrajectoryLadder:
    """Let a pilot choose the rungs."""
    bar.set_description("pilot")
    base = base_machine(film.replica(0), rows)
    generator = make_generator(options.seed, "pilot")
    ladder = None
    config = PilotConfig(target=options.target)
    for record in pilot_records(film, generator, base=base, config=config):
        bar.update(record.n_rounds - bar.n)
        ladder = record.ladder
    assert ladder is not None  # noqa: S101  (the last record has one)
    return ladder


def _climb(
    ladder: TrajectoryLadder, options: argparse.Namespace, schedule: LadderSchedule, bar: tqdm[None]
) -> LadderEstimate:
    """Run the ladder to its end."""
    bar.set_description("ladder")
    bar.reset()
    end = None
    generator = make_generator(options.seed, "ladder")
    for end in film_estimate(ladder, generator, schedule=schedule, n_columns=options.columns):
        bar.update(end.n_rounds - bar.n)
    assert end is not None  # noqa: S101  (there is one round at least)
    return end


def _lines(
    film: _Film, ladder: TrajectoryLadder, end: LadderEstimate, held: Tensor | None
) -> Iterator[dict[str, object]]:
    """One line for each checkpoint."""
    assert end.film_log_partition is not None  # noqa: S101  (told before)
    assert end.film_std_error is not None  # noqa: S101
    summable = min(film.rbm.n_visible, film.rbm.n_hidden) <= MAX_LAYER_UNITS
    exact = log_partition(film.rbm).tolist() if summable else None
    rungs = set(ladder.positions.tolist())
    for i, update in enumerate(film.updates):
        line: dict[str, object] = {
            "update": update,
            "rung": float(i) in rungs,
            "log_partition": float(end.film_log_partition[i]),
            "std_error": float(end.film_std_error[i]),
        }
        if exact is not None:
            line["exact"] = exact[i]
        if held is not None:
            free = film.rbm.replica(i).free_energy(held.to(film.rbm.weights)).double().mean()
            line["log_likelihood"] = float(-free - end.film_log_partition[i])
        yield line
