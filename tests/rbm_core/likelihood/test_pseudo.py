"""Laws of pseudo-likelihood and reconstruction error, against brute force."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ShapeError, make_generator
from rbm_core.likelihood.pseudo import mean_image_error, pseudo_log_likelihood, reconstruction_error


def machine(seed: int, n_visible: int = 5, n_hidden: int = 3) -> RBM:
    stream = np.random.default_rng(seed)
    return RBM(
        torch.as_tensor(stream.normal(size=(n_visible, n_hidden))),
        torch.as_tensor(stream.normal(size=n_visible)),
        torch.as_tensor(stream.normal(size=n_hidden)),
    )


def rows(n: int, n_visible: int = 5) -> Tensor:
    return torch.as_tensor(np.random.default_rng(1).integers(0, 2, (n, n_visible))).double()


def brute_pseudo_log_likelihood(rbm: RBM, data: Tensor) -> float:
    """Σ_i log p(v_i | others) from the joint weights Σ_h exp(-E), states enumerated."""
    w, b, c = (p.numpy() for p in rbm.parameters())
    hidden = np.array(list(np.ndindex(*(2,) * w.shape[1])))

    def mass(v: np.ndarray) -> float:
        return float(np.exp(v @ b + hidden @ c + hidden @ (v @ w)).sum())

    total = 0.0
    for v in data.numpy():
        for i in range(len(v)):
            flipped = v.copy()
            flipped[i] = 1 - flipped[i]
            total += np.log(mass(v) / (mass(v) + mass(flipped)))
    return total / len(data)


def test_pseudo_log_likelihood_equals_enumerated_conditionals() -> None:
    rbm, data = machine(0), rows(7)
    expected = brute_pseudo_log_likelihood(rbm, data)
    assert float(pseudo_log_likelihood(rbm, data)) == pytest.approx(expected, abs=1e-10)


def test_one_unit_pseudo_log_likelihood_estimates_the_sum() -> None:
    rbm, data = machine(1), rows(7).repeat(3000, 1)
    exact = float(pseudo_log_likelihood(rbm, data[:7]))
    drawn = float(pseudo_log_likelihood(rbm, data, make_generator(0)))
    assert drawn == pytest.approx(exact, abs=0.1)
    assert drawn == float(pseudo_log_likelihood(rbm, data, make_generator(0)))
    assert drawn != float(pseudo_log_likelihood(rbm, data, make_generator(1)))


def test_pseudo_log_likelihood_of_independent_units_is_the_log_likelihood() -> None:
    rbm = machine(2)
    rbm = RBM(torch.zeros_like(rbm.weights), rbm.visible_bias, rbm.hidden_bias)
    data = rows(11)
    share = torch.sigmoid(rbm.visible_bias)
    expected = (data * share.log() + (1 - data) * (1 - share).log()).sum(1).mean()
    assert float(pseudo_log_likelihood(rbm, data)) == pytest.approx(float(expected), abs=1e-10)


@pytest.mark.parametrize("with_generator", [False, True])
def test_estimators_of_replicas_equal_each_replica_alone(with_generator: bool) -> None:
    alone, data = [machine(3), machine(4)], rows(13)
    triples = zip(*(rbm.parameters() for rbm in alone), strict=True)
    together = RBM(*(torch.stack(parts) for parts in triples))

    def pseudo(rbm: RBM) -> Tensor:
        return pseudo_log_likelihood(rbm, data, make_generator(0) if with_generator else None)

    torch.testing.assert_close(pseudo(together), torch.stack([pseudo(rbm) for rbm in alone]))
    torch.testing.assert_close(
        reconstruction_error(together, data),
        torch.stack([reconstruction_error(rbm, data) for rbm in alone]),
    )


def test_reconstruction_error_is_the_squared_error_of_one_mean_field_pass() -> None:
    rbm, data = machine(5), rows(7)
    w, b, c = (p.numpy() for p in rbm.parameters())
    h = 1 / (1 + np.exp(-(data.numpy() @ w + c)))
    v = 1 / (1 + np.exp(-(h @ w.T + b)))
    expected = ((v - data.numpy()) ** 2).mean()
    assert float(reconstruction_error(rbm, data)) == pytest.approx(expected, abs=1e-12)


def test_mean_image_error_is_what_a_machine_of_biases_alone_scores() -> None:
    data = torch.cat([rows(30), torch.tensor([[0.0] * 5, [1.0] * 5]).double()])
    bias = torch.logit(data.mean(0))
    rbm = RBM(torch.zeros(5, 3).double(), bias, torch.zeros(3).double())
    assert float(mean_image_error(data)) == pytest.approx(float(reconstruction_error(rbm, data)))
    assert float(mean_image_error(data[:1])) == 0.0


def test_estimators_refuse_rows_of_another_width() -> None:
    for estimate in (pseudo_log_likelihood, reconstruction_error):
        with pytest.raises(ShapeError, match=r"\(n_samples, 5\)"):
            estimate(machine(0), torch.zeros(3, 4))
