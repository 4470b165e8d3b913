"""How good the shipped machines dream, and how well they complete half a picture.

A classifier that has seen only MNIST's thresholded pixels looks at fantasies: chains from noise
after 1000 Gibbs steps. Half of each of 500 held-out pictures is held and the other half completed;
its squared error is set against filling that half with the mean training image.

    python -m benchmarks.dreams --data DIR [--machines mnist-pcd notebook-mnist]
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from torch import Tensor

from rbm_core import RBM, Dataset, load_dataset, make_generator
from rbm_core.experiments.chain_strip import chain_strip, start_states
from rbm_core.experiments.completion import HALVES, complete, half_mask
from rbm_core.pretrained import load_pretrained

N_FANTASIES = 1000
N_JUDGED = 200
N_STEPS = 1000
CONFIDENT = 0.9
N_COMPLETED = 500
N_COMPLETION_STEPS = 100


def bits(levels: Tensor) -> Tensor:
    """Threshold grey levels at one half."""
    return (levels >= 0.5).to(levels.dtype)


def train_judge(dataset: Dataset) -> MLPClassifier:
    """Train a classifier with one hidden layer on thresholded pictures."""
    judge = MLPClassifier((128,), max_iter=8, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # eight passes suffice
        judge.fit(bits(dataset.train).numpy(), dataset.train_labels)
    accuracy = judge.score(bits(dataset.split("test")).numpy(), dataset.test_labels)
    print(f"the judge gets {accuracy:.1%} of the held-out pictures right")
    return judge


def confidence(judge: MLPClassifier, v: Tensor) -> tuple[float, NDArray[np.int64]]:
    """Share of the first pictures judged with confidence, and how often each class was seen."""
    shares = judge.predict_proba(v.numpy())
    counts = np.bincount(shares.argmax(1), minlength=shares.shape[1])
    return float((shares.max(1)[:N_JUDGED] >= CONFIDENT).mean()), counts


def completion_errors(rbm: RBM, dataset: Dataset, half: str, seed: int) -> tuple[float, float]:
    """Mean squared error per completed pixel: the machine's, and the mean image's."""
    v = bits(dataset.split("test"))[:N_COMPLETED]
    mask = half_mask(dataset.image_shape or (28, 28), half)
    made = complete(rbm, v, mask, N_COMPLETION_STEPS, make_generator(seed, "complete", half))
    mean_image = bits(dataset.train).mean(0)
    ours = (made.probabilities - v)[:, ~mask].square().mean()
    return float(ours), float((mean_image - v)[:, ~mask].square().mean())


def main() -> None:
    """Print the figures of each machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of MNIST in torchvision's layout")
    parser.add_argument("--machines", nargs="+", default=["mnist-pcd", "notebook-mnist"])
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.set_num_threads(1)
    dataset = load_dataset("mnist", given.data)
    judge = train_judge(dataset)
    for name in given.machines:
        rbm = load_pretrained(name).rbm
        stream = make_generator(given.seed, "dreams")
        start = start_states("noise", rbm, N_FANTASIES, stream)
        fantasies = chain_strip(rbm, start, (N_STEPS,), stream, show="samples")[0]
        share, counts = confidence(judge, fantasies)
        print(f"{name}: {share:.1%} of {N_JUDGED} fantasies at {N_STEPS} steps judged with ≥ 0.9")
        print(f"  classes 0 to 9 among {N_FANTASIES}: {' '.join(map(str, counts))}")
        for half in HALVES:
            ours, fill = completion_errors(rbm, dataset, half, given.seed)
            print(
                f"  {half} half held, the other completed: {ours:.4f} per pixel, "
                f"mean image {fill:.4f}, ratio {ours / fill:.2f}"
            )


if __name__ == "__main__":
    main()
