"""Laws of training: where chains start, and which rows and bits an update sees."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from rbm_core import RBM, Dataset, TrainConfig, train
from rbm_core.training.run import fresh_state
from tests import oracle
from tests.rbm_core.small_runs import DATA, KERNELS, ROWS, TABLE, frozen, settings

pytestmark = pytest.mark.usefixtures("made_by")

AsOracle = Callable[[RBM], oracle.Machine]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(("scheme", "expected"), [("cd", 1.0), ("pcd", 1.0), ("rdm", 0.5)])
def test_chains_start_at_data_where_they_were_or_at_noise(
    kernel: str, scheme: str, expected: float
) -> None:
    """A machine that never moves shows where its chains began: half of all states are legal."""
    config = settings(
        scheme=scheme, chain_method=kernel, learning_rate=1e-9, batch_size=1000, order="draw",
        updates_per_epoch=10,
    )  # fmt: skip
    run = train(TABLE, config, frozen())
    rates = [float(run.advance(1).success_rate or 0) for _ in range(5)]
    # Five standard errors of a thousand fair coins.
    assert rates == pytest.approx([expected] * 5, abs=0.08 if scheme == "rdm" else 1e-6)


@pytest.mark.parametrize("kernel", KERNELS)
def test_persistent_chains_go_on_from_where_a_state_has_them(kernel: str) -> None:
    config = settings(
        scheme="pcd", chain_method=kernel, learning_rate=1e-9, order="draw", updates_per_epoch=10
    )
    illegal = torch.tensor([[0.0, 0.0, 1.0]]).expand(7, 3)
    state = dataclasses.replace(
        fresh_state(frozen(), TABLE, config), persistent_chains=illegal.clone()
    )
    run = train(TABLE, config, state)
    assert float(run.advance(3).success_rate or 0) == 0.0
    chains = run.state().persistent_chains
    assert chains is not None
    assert torch.equal(chains, illegal)


def test_only_persistent_chains_are_kept_in_a_state(rbm: RBM) -> None:
    for scheme in ("cd", "rdm"):
        assert train(DATA, settings(scheme=scheme), rbm).state().persistent_chains is None


def batch_means(config: TrainConfig, n: int, dataset: Dataset = DATA) -> Tensor:
    """Mean row of each batch, read off the centring offset that follows it, shape (n, 5)."""
    rbm = RBM(*(torch.zeros(s, dtype=torch.float64) for s in ((5, 3), (5,), (3,))))
    run = train(dataset, dataclasses.replace(config, gradient="centred"), rbm)
    means, before = [], run.state().offset_v
    for _ in range(n):
        run.advance(1)
        after = run.state().offset_v
        means.append((after - before) / 0.01 + before)
        before = after
    return torch.stack(means)


@pytest.mark.parametrize("kernel", KERNELS)
def test_sequential_batches_are_the_rows_in_order_each_epoch(kernel: str) -> None:
    means = batch_means(settings(chain_method=kernel), 8)
    expected = ROWS.double().view(4, 7, 5).mean(1).repeat(2, 1)
    assert torch.allclose(means, expected, atol=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
def test_shuffled_batches_hold_every_row_once_an_epoch_in_a_new_order(kernel: str) -> None:
    means = batch_means(settings(order="shuffle", chain_method=kernel), 8)
    for epoch in (means[:4], means[4:]):
        assert torch.allclose(epoch.mean(0), ROWS.double().mean(0), atol=1e-9)
    assert not torch.allclose(means[:4], means[4:])
    again = batch_means(settings(order="shuffle", chain_method=kernel), 8)
    other = batch_means(settings(order="shuffle", chain_method=kernel, seed=1), 8)
    assert torch.equal(means, again)
    assert not torch.allclose(means, other)


def test_drawn_batches_take_every_row_equally_often() -> None:
    config = settings(order="draw", batch_size=20_000, updates_per_epoch=2)
    means = batch_means(config, 1)
    assert means[0].numpy() == pytest.approx(ROWS.mean(0).numpy(), abs=0.0142)


def test_bernoulli_bits_are_drawn_anew_each_epoch_and_thresholds_are_not() -> None:
    grey = Dataset(name="grey", train=torch.full((28, 5), 0.5))
    drawn = batch_means(settings(binarisation="bernoulli"), 8, grey)
    assert not torch.allclose(drawn[:4], drawn[4:])
    assert float(drawn.mean()) == pytest.approx(0.5, abs=0.12)
    assert torch.allclose(batch_means(settings(), 8, grey), torch.ones(8, 5).double(), atol=1e-9)
    kept = batch_means(settings(binarisation="grey"), 8, grey)
    assert torch.allclose(kept, torch.full((8, 5), 0.5).double(), atol=1e-9)
