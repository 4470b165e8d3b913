"""The notebook's measure, as the notebook computes it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rbm_core import (
    RBM,
    CorrectionConfig,
    DataError,
    Dataset,
    correct,
    default_recipe,
    load_dataset,
    make_generator,
    notebook_measure,
)

# The notebook's printed rbm_small; its W is (hidden, visible), ours the transpose.
RBM_SMALL = RBM(
    torch.tensor(
        [
            [-6.668088, 1.1076192, -6.57359],
            [3.5443976, -7.8288884, -7.0973134],
            [-3.7643752, -2.8772604, -5.7959294],
        ]
    ).T,
    torch.tensor([4.569002, 4.6129932, 4.773967]),
    torch.tensor([4.4126983, 2.7632966, 6.6900606]),
)


@pytest.mark.parametrize("flip", [True, False])
def test_notebook_measure_equals_the_notebooks_lines(flip: bool) -> None:
    """Cell 7 of the notebook in NumPy: truth_func(data[:, 1], data[:, 2]), an AND."""
    config = CorrectionConfig(n_steps=8, clamp_inputs=False, flip=flip)
    dataset = load_dataset("and")
    result = correct(RBM_SMALL, dataset, config, n_chains=101, generator=make_generator(1))
    expected = np.zeros((9, 101))
    expected[0] = 0.0 if flip else 1.0
    for step in range(8):
        p_v = RBM_SMALL.mean_v_given_h(result.h[step]).numpy()
        expected[step + 1] = p_v[:, 2]
        rounded = np.round(p_v)
        wrong = np.logical_and(rounded[:, 1], rounded[:, 2]) == 0
        expected[step + 1, wrong] = 1 - expected[step + 1, wrong]
    measured = notebook_measure(RBM_SMALL, dataset, config, result)
    np.testing.assert_allclose(measured.numpy(), expected, atol=1e-6)


def test_notebook_measure_calls_a_good_xor_wrong() -> None:
    """Why it must not be used: on row 1 1 → 0 the truth is taken for XOR(1, 0) = 1."""
    recipe = default_recipe("xor")
    run = recipe.start()
    for _ in run:
        pass
    config = CorrectionConfig(n_steps=12, row=3)
    dataset = recipe.load_dataset()
    result = correct(run.rbm, dataset, config, generator=make_generator(0))
    assert float(result.p_legal[-1].mean()) > 0.9
    assert float(notebook_measure(run.rbm, dataset, config, result)[-1].mean()) < 0.1


@pytest.mark.parametrize("name", ["not", "half-adder", "majority"])
def test_notebook_measure_is_a_probability_for_any_table(name: str) -> None:
    dataset = load_dataset(name)
    rbm = RBM.initialise(dataset.n_visible, 3, 1.0, generator=make_generator(2))
    for held in (True, False):
        config = CorrectionConfig(n_steps=5, clamp_inputs=held)
        result = correct(rbm, dataset, config, n_chains=7, generator=make_generator(3))
        measured = notebook_measure(rbm, dataset, config, result)
        assert measured.shape == (6, 7)
        assert bool(((measured >= 0) & (measured <= 1)).all())


def test_notebook_measure_needs_a_truth_table() -> None:
    dataset = load_dataset("xor")
    config = CorrectionConfig(n_steps=1)
    rbm = RBM.initialise(3, 2, 1.0, generator=make_generator(2))
    result = correct(rbm, dataset, config, n_chains=2, generator=make_generator(3))
    pictures = Dataset(name="pictures", train=dataset.train)
    with pytest.raises(DataError, match="no output bit"):
        notebook_measure(rbm, pictures, config, result)
