"""Laws of the default recipes: each trains its data as it comes, and reaches what it promises."""

import io

import numpy as np
import pytest
import torch

from rbm_core import (
    dataset_names,
    default_recipe,
    load_dataset,
    log_likelihood,
    mean_image_error,
    read_upload,
    reconstruction_error,
    valid_mass,
)
from rbm_core.datasets.image_folders import IMAGE_SETS

GATES_OF_TWO_INPUTS = ("and", "or", "nand", "nor", "implies", "xor", "xnor")


@pytest.mark.parametrize("name", sorted(set(dataset_names()) - set(IMAGE_SETS)))
def test_default_recipe_trains_its_data_set(name: str) -> None:
    recipe = default_recipe(name)
    run = recipe.start()
    before = run.rbm
    record = run.advance(3)
    assert record.update == 3
    assert not torch.equal(run.rbm.weights, before.weights)
    assert bool(torch.isfinite(run.rbm.weights).all())


@pytest.mark.parametrize("gate", GATES_OF_TWO_INPUTS)
def test_default_recipe_learns_its_gate_from_thirty_seeds(gate: str) -> None:
    data = load_dataset(gate)
    for seed in range(30):
        run = default_recipe(gate).replace(seed=seed).start(data)
        run.advance(run.n_updates)
        assert float(valid_mass(run.rbm, data)) >= 0.95, seed


@pytest.mark.parametrize("n_images", [2, 23])
def test_default_recipe_trains_the_smallest_upload(n_images: int) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, images=np.random.default_rng(1).random((n_images, 5, 3)))
    data = read_upload("few.npz", buffer.getvalue())
    assert default_recipe(data.name).start(data).advance(3).update == 3


def test_digits_default_halves_the_mean_images_error_in_twenty_epochs() -> None:
    data = load_dataset("digits")
    assert data.test is not None
    run = default_recipe("digits").start(data)
    run.advance(20 * run.n_updates_per_epoch)
    assert float(reconstruction_error(run.rbm, data.test)) < 0.5 * float(
        mean_image_error(data.test)
    )


@pytest.mark.slow
def test_bars_and_stripes_default_comes_close_to_the_bound() -> None:
    data = load_dataset("bars-and-stripes-3x3")
    run = default_recipe(data.name).start(data, n_replicas=5)
    for _record in run:
        pass
    assert float(log_likelihood(run.rbm, data.train).median()) >= -2.63
