"""ε⁽²⁾ against generation time for Rdm-10, CD-10 and PCD-10 on 8×8 digits with 100 hidden units.

Chains start from noise. A machine trained by short chains from noise (Rdm) is best when it is run
for about as many steps as in training, and worse at equilibrium; PCD shows a little of it, CD none.

    python -m benchmarks.accuracy_regimes

Source: Decelle, Furtlehner & Seoane (2021), arXiv 2105.13889, on MNIST.
"""

from __future__ import annotations

import argparse
import sys
import time

from rbm_core import Recipe, TrainConfig, load_dataset, make_generator
from rbm_core.datasets.binarise import binarise
from rbm_core.equilibrium.generation import GenerationCurve, generation_curve
from rbm_core.equilibrium.memory import training_time_memory
from rbm_core.training.config import SCHEMES

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
            # Slow enough that PCD's chains keep up with the parameters.
            learning_rate=0.02,
            batch_size=100,
            epochs=epochs,
            seed=seed,
        ),
    )


def curves(made: Recipe, n_replicas: int) -> list[GenerationCurve]:
    """Train an ensemble and follow what each machine generates."""
    dataset = made.load_dataset()
    run = made.start(dataset, n_replicas=n_replicas)
    for _record in run:
        pass
    data = binarise(dataset.train, "threshold", make_generator(0))
    return [
        generation_curve(
            run.rbm.replica(i), data, TIMES, N_CHAINS, make_generator(made.seed, "curve", i)
        )
        for i in range(n_replicas)
    ]


def main() -> None:
    """Print ε⁽²⁾ at each time for each scheme and machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=2000)
    parser.add_argument("--replicas", type=int, default=3, help="machines per scheme")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=["rdm", "cd", "pcd"])
    given = parser.parse_args()
    n = len(load_dataset("digits").train)
    print(f"digits, {n} rows, 100 hidden, k = {given.k}, {given.epochs} epochs; ε⁽²⁾ × 1e5")
    print("scheme " + " ".join(f"{f't={t}':>6}" for t in TIMES) + "     R at t = verdict")
    for scheme in given.schemes:
        began = time.perf_counter()
        for found in curves(recipe(scheme, given.k, given.seed, given.epochs), given.replicas):
            memory = training_time_memory(found)
            print(
                f"{scheme:6} "
                + " ".join(f"{1e5 * float(e):6.2f}" for e in found.second_moment_error)
                + f" {memory.ratio:5.1f} {memory.time:4}   {memory.verdict}",
                flush=True,
            )
        sys.stderr.write(f"{scheme}: {time.perf_counter() - began:.0f} s\n")
    print(f"floor of {N_CHAINS} draws from the data: {1e5 * found.second_moment_floor:.2f}")


if __name__ == "__main__":
    main()
