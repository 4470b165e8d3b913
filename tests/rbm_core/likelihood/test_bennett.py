"""Laws of Bennett's ratio."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ShapeError, bennett, exact_samples, log_partition, make_generator
from rbm_core.likelihood.bennett import bennett_without_each_column
from tests.conftest import MakeMachine


def works_of(low: RBM, high: RBM, n: int, seed: int) -> tuple[Tensor, Tensor]:
    stream = make_generator(seed)
    states = (exact_samples(low, n, stream), exact_samples(high, n, stream))
    at_low, at_high = (high.free_energy(v) - low.free_energy(v) for v in states)
    return at_low, at_high


def test_ratio_of_exact_states_is_the_exact_difference_and_errors_are_honest(
    make_rbm: MakeMachine,
) -> None:
    low, high = make_rbm(0, scale=0.3), make_rbm(1)
    exact = float(log_partition(high) - log_partition(low))
    found, told = [], []
    for seed in range(100):
        at_low, at_high = works_of(low, high, 500, seed)
        delta = bennett(at_low, at_high)
        without = bennett_without_each_column(
            at_low.unflatten(0, (50, 10)), at_high.unflatten(0, (50, 10)), delta
        )
        found.append(float(delta) - exact)
        told.append(float((without.var(correction=0) * 49).sqrt()))
    spread = float(np.std(found))
    assert abs(np.mean(found)) < 3 * spread / 10
    assert 0.8 < np.mean(told) / spread < 1.25


def test_one_newton_step_leaves_a_column_out_as_solving_again_does(make_rbm: MakeMachine) -> None:
    at_low, at_high = works_of(make_rbm(0), make_rbm(1), 350, 3)
    low, high = at_low.unflatten(0, (7, 50)), at_high.unflatten(0, (7, 50))
    quick = bennett_without_each_column(low, high, bennett(at_low, at_high))
    for column in range(7):
        rest = [c for c in range(7) if c != column]
        solved = bennett(low[rest].flatten(), high[rest].flatten())
        assert float(quick[column]) == pytest.approx(float(solved), abs=2e-3)


def test_ratio_changes_sign_with_the_sides_and_shifts_with_the_works() -> None:
    stream = np.random.default_rng(0)
    lo, hi = (torch.as_tensor(stream.normal(size=(3, 200))) for _ in range(2))
    delta = bennett(lo, hi)
    torch.testing.assert_close(bennett(-hi, -lo), -delta)
    torch.testing.assert_close(bennett(lo + 700, hi + 700), delta - 700)
    torch.testing.assert_close(bennett(lo[1], hi[1]), delta[1])
    balance = torch.sigmoid(-lo - delta[:, None]).sum(1) - torch.sigmoid(hi + delta[:, None]).sum(1)
    assert float(balance.abs().max()) < 1e-9


@pytest.mark.parametrize(("spread", "apart"), [(1.0, 0.5), (10.0, 5.0), (30.0, 100.0)])
def test_the_root_balances_both_sides_however_far_the_works_lie(
    spread: float, apart: float
) -> None:
    stream = np.random.default_rng(0)
    lo = torch.as_tensor(spread * stream.normal(size=(13, 700)) + apart)
    hi = torch.as_tensor(spread * stream.normal(size=(13, 700)) - apart)
    delta = bennett(lo, hi)[:, None]
    left, right = torch.sigmoid(-lo - delta).sum(1), torch.sigmoid(hi + delta).sum(1)
    torch.testing.assert_close(left, right, rtol=1e-9, atol=1e-15)


def test_a_constant_work_is_the_difference() -> None:
    same = torch.full((5,), 2.5)
    assert float(bennett(same, same)) == pytest.approx(-2.5)


def test_bennett_refuses_what_does_not_fit() -> None:
    for lo, hi in ((torch.zeros(3), torch.zeros(4)), (torch.zeros(0), torch.zeros(0))):
        with pytest.raises(ShapeError, match="works_lo has shape"):
            bennett(lo, hi)
