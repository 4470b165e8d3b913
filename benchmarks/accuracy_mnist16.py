"""Exact test log-likelihood of 784×16 machines on MNIST, the run that PyDeep publishes.

PCD-1, batch 100, 50 epochs, learning rate 0.01, pixels thresholded at one half, visible biases from
the pixel means. log Z is exact: the 16 hidden units are summed over. PyDeep's documentation prints
-149.05 for the plain gradient (zero visible bias) and -142.56 for the centred one.

    python -m benchmarks.accuracy_mnist16 --data DIR

Source: https://pydeep.readthedocs.io (tutorial on small binary RBMs on MNIST).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

from rbm_core import Recipe, TrainConfig, log_likelihood
from rbm_core.datasets.binarise import binarise
from rbm_core.generators import make_generator

PUBLISHED = {"plain": -149.05, "centred": -142.56}
WANTED = {"plain": -147.0, "centred": -143.0}


def recipe(gradient: str, seed: int, epochs: int = 50) -> Recipe:
    """Return PyDeep's settings, with visible biases from the pixel means."""
    return Recipe(
        dataset="mnist",
        n_hidden=16,
        weight_std=0.03,
        visible_bias="data",
        training=TrainConfig(
            scheme="pcd",
            k=1,
            learning_rate=0.01,
            batch_size=100,
            epochs=epochs,
            gradient=gradient,
            seed=seed,
        ),
    )


def test_log_likelihood(gradient: str, seed: int, epochs: int, root: Path | None) -> float:
    """Train one machine and return its exact test log-likelihood, nats per image."""
    made = recipe(gradient, seed, epochs)
    dataset = made.load_dataset(root)
    test = binarise(dataset.split("test"), "threshold", make_generator(0))
    train = binarise(dataset.split("train"), "threshold", make_generator(0))
    began = time.perf_counter()
    run = made.start(dataset)
    for record in run:
        if record.done or round(record.epoch) % 10 == 0:
            seconds = time.perf_counter() - began
            sys.stderr.write(
                f"{gradient} seed {seed} epoch {record.epoch:.0f}: "
                f"test {float(log_likelihood(run.rbm, test)):.2f} ({seconds:.0f} s)\n"
            )
    result = float(log_likelihood(run.rbm, test))
    on_train = float(log_likelihood(run.rbm, train))
    print(
        f"{gradient:8} {seed:4}  {result:9.2f}  {on_train:9.2f}  {record.seconds:7.0f}", flush=True
    )
    return result


def main() -> None:
    """Train every machine and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of MNIST in torchvision's layout")
    parser.add_argument("--gradient", nargs="+", choices=list(WANTED), default=list(WANTED))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, default=50)
    given = parser.parse_args()
    print("gradient seed    test LL   train LL  seconds")
    for gradient in given.gradient:
        results = [test_log_likelihood(gradient, s, given.epochs, given.data) for s in given.seeds]
        print(
            f"{gradient}: median {statistics.median(results):.2f} over {len(results)} seeds "
            f"(at least {WANTED[gradient]} wanted, PyDeep {PUBLISHED[gradient]})",
            flush=True,
        )


if __name__ == "__main__":
    main()
