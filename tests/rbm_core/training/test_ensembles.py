"""An ensemble of learning rates, trained as one tensor program."""

import pytest
import torch

from rbm_core import ShapeError, TrainRun, preset

pytestmark = pytest.mark.usefixtures("made_by")

CASES: list[dict[str, object]] = [
    {},
    {"chain_method": "sampled", "momentum": 0.5},
    {"gradient": "centred", "k": 1, "l2": 1e-3},
]


def _trained(factors: list[float] | None, **changes: object) -> TrainRun:
    recipe = preset("notebook-and-short").recipe.replace(
        epochs=2, updates_per_epoch=25, weight_std=0.5
    )
    rates = None if factors is None else torch.tensor(factors)
    run = recipe.replace(**changes).start(n_replicas=3, rate_factors=rates)
    for _ in run:
        pass
    return run


@pytest.mark.parametrize("changes", CASES)
def test_a_factor_for_all_equals_that_learning_rate(changes: dict[str, object]) -> None:
    by_factor = _trained([3.0, 3.0, 3.0], learning_rate=0.1, **changes).rbm
    by_rate = _trained(None, learning_rate=0.3, **changes).rbm
    for mine, yours in zip(by_factor.parameters(), by_rate.parameters(), strict=True):
        torch.testing.assert_close(mine, yours, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("changes", CASES)
def test_each_replica_learns_at_its_own_rate(changes: dict[str, object]) -> None:
    start = _trained([0.0, 0.0, 0.0], **changes).rbm
    ends = _trained([0.0, 1.0, 5.0], **changes).rbm
    for begun, ended in zip(start.parameters(), ends.parameters(), strict=True):
        assert torch.equal(begun[0], ended[0])
    moved = (ends.weights - start.weights).abs().amax((-2, -1))
    assert 0 == moved[0] < moved[1] < moved[2]


def test_factors_need_a_replica_each() -> None:
    with pytest.raises(ShapeError, match="one factor for each replica"):
        _trained([1.0, 2.0])
    with pytest.raises(ShapeError, match="one factor for each replica"):
        preset("asleep").recipe.start(rate_factors=torch.tensor([1.0]))
