"""Laws of the spectrum of the weights and of its matching with the data's directions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ConfigError, ShapeError
from rbm_core.equilibrium.spectrum import bulk_edge, svd_pca_alignment, weight_singular_values


def machine(weights: Tensor) -> RBM:
    return RBM(weights, torch.zeros(weights.shape[:-1]), torch.zeros(weights[..., 0, :].shape))


def random_weights(*shape: int, std: float = 1.0) -> Tensor:
    return torch.as_tensor(np.random.default_rng(0).normal(size=shape) * std)


def orthogonal(n: int, seed: int = 0) -> Tensor:
    return torch.as_tensor(np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0])


def test_singular_values_are_roots_of_the_gram_eigenvalues_and_fall() -> None:
    weights = random_weights(7, 5)
    values = weight_singular_values(machine(weights)).numpy()
    gram = np.linalg.eigvalsh(weights.numpy().T @ weights.numpy())[::-1]
    np.testing.assert_allclose(values**2, gram, atol=1e-12)
    assert list(values) == sorted(values, reverse=True)


def test_singular_values_do_not_change_when_the_layers_are_swapped() -> None:
    rbm = machine(random_weights(3, 7, 5))
    torch.testing.assert_close(
        weight_singular_values(rbm), weight_singular_values(rbm.layers_swapped())
    )


@pytest.mark.parametrize("given", [True, False])
def test_random_weights_end_at_the_bulk_edge_and_a_mode_leaves_it(given: bool) -> None:
    std = 0.3
    weights = random_weights(307, 101, std=std)
    edge = float(bulk_edge(machine(weights), std if given else None))
    assert edge == pytest.approx(std * (307**0.5 + 101**0.5), rel=0.02)
    assert float(weight_singular_values(machine(weights))[0]) == pytest.approx(edge, rel=0.05)
    u, v = orthogonal(307)[:, 0], orthogonal(101)[:, 0]
    learned = weight_singular_values(machine(weights + 20 * torch.outer(u, v)))
    assert float(learned[0]) > 2 * edge
    assert float(learned[1]) < 1.05 * edge


@pytest.mark.parametrize(("n_visible", "n_hidden"), [(64, 100), (100, 64), (53, 53)])
def test_edge_guessed_from_the_median_is_that_of_the_noise_under_the_learned_modes(
    n_visible: int, n_hidden: int
) -> None:
    weights = random_weights(n_visible, n_hidden, std=0.01)
    learned = 5.0 * orthogonal(n_visible)[:, :8] @ orthogonal(n_hidden, 1)[:, :8].T
    noise = float(bulk_edge(machine(weights), 0.01))
    assert float(bulk_edge(machine(weights))) == pytest.approx(noise, rel=0.03)
    assert float(bulk_edge(machine(weights + learned))) == pytest.approx(noise, rel=0.3)


def test_alignment_finds_a_planted_permutation_of_the_directions() -> None:
    basis, n = orthogonal(7), 5000
    spread = torch.tensor([7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]).double() / 40
    stream = np.random.default_rng(3)
    data = 0.5 + (torch.as_tensor(stream.uniform(-1, 1, (n, 7))) * spread) @ basis.T
    order = [2, 0, 1, 4, 3]
    weights = basis[:, order] @ torch.diag(torch.tensor([9.0, 8.0, 7.0, 6.0, 5.0]).double())
    found = svd_pca_alignment(machine(weights @ orthogonal(5, 1)), data)
    assert found.match.tolist() == order
    assert float(found.matched.min()) > 0.99
    torch.testing.assert_close(found.singular_values, torch.tensor([9.0, 8, 7, 6, 5]).double())
    covariance = np.cov(data.numpy().T)
    expected = np.linalg.eigvalsh(covariance)[::-1][:5]
    np.testing.assert_allclose(found.variances.numpy(), expected, rtol=1e-10)


def test_matching_is_the_best_of_all_permutations_and_overlaps_are_cosines() -> None:
    rbm = machine(random_weights(7, 5))
    data = torch.as_tensor(np.random.default_rng(4).uniform(size=(40, 7)))
    found = svd_pca_alignment(rbm, data, 5)
    best = max(
        sum(float(found.overlap[i, j]) for i, j in enumerate(order))
        for order in itertools.permutations(range(5))
    )
    assert float(found.matched.sum()) == pytest.approx(best)
    assert sorted(found.match.tolist()) == [0, 1, 2, 3, 4]
    u = np.linalg.svd(rbm.weights.numpy())[0]
    axes = np.linalg.svd(data.numpy() - data.numpy().mean(0))[2]
    np.testing.assert_allclose(found.overlap.numpy(), np.abs(u[:, :5].T @ axes[:5].T), atol=1e-12)


def test_full_bases_have_overlaps_of_unit_rows() -> None:
    # Two complete orthonormal bases: squared cosines of each vector sum to one, both ways.
    data = torch.as_tensor(np.random.default_rng(4).uniform(size=(40, 5)))
    squares = svd_pca_alignment(machine(random_weights(5, 7)), data).overlap.square()
    torch.testing.assert_close(squares.sum(0), torch.ones(5).double())
    torch.testing.assert_close(squares.sum(1), torch.ones(5).double())


def test_spectrum_refuses_what_it_cannot_use() -> None:
    rbm = machine(random_weights(5, 3))
    with pytest.raises(ConfigError, match="weight_std is -1"):
        bulk_edge(rbm, -1)
    with pytest.raises(ConfigError, match="from 1 to 3"):
        svd_pca_alignment(rbm, torch.zeros(7, 5), 4)
    with pytest.raises(ShapeError, match="data has shape"):
        svd_pca_alignment(rbm, torch.zeros(7, 4))
    with pytest.raises(ShapeError, match="replica axes"):
        svd_pca_alignment(machine(random_weights(2, 5, 3)), torch.zeros(7, 5))
    replicas = machine(random_weights(2, 5, 3))
    assert bulk_edge(replicas).shape == (2,)
