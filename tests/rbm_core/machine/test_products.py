"""Laws of the hot loops' matrix products: whichever library runs, they are products."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rbm_core import make_generator
from rbm_core.generators import normal, uniform
from rbm_core.machine import products
from rbm_core.machine.products import (
    ONEDNN_MIN,
    ONEDNN_MIN_TALL,
    affine,
    contrast_states,
    transposed,
)

# Below and above the size from which the other library takes over, all primes; the last has
# replicas.
SIZES = [(7, 5, 3), (67, 211, 307), (3, 7, 5, 3)]


def drawn(*shape: int) -> torch.Tensor:
    return normal(shape, make_generator(len(shape), *shape))


def bits(*shape: int) -> torch.Tensor:
    stream = make_generator(1, *shape)
    return uniform(shape, stream, torch.empty(0)).lt_(0.5)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("transposed", [False, True])
def test_affine_is_a_product_plus_a_bias_whatever_the_strides(
    size: tuple[int, ...], transposed: bool
) -> None:
    *lead, n_chains, n_in, n_out = size
    states, bias = bits(*lead, n_chains, n_in), drawn(*lead, n_out)
    weights = drawn(*lead, n_out, n_in).mT if transposed else drawn(*lead, n_in, n_out)
    out = torch.full((*lead, n_chains, n_out), torch.nan)
    assert affine(bias, states, weights, out=out) is out
    exact = np.matmul(states.double().numpy(), weights.double().numpy())
    exact += bias.double().numpy()[..., None, :]
    np.testing.assert_allclose(out.numpy(), exact, rtol=0, atol=1e-4)


@pytest.mark.parametrize("size", SIZES)
def test_contrast_is_the_difference_of_two_mean_outer_products(size: tuple[int, ...]) -> None:
    *lead, n_chains, n_visible, n_hidden = size
    v, model_v = bits(*lead, n_chains, n_visible), bits(*lead, n_chains, n_visible).flip(-1)
    h, model_h = drawn(*lead, n_chains, n_hidden), drawn(*lead, n_chains, n_hidden).flip(-2)
    out = torch.full((*lead, n_visible, n_hidden), torch.nan)
    assert contrast_states((v, h), (model_v, model_h), out=out) is out
    exact = np.einsum("...ci,...cj->...ij", v.double().numpy(), h.double().numpy())
    exact -= np.einsum("...ci,...cj->...ij", model_v.double().numpy(), model_h.double().numpy())
    np.testing.assert_allclose(out.numpy(), exact / n_chains, rtol=0, atol=1e-6)


def test_products_are_checked_on_both_sides_of_the_threshold() -> None:
    counts = [int(np.prod(size)) for size in SIZES[:2]]
    assert counts[0] < ONEDNN_MIN < ONEDNN_MIN_TALL < counts[1]


@pytest.mark.parametrize(("capability", "expected"), [("AVX2", False), ("AVX512", True)])
def test_the_library_is_chosen_by_the_processor(
    monkeypatch: pytest.MonkeyPatch, capability: str, expected: bool
) -> None:
    chosen: list[tuple[int, ...]] = []

    def library(left: torch.Tensor, right_t: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        chosen.append(tuple(left.shape))
        return left @ right_t.T + bias

    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    monkeypatch.setattr(products, "_onednn", library)
    products._has_fast_onednn.cache_clear()
    states, weights = bits(67, 211), drawn(211, 307)
    affine(torch.zeros(307), states, weights, out=torch.zeros(67, 307))
    products._has_fast_onednn.cache_clear()
    if torch.backends.mkldnn.is_available():
        assert chosen == ([(67, 211)] if expected else [])


def test_products_of_doubles_keep_their_precision() -> None:
    states, weights = bits(67, 211).double(), drawn(211, 307).double()
    out = torch.zeros(67, 307, dtype=torch.float64)
    affine(torch.zeros(307, dtype=torch.float64), states, weights, out=out)
    np.testing.assert_allclose(out.numpy(), states.numpy() @ weights.numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("size", SIZES[:2])
def test_transposed_weights_give_the_same_bits_however_often_they_are_used(
    size: tuple[int, ...],
) -> None:
    n_chains, n_in, n_out = size
    states, bias, weights = bits(n_chains, n_out), drawn(n_in), drawn(n_in, n_out)
    once, often = (
        affine(bias, states, transposed(weights, n_chains, n), out=torch.zeros(n_chains, n_in))
        for n in (1, 1000)
    )
    assert torch.equal(once, often)
