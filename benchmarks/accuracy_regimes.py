"""ε⁽²⁾ against generation time for Rdm-10, CD-10 and PCD-10 on 8×8 digits with 100 hidden units.

Chains start from noise. A machine trained by short chains from noise (Rdm) is best when it is run
for about as many steps as in training, and worse at equilibrium; CD and PCD have no such time.

    python -m benchmarks.accuracy_regimes

Source: Decelle, Furtlehner & Seoane (2021), arXiv 2105.13889, on MNIST.
"""

from __future__ import annotations

import argparse
import time

import torch

from rbm_core import Recipe, TrainConfig, load_dataset, make_generator
from rbm_core.binarise import binarise
from rbm_core.diagnostics import GenerationCurve, generation_curve

TIMES = (1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 100, 300, 1000, 3000)
N_CHAINS = 1400


def recipe(scheme: str, k: int, seed: int, epochs: int) -> Recipe:
    """Return the settings common to the three schemes."""
    return Recipe(
        dataset="digits",
        n_hidden=100,
        weight_std=0.01,
        visible_bias="data",
        training=TrainConfig(
            scheme=scheme,
            k=k,
            learning_rate=0.05,
            batch_size=100,
            epochs=epochs,
            seed=seed,
        ),
    )


def curve(made: Recipe) -> GenerationCurve:
    """Train one machine and follow what it generates."""
    dataset = made.load_dataset()
    run = made.start(dataset)
    for _record in run:
        pass
    data = binarise(dataset.train, "threshold", make_generator(0))
    return generation_curve(run.rbm, data, TIMES, N_CHAINS, make_generator(made.seed, "curve"))


def main() -> None:
    """Print ε⁽²⁾ at each time for each scheme and seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=1000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    given = parser.parse_args()
    n = len(load_dataset("digits").train)
    print(f"digits, {n} rows, 100 hidden, k = {given.k}, {given.epochs} epochs; ε⁽²⁾ × 1e5")
    print("scheme seed " + " ".join(f"{f't={t}':>7}" for t in TIMES) + "   best  last/best")
    with torch.no_grad():
        for scheme in ("rdm", "cd", "pcd"):
            for seed in given.seeds:
                began = time.perf_counter()
                found = curve(recipe(scheme, given.k, seed, given.epochs))
                errors = found.second_moment_error
                print(
                    f"{scheme:6} {seed:4} "
                    + " ".join(f"{1e5 * float(e):7.2f}" for e in errors)
                    + f"  t={found.best_time:<4} {float(errors[-1] / errors.min()):6.1f}"
                    + f"   ({time.perf_counter() - began:.0f} s)",
                    flush=True,
                )
    print(f"floor of {N_CHAINS} draws from the data: {1e5 * found.second_moment_floor:.2f}")


if __name__ == "__main__":
    main()
