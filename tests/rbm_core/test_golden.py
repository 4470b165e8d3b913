"""Golden numbers: the notebook's two printed machines, and its training curves."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rbm_core import (
    PRESETS,
    CorrectionConfig,
    expected_correction,
    expected_path,
    load_dataset,
    log_likelihood,
    log_partition,
    relaxation_time,
    state_index,
    transition_matrix,
    valid_mass,
)
from rbm_core.exact.chain import transition_eigenvalues
from tests import notebook_machines as notebook

AND = load_dataset("and")
NAMES = ("small", "big")


@pytest.mark.parametrize("name", NAMES)
def test_the_notebooks_machines_have_their_exact_numbers(name: str) -> None:
    rbm = notebook.MACHINES[name]
    assert float(log_partition(rbm)) == pytest.approx(notebook.LOG_PARTITION[name], abs=5e-5)
    likelihood = float(log_likelihood(rbm, AND.train))
    assert likelihood == pytest.approx(notebook.LOG_LIKELIHOOD_ON_AND[name], abs=5e-5)
    tau = float(relaxation_time(rbm))
    assert tau == pytest.approx(notebook.RELAXATION_TIME[name], abs=5e-3)
    assert float(valid_mass(rbm, AND)) == pytest.approx(notebook.VALID_MASS[name], abs=5e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_notebooks_machines_have_their_eigenvalues(name: str) -> None:
    found = transition_eigenvalues(notebook.MACHINES[name]).numpy()
    assert found == pytest.approx(notebook.EIGENVALUES[name], abs=6e-6)


@pytest.mark.parametrize("name", NAMES)
def test_k_steps_from_data_they_show_the_printed_success(name: str) -> None:
    matrix = transition_matrix(notebook.MACHINES[name])
    legal = torch.zeros(8, dtype=torch.float64)
    legal[state_index(AND.train)] = 1.0
    path = expected_path(matrix, legal / 4, legal, notebook.TRAINED_WITH_K[name])
    assert float(path[-1]) == pytest.approx(notebook.VALID_FROM_DATA[name], abs=5e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_flipped_output_is_corrected_as_computed(name: str) -> None:
    config = CorrectionConfig(n_steps=30, clamp_inputs=False)
    curve = expected_correction(notebook.MACHINES[name], AND, config).p_legal
    found = [float(curve[step]) for step in notebook.CORRECTION_STEPS]
    assert found == pytest.approx(notebook.CORRECTION[name], abs=5e-5)


def test_single_precision_weights_give_the_same_digits() -> None:
    rbm = notebook.SMALL.to(dtype=torch.float32)
    assert float(log_partition(rbm)) == pytest.approx(15.3597, abs=5e-5)
    assert float(relaxation_time(rbm)) == pytest.approx(58.74, abs=5e-3)


def curves(slug: str, n_seeds: int) -> tuple[np.ndarray, np.ndarray]:
    """Success in percent and free-energy gap by epoch, shape (n_seeds, n_epochs)."""
    success, gap = [], []
    for seed in range(n_seeds):
        records = list(PRESETS[slug].recipe.replace(seed=seed).start())
        success.append([100 * float(r.success_rate) for r in records if r.success_rate is not None])
        gap.append([float(record.free_energy_gap) for record in records])
    return np.array(success), np.array(gap)


def test_training_with_few_steps_follows_the_notebooks_curves() -> None:
    success, gap = curves("notebook-and-short", 10)
    assert np.median(success, 0) == pytest.approx(notebook.SUCCESS_SHORT, abs=3)
    # Re-runs scatter by a third where the hidden units find their roles.
    assert np.median(gap, 0) == pytest.approx(notebook.GAP_SHORT, abs=0.03)


def test_training_with_many_steps_follows_the_notebooks_curves() -> None:
    success, _gap = curves("notebook-and-long", 10)
    assert np.median(success, 0) == pytest.approx(notebook.SUCCESS_LONG, abs=5)


@pytest.mark.parametrize("scheme", ["cd", "pcd", "rdm"])
def test_step_by_step_sampling_reaches_what_the_matrix_reaches(scheme: str) -> None:
    """The two chain methods are one law, so their runs end at one valid mass."""
    recipe = PRESETS["notebook-and-short"].recipe.replace(
        epochs=1, updates_per_epoch=800, scheme=scheme, learning_rate=0.3
    )
    ends = []
    for method in ("sampled", "matrix"):
        run = recipe.replace(chain_method=method).start(n_replicas=20)
        run.advance(run.n_updates)
        ends.append(valid_mass(run.rbm, AND))
    error = float((ends[0].var() / 20 + ends[1].var() / 20).sqrt())
    assert float(ends[0].mean()) == pytest.approx(float(ends[1].mean()), abs=4 * error + 1e-3)
