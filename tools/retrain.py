#!/usr/bin/env python3
"""Train the machines that the program ships, and measure them.

    python tools/retrain.py [NAME …] --data DIR [--out FOLDER] [--evaluate-only]

Each machine is its preset's recipe, trained on one thread on the real data, stored in half
precision; what is measured is the stored machine. Half an hour for all of them on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402
from safetensors.torch import save  # noqa: E402

from rbm_core import (  # noqa: E402
    Dataset,
    Recipe,
    fingerprint,
    load_checkpoint,
    load_dataset,
    make_generator,
    preset,
    save_checkpoint,
)
from rbm_core.datasets.binarise import binarise  # noqa: E402
from rbm_core.datasets.image_folders import IMAGE_SETS  # noqa: E402
from rbm_core.likelihood.bracket import Bracket, log_likelihood_bracket, log_partition_bracket  # noqa: E402
from rbm_core.pretrained import FOLDER, machine_path, pretrained_names, report_path  # noqa: E402
from rbm_core.recipes.checkpoint import write_whole  # noqa: E402

MAX_BYTES = 10**6
N_EXAMPLES = 4
BETAS = "salakhutdinov-murray"
N_RUNS = 100


def train_machine(recipe: Recipe, dataset: Dataset, path: Path) -> list[float]:
    """Train a recipe, store the machine in half precision and return the gap of each epoch."""
    run = recipe.start(dataset)
    gaps = []
    for record in run:
        gaps.append(float(record.free_energy_gap))
        print(
            f"  epoch {record.epoch:.0f}: F gap {gaps[-1]:.2f}, {record.seconds:.0f} s", flush=True
        )
    save_checkpoint(path, run.rbm, recipe, dtype=torch.float16)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{path} has {size} bytes; at most {MAX_BYTES} are shipped")
    return gaps


def measure_machine(recipe: Recipe, dataset: Dataset, path: Path) -> dict[str, object]:
    """Bracket log Z and the held-out log-likelihood of a stored machine."""
    rbm = load_checkpoint(path).rbm
    stream = make_generator(recipe.seed, "annealing")
    method = recipe.training.binarisation
    train = binarise(dataset.split("train"), method, stream)
    test = binarise(dataset.split("test"), method, stream)
    log_partition = log_partition_bracket(rbm, stream, data=train, betas=BETAS, n_runs=N_RUNS)
    log_likelihood = log_likelihood_bracket(rbm, test, log_partition)
    return {
        "fingerprint": fingerprint(rbm),
        "betas": BETAS,
        "n_runs": N_RUNS,
        "log_partition": plain(log_partition),
        "log_likelihood": plain(log_likelihood),
    }


def plain(bracket: Bracket) -> dict[str, float | bool]:
    """Write a bracket as plain numbers."""
    return {
        "lower": round(float(bracket.lower), 4),
        "upper": round(float(bracket.upper), 4),
        "lower_std_error": round(float(bracket.lower_std_error), 4),
        "upper_std_error": round(float(bracket.upper_std_error), 4),
        "exact_start": bracket.exact_start,
    }


def make(name: str, root: Path | None, folder: Path, *, evaluate_only: bool) -> None:
    """Train and measure one machine, or measure the one that is there."""
    recipe = preset(name).recipe
    dataset = recipe.load_dataset(root)
    path, report = machine_path(name, folder), report_path(name, folder)
    print(f"{name}: recipe {recipe.hash()}", flush=True)
    if evaluate_only:
        gaps = json.loads(report.read_text(encoding="utf-8"))["free_energy_gaps"]
    else:
        gaps = [round(gap, 3) for gap in train_machine(recipe, dataset, path)]
    began = time.perf_counter()
    measured = measure_machine(recipe, dataset, path)
    print(f"  annealed in {time.perf_counter() - began:.0f} s: {measured}", flush=True)
    content = {
        "name": name,
        "recipe_hash": recipe.hash(),
        "image_shape": dataset.image_shape,
        "torch": torch.__version__,
        "free_energy_gaps": gaps,
        **measured,
    }
    write_whole(report, (json.dumps(content, indent=2) + "\n").encode())


def store_examples(name: str, root: Path | None, folder: Path) -> None:
    """Store the first held-out pictures of each class."""
    dataset = load_dataset(name, root)
    if dataset.test is None or dataset.test_labels is None or dataset.image_shape is None:
        raise SystemExit(f"{name} has no labelled held-out pictures")
    classes = range(len(dataset.class_names))
    chosen = torch.cat([(dataset.test_labels == c).nonzero()[:N_EXAMPLES, 0] for c in classes])
    images = (dataset.test[chosen] * 255).round().to(torch.uint8)
    tensors = {
        "images": images.reshape(-1, *dataset.image_shape),
        "labels": dataset.test_labels[chosen].to(torch.uint8),
    }
    write_whole(folder / f"{name}-examples.safetensors", save(tensors))


def main() -> None:
    """Make the machines that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(pretrained_names()))
    parser.add_argument("--data", type=Path, help="root of the data sets; default RBM_DATA")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--evaluate-only", action="store_true", help="measure, do not train")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(pretrained_names()))
    if unknown:
        parser.error(f"unknown {', '.join(unknown)}; known are {', '.join(pretrained_names())}")
    torch.set_num_threads(1)
    for name in given.names or pretrained_names():
        make(name, given.data, given.out, evaluate_only=given.evaluate_only)
    for name in IMAGE_SETS:
        store_examples(name, given.data, given.out)


if __name__ == "__main__":
    main()
