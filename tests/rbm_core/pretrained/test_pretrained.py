"""Laws of the shipped machines: small, whole, their own recipe's, and as good as it is said."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from rbm_core import (
    PRESETS,
    CheckpointError,
    ConfigError,
    DataError,
    fingerprint,
    load_dataset,
    make_generator,
    save_checkpoint,
)
from rbm_core.experiments.chain_strip import chain_strip, start_states
from rbm_core.likelihood.bracket import log_likelihood_bracket, log_partition_bracket
from rbm_core.likelihood.pseudo import mean_image_error, reconstruction_error
from rbm_core.pretrained import (
    example_images,
    load_pretrained,
    machine_path,
    pretrained_names,
    report_path,
)

NOTEBOOK_MNIST = (-28.2, -16.4, -15.0, -15.1, -15.5, -15.8, -15.6, -15.5, -15.0, -14.4)
NOTEBOOK_FASHION = (-27.2, -20.9, -20.0, -18.5)
NOTEBOOK_FASHION_LAST = -4.94


@pytest.mark.parametrize("name", pretrained_names())
def test_pretrained_machine_is_its_presets_and_small(name: str) -> None:
    machine = load_pretrained(name)
    assert machine.recipe == PRESETS[name].recipe
    assert machine_path(name).stat().st_size <= 10**6
    assert machine.rbm.n_hidden == machine.recipe.n_hidden
    height, width = machine.image_shape
    assert machine.rbm.n_visible == height * width
    assert machine.fingerprint == fingerprint(machine.rbm)
    assert len(machine.free_energy_gaps) == machine.recipe.training.epochs


@pytest.mark.parametrize("name", pretrained_names())
def test_pretrained_brackets_are_narrow_and_belong_together(name: str) -> None:
    machine = load_pretrained(name)
    z, ll = machine.log_partition, machine.log_likelihood
    slack = 3 * float(z.lower_std_error + z.upper_std_error)
    assert float(z.upper - z.lower) > -slack
    # log p = -F - log Z: what widens one widens the other by as much.
    assert float(z.lower + ll.upper) == pytest.approx(float(z.upper + ll.lower), abs=2e-4)
    assert float(ll.upper) < 0.0


def test_notebook_mnist_repeats_the_notebooks_losses() -> None:
    gaps = load_pretrained("notebook-mnist").free_energy_gaps
    assert gaps == pytest.approx(NOTEBOOK_MNIST, rel=0.1)


def test_notebook_fashion_repeats_the_notebooks_losses() -> None:
    gaps = load_pretrained("notebook-fashion-mnist").free_energy_gaps
    assert gaps[:4] == pytest.approx(NOTEBOOK_FASHION, rel=0.1)
    assert gaps[-1] == pytest.approx(NOTEBOOK_FASHION_LAST, rel=0.1)


@pytest.mark.parametrize("name", ["mnist-pcd", "notebook-mnist", "notebook-fashion-mnist"])
def test_pretrained_machine_knows_the_examples(name: str) -> None:
    machine = load_pretrained(name)
    rows = example_images(machine.recipe.dataset).train
    v = (rows >= 0.5).float()
    assert float(reconstruction_error(machine.rbm, v)) < 0.5 * float(mean_image_error(v))
    noise = start_states("noise", machine.rbm, 40, make_generator(1))
    assert float(machine.rbm.free_energy(v).mean()) < float(machine.rbm.free_energy(noise).mean())


def test_small_digits_likelihood_is_repeatable_from_its_file() -> None:
    machine = load_pretrained("small-digits")
    data = load_dataset("digits")
    assert data.test is not None
    train, test = (data.train >= 0.5).float(), (data.test >= 0.5).float()
    z = log_partition_bracket(
        machine.rbm, make_generator(1), data=train, betas="linear-1000", n_runs=100
    )
    ll = log_likelihood_bracket(machine.rbm, test, z)
    wide = 4 * float(ll.lower_std_error + ll.upper_std_error)
    assert float(ll.lower) == pytest.approx(float(machine.log_likelihood.lower), abs=0.1 + wide)
    assert float(ll.upper) == pytest.approx(float(machine.log_likelihood.upper), abs=0.1 + wide)


def test_small_digits_dream_from_noise_close_to_the_data() -> None:
    machine = load_pretrained("small-digits")
    data = (load_dataset("digits").train >= 0.5).float()
    stream = make_generator(2)
    start = start_states("noise", machine.rbm, 100, stream)
    distance = [
        float(torch.cdist(v, data, p=1).amin(1).median())
        for v in chain_strip(machine.rbm, start, (0, 1000), stream, show="samples")
    ]
    held_out = load_dataset("digits").test
    assert held_out is not None
    natural = float(torch.cdist((held_out >= 0.5).float(), data, p=1).amin(1).median())
    assert distance[0] > 3 * natural
    assert distance[1] < 2 * natural


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_examples_show_each_class_four_times(name: str) -> None:
    data = example_images(name)
    assert data.train_labels is not None
    assert torch.bincount(data.train_labels).tolist() == [4] * 10
    assert data.image_shape == (28, 28)
    assert len(data.class_names) == 10
    assert len(torch.unique(data.train, dim=0)) == 40


def test_unknown_names_are_quoted() -> None:
    with pytest.raises(ConfigError, match="'gpt' is unknown; known are mnist-pcd"):
        load_pretrained("gpt")
    with pytest.raises(DataError, match="no examples of 'digits'"):
        example_images("digits")


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    for path in (machine_path("small-digits"), report_path("small-digits")):
        shutil.copy(path, tmp_path)
    machine = load_pretrained("small-digits", tmp_path)
    save_checkpoint(machine_path("small-digits", tmp_path), machine.rbm.scaled(0.5), machine.recipe)
    with pytest.raises(CheckpointError, match=r"retrain\.py small-digits"):
        load_pretrained("small-digits", tmp_path)


@pytest.mark.parametrize("fault", ["missing", "not json", "lacks"])
def test_broken_reports_are_refused(tmp_path: Path, fault: str) -> None:
    shutil.copy(machine_path("small-digits"), tmp_path)
    report = report_path("small-digits", tmp_path)
    if fault == "not json":
        report.write_text("{")
    elif fault == "lacks":
        whole = json.loads(report_path("small-digits").read_text())
        del whole["log_partition"]
        report.write_text(json.dumps(whole))
    with pytest.raises(CheckpointError, match="missing or broken"):
        load_pretrained("small-digits", tmp_path)
