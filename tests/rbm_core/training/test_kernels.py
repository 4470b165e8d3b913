"""Laws of the training kernels, torch's and the compiled: one law of end states, one gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from rbm_core import (
    RBM,
    clamp_mask,
    enumerate_states,
    gibbs_chain,
    log_likelihood_gradient,
    make_generator,
    state_index,
    visible_distribution,
)
from rbm_core.generators import uniform
from rbm_core.machine.bit_draws import draw, means
from rbm_core.machine.bit_products import add_up, transpose
from rbm_core.machine.packed import by_unit, unit_means, unpack
from rbm_core.machine.parameters import Parameters
from rbm_core.training.kernels import packed
from rbm_core.training.kernels.kernel import Kernel
from rbm_core.training.kernels.matrix import MatrixKernel
from rbm_core.training.kernels.packed import PackedKernel
from rbm_core.training.kernels.sampled import SampledKernel
from tests import oracle
from tests.conftest import MakeMachine
from tests.rbm_core.training.compiled_kernel import CompiledExactKernel, CompiledSampledKernel

AsOracle = Callable[[RBM], oracle.Machine]
KernelType = Callable[[RBM, int], Kernel]
OF_ENSEMBLES: tuple[KernelType, ...] = (
    SampledKernel, MatrixKernel, CompiledSampledKernel, CompiledExactKernel
)  # fmt: skip
KERNELS: tuple[KernelType, ...] = (*OF_ENSEMBLES, PackedKernel)
KERNELS_WITH_LEADS: list[tuple[KernelType, tuple[int, ...]]] = [
    *((kernel, ()) for kernel in KERNELS),
    *((kernel, (2,)) for kernel in OF_ENSEMBLES),
]
N_CHAINS = 50_000
DATA = enumerate_states(5)[[3, 9, 14, 20, 21, 27, 31]]


def filled(kernel_type: KernelType, rbm: RBM, n_batch: int) -> Kernel:
    single = kernel_type is PackedKernel  # it is for single precision
    kernel = kernel_type(rbm.to(dtype=torch.float32) if single else rbm, n_batch)
    kernel.set_data(DATA)
    return kernel


def rounding(kernel: Kernel) -> float:
    return 1e-10 if kernel.rbm.weights.dtype == torch.float64 else 1e-6


def end_law(kernel: Kernel) -> oracle.Array:
    numbers = state_index(kernel.chains()).flatten().numpy()
    return np.bincount(numbers, minlength=32) / len(numbers)


@pytest.mark.parametrize("kernel_type", KERNELS)
@pytest.mark.parametrize("k", [1, 3, 7])
def test_end_states_follow_the_kth_power_of_the_exact_matrix(
    rbm: RBM, as_oracle: AsOracle, kernel_type: KernelType, k: int
) -> None:
    kernel = filled(kernel_type, rbm, N_CHAINS)
    rows = torch.arange(N_CHAINS) % 7
    kernel.contrast(rows, k, make_generator(k), from_data=True)
    power = np.linalg.matrix_power(oracle.transition(as_oracle(rbm)), k)
    start = np.bincount(state_index(DATA[rows]).numpy(), minlength=32) / N_CHAINS
    law = start @ power
    floor = oracle.sampling_floor(law, N_CHAINS)
    assert oracle.total_variation(end_law(kernel), law) < 1.5 * floor


@pytest.mark.parametrize("kernel_type", KERNELS)
def test_chains_that_are_not_reset_go_on_from_where_they_are(
    rbm: RBM, as_oracle: AsOracle, kernel_type: KernelType
) -> None:
    kernel = filled(kernel_type, rbm, N_CHAINS)
    kernel.set_chains(DATA[3].expand(N_CHAINS, 5))
    rows, stream = torch.zeros(N_CHAINS, dtype=torch.int64), make_generator(0)
    for _ in range(2):
        kernel.contrast(rows, 2, stream, from_data=False)
    law = np.linalg.matrix_power(oracle.transition(as_oracle(rbm)), 4)[20]
    floor = oracle.sampling_floor(law, N_CHAINS)
    assert oracle.total_variation(end_law(kernel), law) < 1.5 * floor


@pytest.mark.parametrize("kernel_type", KERNELS)
def test_chains_from_noise_and_from_rows_start_where_they_should(
    rbm: RBM, kernel_type: KernelType
) -> None:
    kernel = filled(kernel_type, rbm, N_CHAINS)
    kernel.start_at_noise(make_generator(0))
    uniform = np.full(32, 1 / 32)
    floor = oracle.sampling_floor(uniform, N_CHAINS)
    assert oracle.total_variation(end_law(kernel), uniform) < 1.5 * floor
    rows = torch.arange(N_CHAINS) % 7
    kernel.start_at_data(rows)
    assert torch.equal(kernel.chains(), DATA[rows])
    kernel.set_chains(1 - DATA[rows])
    assert torch.equal(kernel.chains(), 1 - DATA[rows])


@pytest.mark.parametrize(("kernel_type", "lead"), KERNELS_WITH_LEADS)
def test_the_gradient_is_data_moments_minus_moments_of_the_chains(
    make_rbm: MakeMachine, as_oracle: AsOracle, kernel_type: KernelType, lead: tuple[int, ...]
) -> None:
    ensemble = make_rbm(1, *lead)
    kernel = filled(kernel_type, ensemble, 7)
    rows = torch.tensor([0, 2, 2, 5, 6, 1, 3])
    kernel.contrast(rows, 2, make_generator(0), from_data=True)
    for r in range(2 if lead else 1):
        alone = ensemble.replica(r) if lead else ensemble
        chains = kernel.chains()[r] if lead else kernel.chains()
        gradient = Parameters(*(g[r] for g in kernel.gradient)) if lead else kernel.gradient
        data = oracle.data_moments(as_oracle(alone), DATA[rows].numpy())
        model = oracle.data_moments(as_oracle(alone), chains.numpy())
        assert gradient.weights.numpy() == pytest.approx(
            data.weights - model.weights, abs=rounding(kernel)
        )
        expected = data.visible_bias - model.visible_bias
        assert gradient.visible_bias.numpy() == pytest.approx(expected, abs=rounding(kernel))
        expected = data.hidden_bias - model.hidden_bias
        assert gradient.hidden_bias.numpy() == pytest.approx(expected, abs=rounding(kernel))
        mean_v, mean_h = (m[r] if lead else m for m in kernel.data_means())
        assert mean_v.numpy() == pytest.approx(data.visible_bias, abs=rounding(kernel))
        assert mean_h.numpy() == pytest.approx(data.hidden_bias, abs=rounding(kernel))


@pytest.mark.parametrize(("kernel_type", "lead"), KERNELS_WITH_LEADS)
def test_free_energies_and_legal_share_are_means_over_batch_and_chains(
    make_rbm: MakeMachine, kernel_type: KernelType, lead: tuple[int, ...]
) -> None:
    ensemble = make_rbm(1, *lead)
    kernel = filled(kernel_type, ensemble, 7)
    legal = torch.zeros(32)
    legal[state_index(DATA)] = 1.0
    kernel.set_legal(legal)
    rows = torch.tensor([0, 2, 2, 5, 6, 1, 3])
    kernel.contrast(rows, 2, make_generator(0), from_data=True)
    states = DATA[rows].expand(*lead, 7, 5), kernel.chains().double()
    expected = torch.stack([ensemble.free_energy(x).mean(-1) for x in states], -1)
    torch.testing.assert_close(
        kernel.free_energies().double(), expected, rtol=0, atol=rounding(kernel)
    )
    share = legal[state_index(kernel.chains())].double().mean(-1)
    assert torch.allclose(kernel.legal_share().double(), share)


@pytest.mark.parametrize("kernel_type", OF_ENSEMBLES)
def test_each_replica_may_have_its_own_batch(
    make_rbm: MakeMachine, kernel_type: KernelType
) -> None:
    ensemble = make_rbm(1, 2)
    kernel = filled(kernel_type, ensemble, 7)
    rows = torch.stack([torch.arange(7), torch.zeros(7, dtype=torch.int64)])
    kernel.contrast(rows, 1, make_generator(0), from_data=True)
    mean_v, _mean_h = kernel.data_means()
    assert torch.allclose(mean_v, torch.stack([DATA.mean(0), DATA[0]]))


@pytest.mark.parametrize("kernel_type", KERNELS)
def test_chains_at_equilibrium_give_the_exact_gradient_within_sampling_error(
    rbm: RBM, kernel_type: KernelType
) -> None:
    """Rdm as k grows: noise, then many steps, is a draw of the model."""
    kernel = filled(kernel_type, rbm, N_CHAINS)
    kernel.start_at_noise(make_generator(0))
    rows = torch.arange(N_CHAINS) % 7
    kernel.contrast(rows, 60, make_generator(1), from_data=False)
    exact = log_likelihood_gradient(rbm, DATA[rows])
    # Four standard errors of a mean of bits.
    error = 4 * 0.5 / N_CHAINS**0.5
    for name in ("weights", "visible_bias", "hidden_bias"):
        gap = getattr(kernel.gradient, name) - getattr(exact, name)
        assert float(gap.abs().max()) < error


@pytest.mark.parametrize("kernel_type", KERNELS)
def test_improbable_states_are_drawn_as_often_as_they_should(kernel_type: KernelType) -> None:
    """A machine at its bias: the share of each state is a product, down to rare ones."""
    bias = torch.tensor([-3.0, 2.0, 0.0, 4.0, -1.0], dtype=torch.float64)
    rbm = RBM(torch.zeros(5, 3, dtype=torch.float64), bias, torch.zeros(3, dtype=torch.float64))
    kernel = filled(kernel_type, rbm, 200_000)
    kernel.contrast(torch.arange(200_000) % 7, 3, make_generator(0), from_data=True)
    law = visible_distribution(rbm).numpy()
    counts = end_law(kernel) * 200_000
    chi_square = float(((counts - 200_000 * law) ** 2 / (200_000 * law)).sum())
    # 31 degrees of freedom: mean 31, standard deviation 7.9.
    assert chi_square < 31 + 4 * 7.9


@pytest.mark.parametrize("n_batch", [7, 32, 67])
@pytest.mark.parametrize("from_data", [True, False])
def test_packed_bits_and_torch_operations_walk_the_same_chains(
    n_batch: int, from_data: bool
) -> None:
    """Layers of several words, batches around whole words, few and many units on."""
    stream = make_generator(0)
    rbm = RBM.initialise(131, 83, 0.2, torch.linspace(0, 1, 131), generator=stream)
    data = uniform((19, 131), stream, rbm.weights) < torch.linspace(0, 1, 131) ** 3
    ours, plain = PackedKernel(rbm, n_batch), SampledKernel(rbm, n_batch)
    kernels: tuple[Kernel, ...] = (ours, plain)
    for kernel in kernels:
        coins = make_generator(1)
        kernel.set_data(data.to(torch.uint8))
        kernel.start_at_noise(coins)
        for update in range(3):
            rows = torch.arange(update, update + n_batch) % 19
            kernel.contrast(rows, 2, coins, from_data=from_data)
            for parameter, slope in zip(kernel.parameters, kernel.slopes, strict=True):
                parameter.add_(slope, alpha=0.1)
    assert torch.equal(ours.chains(), plain.chains())
    pairs = [
        *zip(ours.gradient, plain.gradient, strict=True),
        *zip(ours.rbm.parameters(), plain.rbm.parameters(), strict=True),
        *zip(ours.data_means(), plain.data_means(), strict=True),
        (ours.free_energies(), plain.free_energies()),
    ]
    for one, other in pairs:
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


def test_packed_kernels_and_chains_are_one_piece_of_compiled_code_that_warming_loads() -> None:
    """Numba compiles for minutes' worth of types if it is let; a student would wait for each."""
    packed.warm()
    rbm = RBM.initialise(131, 83, generator=make_generator(0))
    kernel = PackedKernel(rbm, 5)
    kernel.set_data(torch.ones(3, 131, dtype=torch.uint8))
    kernel.start_at_noise(make_generator(0))
    kernel.start_at_data(torch.zeros(5, dtype=torch.int64))
    kernel.contrast(torch.arange(5) % 3, 2, make_generator(1), from_data=False)
    next(gibbs_chain(rbm, kernel.chains(), 1, make_generator(2), clamp=clamp_mask(131, [3])))
    functions: tuple[Any, ...] = (add_up, transpose, draw, means, by_unit, unit_means, unpack)
    assert [len(function.signatures) for function in functions] == [1] * len(functions)
