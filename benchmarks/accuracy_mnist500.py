"""Test log-likelihood of 784×500 machines on MNIST, bracketed by AIS and reverse AIS.

Pixels are drawn with their grey level as probability, anew each epoch; the test images are drawn
once. log Z is bracketed with Salakhutdinov & Murray's schedule, 14 500 temperatures and 100 runs in
each direction; backward runs begin at chains of 1000 steps from training images, so the lower
end of the likelihood is only as trustworthy as those.

    python -m benchmarks.accuracy_mnist500 --data DIR --recipe cd1 cd3 pcd
    python -m benchmarks.accuracy_mnist500 --data DIR --recipe cd25     (hours on one core)

Published: CD-25 -86.34 (Salakhutdinov & Murray 2008); CD-1 -125.53 and CD-3 -105.50 are quoted from
the same paper from memory.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch

from rbm_core import (
    RBM,
    Bracket,
    Recipe,
    TrainConfig,
    log_likelihood_bracket,
    log_partition_bracket,
    make_generator,
    save_checkpoint,
)
from rbm_core.datasets import Dataset
from rbm_core.datasets.binarise import binarise

# Scheme, k and learning rate; the paper's CD-25 raises k from 1 to 25 as training goes on.
RECIPES = {
    "cd1": ("cd", "1", "geometric 0:0.05 {epochs}:0.005"),
    "cd3": ("cd", "3", "geometric 0:0.05 {epochs}:0.005"),
    "pcd": ("pcd", "1", "geometric 0:0.05 {epochs}:0.001"),
    "cd25": ("cd", "linear 0:1 {epochs}:25", "geometric 0:0.05 {epochs}:0.002"),
}
EPOCHS = {"cd1": 50, "cd3": 50, "pcd": 50, "cd25": 250}


def recipe(name: str, seed: int, epochs: int | None = None) -> Recipe:
    """Return one of the named settings."""
    scheme, k, rate = RECIPES[name]
    n_epochs = epochs or EPOCHS[name]
    return Recipe(
        dataset="mnist",
        n_hidden=500,
        weight_std=0.01,
        visible_bias="data",
        training=TrainConfig(
            scheme=scheme,
            k=k.format(epochs=n_epochs),
            learning_rate=rate.format(epochs=n_epochs),
            batch_size=100,
            epochs=n_epochs,
            momentum="step 0:0.5 5:0.9" if scheme == "cd" else 0.0,
            l2=0.0002 if scheme == "cd" else 0.0,
            gradient="centred" if scheme == "pcd" else "plain",
            binarisation="bernoulli",
            seed=seed,
        ),
    )


def bracket(rbm: RBM, dataset: Dataset, betas: str, n_runs: int) -> tuple[Bracket, Bracket]:
    """Return brackets of log Z and of the test log-likelihood."""
    stream = make_generator(0, "bracket")
    train = binarise(dataset.train, "bernoulli", stream)
    test = binarise(dataset.split("test"), "bernoulli", stream)
    log_z = log_partition_bracket(rbm, stream, data=train, betas=betas, n_runs=n_runs)
    return log_z, log_likelihood_bracket(rbm, test, log_z)


def report(name: str, given: argparse.Namespace) -> None:
    """Train one machine and print its line."""
    made = recipe(name, given.seed, given.epochs)
    dataset = made.load_dataset(given.data)
    run = made.start(dataset)
    for record in run:
        sys.stderr.write(
            f"{name} epoch {record.epoch:.0f} of {made.training.epochs}: "
            f"gap {float(record.free_energy_gap):.2f}, k {record.k}, {record.seconds:.0f} s\n"
        )
    if given.out:
        save_checkpoint(given.out / f"mnist500-{name}.safetensors", run.rbm, made)
    began = time.perf_counter()
    with torch.no_grad():
        log_z, found = bracket(run.rbm, dataset, given.betas, given.runs)
    print(
        f"{name:5} {made.training.epochs:6} {float(found.lower):9.2f} ± "
        f"{float(found.lower_std_error):4.2f} {float(found.upper):9.2f} ± "
        f"{float(found.upper_std_error):4.2f}   {float(log_z.lower):9.2f} {float(log_z.upper):9.2f}"
        f"   {record.seconds:7.0f} {time.perf_counter() - began:7.0f}",
        flush=True,
    )


def main() -> None:
    """Train the machines asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of MNIST in torchvision's layout")
    parser.add_argument("--recipe", nargs="+", choices=list(RECIPES), default=["cd1", "cd3", "pcd"])
    parser.add_argument("--epochs", type=int, help="instead of the recipe's own")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--betas", default="salakhutdinov-murray")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--out", type=Path, help="folder to keep the machines in")
    given = parser.parse_args()
    print(
        "recipe epochs   test LL, lower       test LL, upper        log Z, lower and upper"
        "   train s   AIS s"
    )
    for name in given.recipe:
        report(name, given)


if __name__ == "__main__":
    main()
