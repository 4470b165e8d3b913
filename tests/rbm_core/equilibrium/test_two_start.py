"""Laws of the two-start test and the autocorrelation time."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ConfigError, DataError, ShapeError, make_generator
from rbm_core.equilibrium.autocorrelation import integrated_autocorrelation_time
from rbm_core.equilibrium.two_start import two_start_test
from rbm_core.exact.chain import transition_matrix
from rbm_core.exact.enumeration import visible_distribution
from rbm_core.exact.samples import exact_samples
from rbm_core.machine.gibbs import gibbs_chain
from rbm_core.machine.states import enumerate_states
from tests.rbm_core.two_words import flipped, noisy_words, tilted


def autoregression(phi: float, n_chains: int, n_steps: int) -> Tensor:
    """x_t = φ x_t-1 + noise, stationary from the start; its time is (1 + φ) / (1 - φ)."""
    stream = np.random.default_rng(0)
    x = stream.normal(size=n_chains) / math.sqrt(1 - phi**2)
    path = []
    for _ in range(n_steps):
        path.append(x)
        x = phi * x + stream.normal(size=n_chains)
    return torch.as_tensor(np.stack(path, 1))


def machine(scale: float = 1.5) -> RBM:
    stream = np.random.default_rng(5)
    return RBM(
        torch.as_tensor(scale * stream.normal(size=(5, 3))),
        torch.as_tensor(stream.normal(size=5)),
        torch.as_tensor(stream.normal(size=3)),
    )


def two_modes(n: int = 7) -> RBM:
    """All on or all off, with equal weight and a wall between."""
    weights = torch.full((n, 5), 8.0)
    return RBM(weights, -weights.sum(1) / 2, -weights.sum(0) / 2)


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.9, 0.97])
def test_autocorrelation_time_of_an_autoregression_is_the_known_one(phi: float) -> None:
    found = integrated_autocorrelation_time(autoregression(phi, 10, 20_000))
    expected = (1 + phi) / (1 - phi)
    assert found.reliable
    assert abs(found.time - expected) < 4 * found.std_error + 0.02 * expected
    assert found.std_error < 0.1 * expected
    assert found.effective_samples == pytest.approx(200_000 / found.time)
    assert found.window >= 5 * found.time - 1e-9


def test_autocorrelation_time_of_a_gibbs_chain_is_the_exact_one() -> None:
    rbm = machine()
    law, matrix = visible_distribution(rbm), transition_matrix(rbm)
    free = rbm.free_energy(enumerate_states(5))
    centred = free - law @ free
    moved, total = centred, 0.0
    for _ in range(3000):
        moved = matrix @ moved
        total += float((law * centred) @ moved)
    expected = 1 + 2 * total / float(law @ centred.square())
    start = exact_samples(rbm, 50, make_generator(0))
    path = [rbm.free_energy(v) for v in gibbs_chain(rbm, start, 4000, make_generator(1))]
    found = integrated_autocorrelation_time(torch.stack(path, -1))
    assert found.reliable
    assert abs(found.time - expected) < 4 * found.std_error + 0.03 * expected


def test_a_constant_chain_has_no_sample_size() -> None:
    found = integrated_autocorrelation_time(torch.full((3, 100), 2.0))
    assert math.isnan(found.time)
    assert math.isnan(found.effective_samples)
    assert not found.reliable
    assert "never changes" in found.reason


def test_chains_stuck_apart_and_short_chains_are_not_trusted() -> None:
    stuck = torch.tensor([[0.0], [1.0]]).expand(2, 1000)
    found = integrated_autocorrelation_time(stuck)
    assert not found.reliable
    assert found.time > 100
    short = integrated_autocorrelation_time(autoregression(0.97, 1, 200))
    assert not short.reliable
    assert "longer chains" in short.reason


def test_one_chain_may_come_without_the_chain_axis() -> None:
    series = autoregression(0.5, 1, 5000)
    assert integrated_autocorrelation_time(series[0]) == integrated_autocorrelation_time(series)


def test_two_starts_agree_where_chains_mix() -> None:
    rbm = machine(0.5)
    found = two_start_test(rbm, torch.ones(9, 5), make_generator(0), n_gibbs_steps=400)
    assert found.agrees
    assert found.free_energy.r_hat < 1.02
    law = visible_distribution(rbm)
    states = enumerate_states(5)
    exact = float(law @ rbm.free_energy(states))
    assert found.free_energy.from_data == pytest.approx(exact, abs=0.1)
    assert found.free_energy.from_noise == pytest.approx(exact, abs=0.1)
    assert found.activity.from_data == pytest.approx(float(law @ states.mean(1)), abs=0.02)


def test_two_starts_disagree_across_a_wall() -> None:
    rbm = two_modes()
    found = two_start_test(rbm, torch.ones(9, 7), make_generator(0), n_gibbs_steps=100)
    assert not found.agrees
    assert found.activity.from_data > 0.95
    assert 0.3 < found.activity.from_noise < 0.7
    assert not found.activity.agrees


def test_frozen_chains_neither_agree_nor_have_a_reduction_factor() -> None:
    rbm = RBM(torch.zeros(5, 3), torch.full((5,), 200.0), torch.zeros(3))
    found = two_start_test(rbm, torch.ones(9, 5), make_generator(0), n_gibbs_steps=20)
    assert math.isnan(found.activity.r_hat)
    assert not found.agrees


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_stuck_chains_never_agree(seed: int, half: bool) -> None:
    """τ is nine million steps: no chain crosses, and the chains' own spread hides it.

    With half of the units renamed neither activity nor free energy tells the modes apart.
    """
    units = torch.arange(10) % 2 == 1 if half else torch.zeros(10, dtype=torch.bool)
    data = (noisy_words(1000, seed).bool() ^ units).double()
    found = two_start_test(flipped(tilted(), units), data, make_generator(seed))
    assert not found.agrees
    assert found.projection is not None
    assert found.projection.r_hat > 1.1
    if half:
        assert found.activity.r_hat < 1.1


def test_data_without_spread_have_no_axis_to_look_along() -> None:
    rbm = machine(0.5)
    alike = two_start_test(rbm, torch.ones(9, 5), make_generator(0), n_gibbs_steps=10)
    assert alike.projection is None
    apart = two_start_test(rbm, torch.eye(5)[:2], make_generator(0), n_gibbs_steps=2000)
    assert apart.projection is not None
    assert apart.projection.agrees
    axis = torch.tensor([1.0, -1, 0, 0, 0]).double() / math.sqrt(2)
    exact = abs(float(visible_distribution(rbm) @ (enumerate_states(5) @ axis)))
    assert abs(apart.projection.from_data) == pytest.approx(exact, abs=0.02)


def test_two_start_paths_begin_at_their_starts() -> None:
    rbm, data = machine(), torch.ones(9, 5)
    found = two_start_test(rbm, data, make_generator(3), n_gibbs_steps=10, n_chains=400)
    assert found.free_energy_data.shape == (11,)
    assert float(found.free_energy_data[0]) == pytest.approx(
        float(rbm.free_energy(data.double())[0])
    )
    uniform = float(rbm.free_energy(enumerate_states(5)).mean())
    assert float(found.free_energy_noise[0]) == pytest.approx(uniform, abs=1.0)


def test_diagnostics_refuse_what_they_cannot_use() -> None:
    rbm, stream = machine(), make_generator(0)
    with pytest.raises(ShapeError, match="at least 2 steps"):
        integrated_autocorrelation_time(torch.zeros(3, 1))
    with pytest.raises(DataError, match="not finite"):
        integrated_autocorrelation_time(torch.tensor([1.0, math.nan, 2.0]))
    with pytest.raises(ConfigError, match="at least 4 and 2"):
        two_start_test(rbm, torch.ones(9, 5), stream, n_gibbs_steps=3)
    with pytest.raises(ShapeError, match="data has shape"):
        two_start_test(rbm, torch.ones(9, 4), stream)
    pair = RBM(*(torch.stack([p, p]) for p in rbm.parameters()))
    with pytest.raises(ShapeError, match="replica axes"):
        two_start_test(pair, torch.ones(9, 5), stream)
