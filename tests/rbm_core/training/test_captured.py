"""What replaying an update from fixed tensors must leave as it is.

The capture itself needs a CUDA device; what a replay reads and writes does not.
"""

from collections.abc import Callable, Hashable

import pytest
import torch

from rbm_core import preset
from rbm_core.training.captured import CapturedUpdates
from rbm_core.training.run import TrainRun
from rbm_core.training.updates import TorchUpdates


@pytest.fixture(autouse=True)
def _made_by_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rbm_core.training.run.compiles", lambda *_: False)


class Replays(CapturedUpdates):
    """Keeps the first body of each key and runs it ever after, as a graph does."""

    def __init__(self) -> None:
        self.bodies: dict[Hashable, Callable[[], None]] = {}

    def run(self, key: Hashable, body: Callable[[], None]) -> None:
        self.bodies.setdefault(key, body)()


CASES: list[dict[str, object]] = [
    {},
    {"chain_method": "sampled", "momentum": "step 0:0.5 1:0.9"},
    {"scheme": "pcd", "learning_rate": "geometric 0:0.3 3:0.01"},
    {"scheme": "rdm", "gradient": "centred", "l1": 1e-4, "l2": 1e-3},
    {"k": "step 0:1 1:4 2:2", "chain_method": "matrix"},
]


@pytest.mark.parametrize("changes", CASES)
def test_replayed_updates_equal_eager_ones(changes: dict[str, object]) -> None:
    recipe = preset("notebook-and-short").recipe.replace(
        epochs=3, updates_per_epoch=40, learning_rate=0.5
    )
    eager, replayed = (recipe.replace(**changes).start() for _ in range(2))
    _torch_updates(replayed)._captured = Replays()
    for one, other in zip(eager, replayed, strict=True):
        torch.testing.assert_close(one.free_energy_data, other.free_energy_data)
        torch.testing.assert_close(one.success_rate, other.success_rate)
    _assert_close(eager, replayed)


def test_replayed_updates_read_the_rows_of_each_epoch() -> None:
    recipe = preset("small-digits").recipe.replace(
        epochs=2, updates_per_epoch=5, n_hidden=7, binarisation="bernoulli"
    )
    eager, replayed = recipe.start(), recipe.start()
    _torch_updates(replayed)._captured = Replays()
    for _ in zip(eager, replayed, strict=True):
        pass
    _assert_close(eager, replayed)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_captured_run_equals_an_eager_one() -> None:
    recipe = preset("notebook-and-short").recipe.replace(epochs=2, updates_per_epoch=50)
    eager, captured = recipe.start(device="cuda"), recipe.start(device="cuda")
    _torch_updates(eager)._captured = None
    for _ in zip(eager, captured, strict=True):
        pass
    _assert_close(eager, captured)


def _torch_updates(run: TrainRun) -> TorchUpdates:
    updates = run._updates
    assert isinstance(updates, TorchUpdates)
    return updates


def _assert_close(one: TrainRun, other: TrainRun) -> None:
    for mine, yours in zip(one.rbm.parameters(), other.rbm.parameters(), strict=True):
        torch.testing.assert_close(mine, yours, rtol=1e-4, atol=1e-5)
