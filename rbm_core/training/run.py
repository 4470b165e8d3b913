"""Training by CD, PCD or Rdm, as an iterator of records that can stop, resume and fork."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import ShapeError
from rbm_core.generators import generator_state, make_generator
from rbm_core.machine.rbm import RBM
from rbm_core.training.compiled import CompiledUpdates, compiles
from rbm_core.training.config import TrainConfig
from rbm_core.training.state import TrainRecord, TrainState
from rbm_core.training.timetable import Timetable
from rbm_core.training.updates import TorchUpdates, Updates

__all__ = ["TrainRun", "fresh_state", "train"]


class TrainRun(Iterator[TrainRecord]):
    """A training run: an iterator of records over parameters that are updated in place.

    The numbers do not depend on how the run is cut into records, on pauses, or on whether it was
    saved and resumed. On the CPU every update runs on one thread, so they do not depend on the
    number of cores either.

    Random streams of a seed: ("init",) draws the weights; ("train",) draws batches with
    replacement and the chains; ("epoch", n) draws the order and the bits of epoch n.
    An ensemble draws its replicas from these same streams side by side: each replica follows the
    law of a machine trained alone, not its numbers. Shuffled and sequential batches are common to
    all replicas.
    """

    def __init__(
        self,
        dataset: Dataset,
        config: TrainConfig,
        state: TrainState,
        record_every: int | None = None,
        rate_factors: Tensor | None = None,
        n_threads: int = 1,
    ) -> None:
        """Take up a run where a state left it.

        Args:
            dataset: The data; its training split is used.
            config: The settings.
            state: Where to begin; it is copied.
            record_every: Updates between records, besides the one at the end of each epoch; None
                means only that one.
            rate_factors: Multiplies the learning rate of each replica, shape (n_replicas,); None
                trains all at the same rate.
            n_threads: How many replicas of a small machine are trained at a time; it changes no
                number.

        Raises:
            ConfigError: If the settings do not fit the data.
            ShapeError: If the machine does not fit the data, or the factors not the machine.
        """
        self.dataset, self.config, self.record_every = dataset, config, record_every
        _require_fit(state.rbm, dataset)
        self.n_updates_per_epoch = config.n_updates_per_epoch(len(dataset.train))
        self.n_updates = config.n_updates(len(dataset.train))
        self._timetable = Timetable(config, self.n_updates_per_epoch)
        self._seconds = state.seconds
        factors = _fitting(rate_factors, state.rbm)
        self._updates: Updates = (
            CompiledUpdates(dataset, config, state, factors, n_threads)
            if compiles(state.rbm, config)
            else TorchUpdates(dataset, config, state, factors)
        )

    @property
    def update(self) -> int:
        """Gradient updates made so far."""
        return self._updates.update

    @property
    def done(self) -> bool:
        """Whether all epochs are complete."""
        return self.update >= self.n_updates

    @property
    def rbm(self) -> RBM:
        """A copy of the machine as it is now."""
        return self._updates.rbm()

    def state(self) -> TrainState:
        """Copy all that the next update needs."""
        return self._updates.state(self._seconds)

    def __next__(self) -> TrainRecord:
        """Train up to the next record."""
        if self.done:
            raise StopIteration
        stops = [self.n_updates_per_epoch]
        if self.record_every is not None:
            stops.append(self.record_every)
        return self.advance(min(every - self.update % every for every in stops))

    def advance(
        self, n_updates: int, observe: Callable[[TrainRun], None] | None = None
    ) -> TrainRecord:
        """Make some updates, at most to the end of the run, and record them.

        Args:
            n_updates: How many, at least 1.
            observe: Called with this run after each update, for example to save its state; it
                must not change the run.
        """
        n_updates = min(n_updates, self.n_updates - self.update)
        began = time.perf_counter()
        try:
            if observe is None:
                self._updates.advance(n_updates)
            else:
                for _ in range(n_updates):
                    self._updates.advance(1)
                    observe(self)
        finally:
            self._seconds += time.perf_counter() - began
        return self._record()

    def _record(self) -> TrainRecord:
        means, update = self._updates.take_means(), self.update
        return TrainRecord(
            update=update,
            epoch=update / self.n_updates_per_epoch,
            free_energy_data=means.free_energies[..., 0],
            free_energy_model=means.free_energies[..., 1],
            success_rate=means.legal_share if self.dataset.is_truth_table else None,
            learning_rate=self._timetable.rate(update),
            k=self._timetable.k(update),
            seconds=self._seconds,
            done=self.done,
        )


def train(
    dataset: Dataset,
    config: TrainConfig,
    start: RBM | TrainState,
    *,
    record_every: int | None = None,
    rate_factors: Tensor | None = None,
    n_threads: int = 1,
) -> TrainRun:
    """Train a machine on data.

    Args:
        dataset: The data; its training split is used.
        config: The settings.
        start: A fresh machine, or the state of a run to resume (same settings) or fork (others).
            It is copied, never changed.
        record_every: Updates between records, besides the one at the end of each epoch.
        rate_factors: Multiplies the learning rate of each replica, shape (n_replicas,), so that an
            ensemble of rates trains as one tensor program. A resumed run needs them again.
        n_threads: How many replicas of a small machine are trained at a time; it changes no number.

    Returns:
        An iterator of `TrainRecord`; its `state()` can be saved and resumed at any record.

    Raises:
        ConfigError: If the settings do not fit the data.
        ShapeError: If the machine does not fit the data.
    """
    state = start if isinstance(start, TrainState) else fresh_state(start, dataset, config)
    return TrainRun(dataset, config, state, record_every, rate_factors, n_threads)


def fresh_state(rbm: RBM, dataset: Dataset, config: TrainConfig) -> TrainState:
    """Make the state of a run that has not begun.

    Args:
        rbm: The machine to begin with; its device is the run's.
        dataset: Gives the centring offsets their start: the pixel means, and one half.
        config: Gives the seed.

    Raises:
        ShapeError: If the machine does not fit the data.
    """
    _require_fit(rbm, dataset)
    stream = make_generator(config.seed, "train", device=rbm.weights.device)
    mean = dataset.train.mean(0).to(rbm.visible_bias)
    return TrainState(
        rbm=rbm,
        velocity=rbm.parameters().zeros(),
        persistent_chains=None,
        offset_v=mean.expand_as(rbm.visible_bias).clone(),
        offset_h=torch.full_like(rbm.hidden_bias, 0.5),
        generator_state=generator_state(stream),
        update=0,
    )


def _require_fit(rbm: RBM, dataset: Dataset) -> None:
    if len(rbm.replica_shape) > 1:
        raise ShapeError(
            f"the machine has replica axes {rbm.replica_shape}; training takes at most one"
        )
    if rbm.n_visible != dataset.n_visible:
        raise ShapeError(
            f"the machine has {rbm.n_visible} visible units and {dataset.name!r} needs "
            f"{dataset.n_visible}; make one with that many"
        )


def _fitting(rate_factors: Tensor | None, rbm: RBM) -> Tensor | None:
    if rate_factors is None:
        return None
    if tuple(rate_factors.shape) != rbm.replica_shape or not rbm.replica_shape:
        raise ShapeError(
            f"rate_factors have shape {tuple(rate_factors.shape)} and the machine has replica axes "
            f"{rbm.replica_shape}; give one factor for each replica"
        )
    return rate_factors.to(rbm.weights)
