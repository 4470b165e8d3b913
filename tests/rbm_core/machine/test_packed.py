"""Laws of packed bits: packing loses nothing, products are products, draws follow their coins."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import make_generator
from rbm_core.generators import normal, uniform
from rbm_core.machine import bit_products
from rbm_core.machine.bit_draws import draw, means
from rbm_core.machine.bit_products import add_up, n_rows_read, transpose
from rbm_core.machine.lanes import WIDTH, Floats
from rbm_core.machine.packed import SLICE_ROWS, Words, by_unit, n_words, pack, padded, unpack

# A word and less, around a word, several; rows and fours of them fill more than one block.
UNITS = [3, 31, 32, 33, 211]
# Chains, rows, columns.
SIZES = [(1, 3, 5), (7, 5, 3), (67, 211, 37), (3, 401, 64)]
FEW, HALF = 0.05, 0.5


def bits(n_rows: int, n: int, share: float = HALF) -> Tensor:
    return uniform((n_rows, n), make_generator(n_rows, n), torch.empty(0)).lt_(share)


def rows_of(values: Tensor) -> Floats:
    """The values as rows of the compiled loops, with something that has no meaning beside them."""
    rows = padded(n_rows_read(len(values)), values.shape[1]).fill_(7.0)
    rows[: len(values), : values.shape[1]] = values
    flat: Floats = rows.numpy().reshape(-1)
    return flat


def values_of(rows: Floats, n_rows: int, n: int) -> Tensor:
    return torch.from_numpy(rows).view(n_rows, -1)[:, :n]


def flat(packed: Words) -> Words:
    return packed.reshape(-1)


def unpacked(words: Words, n_rows: int, n: int) -> Tensor:
    out = torch.full((n_rows, n), torch.nan)
    unpack(words, n_rows, n, out.numpy().reshape(-1))
    return out


@pytest.mark.parametrize("n", UNITS)
@pytest.mark.parametrize("n_rows", [7, 2 * SLICE_ROWS + 1])
def test_unpacking_gives_back_what_was_packed_and_no_bit_beyond(n: int, n_rows: int) -> None:
    states = bits(n_rows, n)
    words = pack(states)
    assert words.shape == (n_rows, n_words(n))
    assert torch.equal(unpacked(flat(words), n_rows, n), states)
    beyond = unpacked(flat(words), n_rows, n_words(n) * WIDTH)[:, n:]
    assert not beyond.any()


@pytest.mark.parametrize("n", UNITS)
@pytest.mark.parametrize("n_chains", [1, 7, 32, 67])
def test_bits_by_unit_are_the_transpose(n: int, n_chains: int) -> None:
    states = bits(n_chains, n)
    width = n_words(n_chains) + 2
    turned = np.zeros(n * width, np.uint32)
    by_unit(flat(pack(states)), n_chains, n, turned, width, 1)
    rows = unpacked(turned, n, width * WIDTH)
    assert torch.equal(rows[:, WIDTH : WIDTH + n_chains], states.T)
    assert rows.sum() == states.sum()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("share", [0.0, FEW, HALF, 1.0])
def test_adding_up_is_a_product_plus_a_start(size: tuple[int, int, int], share: float) -> None:
    n_chains, n_in, n_out = size
    states = bits(n_chains, n_in, share)
    weights, start = normal((n_in, n_out), make_generator(0)), normal((1, n_out), make_generator(1))
    exact = states.double() @ weights.double() + start
    for method in (add_up, bit_products._add_rows, bit_products._add_fours):
        out = rows_of(torch.full((n_chains, n_out), torch.nan))
        method(flat(pack(states)), n_chains, rows_of(weights), n_in, rows_of(start), out, n_out)
        found = values_of(out, n_rows_read(n_chains), n_out)[:n_chains]
        np.testing.assert_allclose(found.numpy(), exact.numpy(), rtol=0, atol=1e-4)


def test_rows_are_added_alone_only_where_that_is_less_work() -> None:
    n_chains, n_in, n_out = 67, 211, 37
    weights, start = (
        rows_of(normal((n_in, n_out), make_generator(0))),
        rows_of(torch.zeros(1, n_out)),
    )
    for share, expected in ((FEW, bit_products._add_rows), (HALF, bit_products._add_fours)):
        words = flat(pack(bits(n_chains, n_in, share)))
        found, same = (rows_of(torch.zeros(n_chains, n_out)) for _ in range(2))
        add_up(words, n_chains, weights, n_in, start, found, n_out)
        expected(words, n_chains, weights, n_in, start, same, n_out)
        assert np.array_equal(found, same)


@pytest.mark.parametrize("size", [(3, 5), (8, 8), (211, 37), (64, 31)])
def test_transposed_rows_are_the_transpose(size: tuple[int, int]) -> None:
    weights = normal(size, make_generator(0))
    turned = rows_of(torch.zeros(size[1], size[0]))
    transpose(rows_of(weights), *size, turned)
    found = values_of(turned, n_rows_read(size[1]), size[0])[: size[1]]
    assert torch.equal(found, weights.T)


@pytest.mark.parametrize("n", UNITS)
def test_units_are_on_where_a_coin_falls_below_their_probability(n: int) -> None:
    fields = normal((7, n), make_generator(n)) * 3
    coins = torch.zeros(7 * n + WIDTH)
    coins[: 7 * n] = uniform((7 * n,), make_generator(0), coins)
    words = np.full(7 * n_words(n), 2**32 - 1, np.uint32)
    draw(rows_of(fields), coins.numpy(), 7, n, words)
    drawn = unpacked(words, 7, n_words(n) * WIDTH)
    # No coin of these seeds lies within a rounding of its probability.
    expected = coins[: 7 * n].view(7, n).double() < torch.sigmoid(fields.double())
    assert torch.equal(drawn[:, :n].bool(), expected)
    assert not drawn[:, n:].any()


def test_means_are_logistic_to_the_last_bits_and_keep_what_is_no_number() -> None:
    fields = torch.linspace(-30, 30, 4001)[None]
    out = rows_of(torch.zeros(1, 4001))
    means(rows_of(fields), 1, 4001, np.float32(0.5), out)
    exact = torch.sigmoid(fields.double()) / 2
    np.testing.assert_allclose(values_of(out, 8, 4001)[:1].numpy(), exact.numpy(), rtol=3e-7)
    ends = torch.tensor([[-1e30, -torch.inf, 1e30, torch.inf, torch.nan]])
    out = rows_of(torch.zeros(1, 5))
    means(rows_of(ends), 1, 5, np.float32(1), out)
    low, lowest, high, highest, nothing = values_of(out, 8, 5)[0].tolist()
    assert 0 <= low == lowest < 1e-37
    assert high == highest == 1
    assert np.isnan(nothing)
