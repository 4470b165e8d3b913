#!/usr/bin/env python3
"""Measure how many hidden units each named truth table needs, and write the table that ships.

    python tools/measure_capacity.py [NAME …] [--out FILE]

For each size of the hidden layer, 16 seeds are trained at the gate's usual settings, for 20, 40 and
60 epochs, until a size learns from all of them. Half a minute for all tables on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402

from rbm_core import GATES, Recipe, default_recipe, measure  # noqa: E402
from rbm_core.recipes.capacity import CAPACITY_FILE, Capacity, Layer, has_learned  # noqa: E402
from rbm_core.recipes.checkpoint import write_whole  # noqa: E402

N_SEEDS = 16
EPOCHS = (20, 40, 60)
MAX_HIDDEN = 12


def outcome(recipe: Recipe) -> tuple[bool, float]:
    """Train a recipe to its end; whether it learned, and its valid mass."""
    run = recipe.start()
    run.advance(run.n_updates)
    exact, bound = measure(run.rbm, run.dataset), run.dataset.log_likelihood_bound
    if exact.valid_mass is None or exact.log_likelihood is None or bound is None:
        raise SystemExit(f"{recipe.dataset} is no truth table")
    mass = float(exact.valid_mass)
    return has_learned(mass, float(exact.log_likelihood), bound), mass


def measure_layer(dataset: str, n_hidden: int) -> Layer:
    """Train the layers of one size, for each length until all learn."""
    n_learned, masses = {}, []
    for epochs in EPOCHS:
        usual = default_recipe(dataset).replace(n_hidden=n_hidden, epochs=epochs)
        found = [outcome(usual.replace(seed=seed)) for seed in range(N_SEEDS)]
        n_learned[epochs] = sum(learned for learned, _ in found)
        masses += [mass for _, mass in found]
        if n_learned[epochs] == N_SEEDS:
            break
    best = max(n_learned, key=lambda epochs: n_learned[epochs])
    return Layer(
        n_hidden=n_hidden,
        epochs=best,
        n_learned=n_learned[best],
        best_valid_mass=round(max(masses), 3),
    )


def measure_table(dataset: str) -> Capacity:
    """Try larger and larger layers until one learns from every seed."""
    layers: list[Layer] = []
    for n_hidden in range(1, MAX_HIDDEN + 1):
        layers.append(measure_layer(dataset, n_hidden))
        if layers[-1].n_learned == N_SEEDS:
            return Capacity(dataset=dataset, n_seeds=N_SEEDS, layers=tuple(layers))
    raise SystemExit(f"{dataset}: no layer of at most {MAX_HIDDEN} units learns from every seed")


def main() -> None:
    """Measure the tables that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(GATES))
    parser.add_argument("--out", type=Path, default=CAPACITY_FILE)
    given = parser.parse_args()
    if unknown := sorted(set(given.names) - set(GATES)):
        parser.error(f"unknown {', '.join(unknown)}; known are {', '.join(GATES)}")
    torch.set_num_threads(1)
    tables = []
    for name in given.names or GATES:
        found = measure_table(name)
        tables.append(found.to_dict())
        print(f"{name}: {found.enough}; below it {found.layers[:-1]}", flush=True)
    write_whole(given.out, (json.dumps({"tables": tables}, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
