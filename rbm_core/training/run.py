"""Training by CD, PCD or Rdm, as an iterator of records that can stop, resume and fork."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from rbm_core.datasets.binarise import binary_rows
from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import ConfigError, ShapeError
from rbm_core.generators import (
    Generator,
    generator_state,
    integers,
    make_generator,
    permutation,
    restore_generator,
)
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS
from rbm_core.training.captured import CapturedUpdates
from rbm_core.training.config import TrainConfig
from rbm_core.training.kernels import Kernel, MatrixKernel, SampledKernel
from rbm_core.training.schedules import Schedule
from rbm_core.training.state import TrainRecord, TrainState

__all__ = ["TrainRun", "fresh_state", "train"]

# Centring offsets follow the data statistics with this rate (Melchior, Fischer & Wiskott, 2016,
# Journal of Machine Learning Research 17, section 4.2: 0.01).
CENTRING_RATE = 0.01

# Free energies of large machines are averaged over every fifth update: they cost a tenth of one.
# Not so where every epoch reads the same rows in the same order: a stride would look at the same
# fifth of them each time, and the notebook's losses come out up to 13 % off.
SMALL_MACHINE = 4096
LARGE_MACHINE_STRIDE = 5


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

        Raises:
            ConfigError: If the settings do not fit the data.
            ShapeError: If the machine does not fit the data, or the factors not the machine.
        """
        self.dataset = dataset
        self.config = config
        _require_fit(state.rbm, dataset)
        self.n_updates_per_epoch = config.n_updates_per_epoch(len(dataset.train))
        self.n_updates = config.n_updates(len(dataset.train))
        _require_enough_rows(config, len(dataset.train), self.n_updates_per_epoch)
        self.record_every = record_every
        self._device = state.rbm.weights.device
        self._velocity = state.velocity.clone()
        self._offset_v = state.offset_v.clone()
        self._offset_h = state.offset_h.clone()
        self._generator: Generator = restore_generator(state.generator_state, device=self._device)
        self._update = state.update
        self._seconds = state.seconds
        matrix = config.uses_matrix(state.rbm.n_visible, state.rbm.n_hidden)
        if matrix:
            _require_enumerable(state.rbm, config)
        kernel_type = MatrixKernel if matrix else SampledKernel
        self._kernel: Kernel = kernel_type(state.rbm, config.batch_size)
        self._rbm = self._kernel.rbm  # live
        self._rate_factors = _fitting(rate_factors, state.rbm)
        self._has_momentum = any(config.momentum_schedule.values)
        self._stride = (
            1
            if matrix
            or config.order == "sequential"
            or config.batch_size * self._rbm.n_hidden <= SMALL_MACHINE
            else LARGE_MACHINE_STRIDE
        )
        # Sums since the last record; single precision where the device has no other (MPS).
        precise = torch.float32 if self._device.type == "mps" else torch.float64
        shape = self._rbm.replica_shape
        self._energies = torch.zeros(*shape, 2, dtype=precise, device=self._device)
        self._legal = torch.zeros(shape, dtype=precise, device=self._device)
        self._n_measured = 0
        generator = self._generator
        self._captured = (
            CapturedUpdates(generator)
            if self._device.type == "cuda" and isinstance(generator, torch.Generator)
            else None
        )
        self._inputs: tuple[Tensor, Tensor, Tensor] | None = None
        if dataset.is_truth_table:
            self._kernel.set_legal(dataset.legal_states())
        self._loaded_epoch = -1
        self._order: Tensor | None = None
        self._start_chains(state)

    @property
    def update(self) -> int:
        """Gradient updates made so far."""
        return self._update

    @property
    def done(self) -> bool:
        """Whether all epochs are complete."""
        return self._update >= self.n_updates

    @property
    def rbm(self) -> RBM:
        """A copy of the machine as it is now."""
        return self._rbm.clone()

    def state(self) -> TrainState:
        """Copy all that the next update needs."""
        return TrainState(
            rbm=self._rbm.clone(),
            velocity=self._velocity.clone(),
            persistent_chains=(
                self._kernel.chains().clone() if self.config.scheme == "pcd" else None
            ),
            offset_v=self._offset_v.clone(),
            offset_h=self._offset_h.clone(),
            generator_state=generator_state(self._generator),
            update=self._update,
            seconds=self._seconds,
        )

    def __next__(self) -> TrainRecord:
        """Train up to the next record."""
        if self.done:
            raise StopIteration
        stops = [self.n_updates_per_epoch]
        if self.record_every is not None:
            stops.append(self.record_every)
        return self.advance(min(every - self._update % every for every in stops))

    def advance(
        self, n_updates: int, observe: Callable[[TrainRun], None] | None = None
    ) -> TrainRecord:
        """Make some updates, at most to the end of the run, and record them.

        Args:
            n_updates: How many, at least 1.
            observe: Called with this run after each update, for example to save its state; it
                must not change the run.
        """
        self._energies.zero_()
        self._legal.zero_()
        self._n_measured = 0
        n_threads = torch.get_num_threads()
        if self._device.type == "cpu":
            torch.set_num_threads(1)
        began = time.perf_counter()
        try:
            with torch.no_grad():
                for _ in range(min(n_updates, self.n_updates - self._update)):
                    self._step()
                    if observe is not None:
                        observe(self)
        finally:
            torch.set_num_threads(n_threads)
            self._seconds += time.perf_counter() - began
        return self._record()

    def _start_chains(self, state: TrainState) -> None:
        """Put persistent chains where the state has them, else on the first rows drawn."""
        if self.config.scheme != "pcd":
            return
        self._load_epoch()
        shape = (*self._rbm.replica_shape, self.config.batch_size)
        chains = state.persistent_chains
        if chains is not None and tuple(chains.shape[:-1]) == shape:
            self._kernel.set_chains(chains)
        else:
            self._kernel.start_at_data(integers(len(self.dataset.train), shape, self._generator))

    def _load_epoch(self) -> None:
        """Fix the order and the bits of the current epoch, from that epoch's own stream."""
        epoch = self._update // self.n_updates_per_epoch
        if epoch == self._loaded_epoch:
            return
        stream = make_generator(self.config.seed, "epoch", epoch)
        if self.config.order == "shuffle":
            self._order = permutation(len(self.dataset.train), stream).to(self._device)
        elif self.config.order == "sequential":
            self._order = torch.arange(len(self.dataset.train), device=self._device)
        once = self.config.binarisation != "bernoulli" and self._loaded_epoch >= 0
        if not once:
            self._kernel.set_data(self._visible_rows(stream))
        self._loaded_epoch = epoch

    def _visible_rows(self, stream: Generator) -> Tensor:
        """All training rows as the machine sees them in this epoch."""
        method = self.config.binarisation
        if method == "threshold":
            return self.dataset.train_bits
        if method == "grey":
            return self.dataset.train
        return binary_rows(self.dataset.train, method, stream)

    def _next_rows(self) -> Tensor:
        n_batch = self.config.batch_size
        if self._order is None:
            shape = (*self._rbm.replica_shape, n_batch)
            return integers(len(self.dataset.train), shape, self._generator)
        first = (self._update % self.n_updates_per_epoch) * n_batch
        return self._order[first : first + n_batch]

    def _step(self) -> None:
        """One gradient update, in place."""
        self._load_epoch()
        k, measured = self._k_now(), self._update % self._stride == 0
        rows = self._next_rows()
        rate = self._at(self.config.learning_rate_schedule)
        keep = self._at(self.config.momentum_schedule)
        if self._captured is None:
            self._contrast_and_apply(rows, rate, keep, k, measured)
        else:
            inputs = self._stay(rows, rate, keep)
            self._captured.run(
                (k, measured), lambda: self._contrast_and_apply(*inputs, k, measured)
            )
        self._n_measured += measured
        self._update += 1

    def _stay(self, rows: Tensor, rate: float, keep: float) -> tuple[Tensor, Tensor, Tensor]:
        """Write an update's inputs into the tensors that captured work reads."""
        if self._inputs is None:
            scalars = self._rbm.weights.new_tensor([rate, keep])
            self._inputs = (rows.clone(), scalars[0], scalars[1])
        self._inputs[0].copy_(rows)
        self._inputs[1].fill_(rate)
        self._inputs[2].fill_(keep)
        return self._inputs

    def _contrast_and_apply(
        self, rows: Tensor, rate: float | Tensor, keep: float | Tensor, k: int, measured: bool
    ) -> None:
        """The work of one update on the device, with nothing that waits for it."""
        config, kernel = self.config, self._kernel
        if config.scheme == "rdm":
            kernel.start_at_noise(self._generator)
        kernel.contrast(rows, k, self._generator, from_data=config.scheme == "cd")
        if measured:
            self._energies.add_(kernel.free_energies())
            if self.dataset.is_truth_table:
                self._legal.add_(kernel.legal_share())
        if config.gradient == "centred":
            self._centre()
        self._apply(rate, keep)

    def _centre(self) -> None:
        """Turn the plain gradient into the centred one, in place.

        With offsets μ, λ: ∇W = ⟨(v-μ)(h-λ)⟩ data minus model, ∇b_v = plain - ∇W λ,
        ∇b_h = plain - ∇Wᵀ μ (Melchior, Fischer & Wiskott 2016, eqs. 21 to 23).
        """
        gradient, kernel = self._kernel.gradient, self._kernel
        mean_v, mean_h = kernel.data_means()
        self._offset_v.lerp_(mean_v, CENTRING_RATE)
        self._offset_h.lerp_(mean_h, CENTRING_RATE)
        mu = self._offset_v.to(gradient.weights)  # a kernel may hold gradients in double precision
        lam = self._offset_h.to(gradient.weights)
        gradient.weights.sub_(gradient.visible_bias.unsqueeze(-1) * lam.unsqueeze(-2))
        gradient.weights.sub_(mu.unsqueeze(-1) * gradient.hidden_bias.unsqueeze(-2))
        gradient.visible_bias.sub_((gradient.weights @ lam.unsqueeze(-1)).squeeze(-1))
        gradient.hidden_bias.sub_((mu.unsqueeze(-2) @ gradient.weights).squeeze(-2))

    def _apply(self, rate: float | Tensor, keep: float | Tensor) -> None:
        """Weight decay, momentum and the step itself, in place."""
        config, gradient, rbm = self.config, self._kernel.gradient, self._rbm
        if config.l2:
            gradient.weights.add_(rbm.weights, alpha=-config.l2)
        if config.l1:
            gradient.weights.add_(torch.sign(rbm.weights), alpha=-config.l1)
        if self._rate_factors is not None:
            for slope in self._kernel.slopes:
                slope.mul_(self._rate_factors.view(-1, *[1] * (slope.ndim - 1)))
        if not self._has_momentum:
            for parameter, slope in zip(self._kernel.parameters, self._kernel.slopes, strict=True):
                _add_scaled(parameter, slope, rate)
            return
        for parameter, slope, velocity in zip(
            rbm.parameters(), gradient.parameters(), self._velocity.parameters(), strict=True
        ):
            _add_scaled(velocity.mul_(keep), slope, rate)
            parameter.add_(velocity)

    def _at(self, schedule: Schedule) -> float:
        return schedule.at(self._update / self.n_updates_per_epoch)

    def _k_now(self) -> int:
        return max(1, round(self._at(self.config.k_schedule)))

    def _record(self) -> TrainRecord:
        n = self._n_measured or math.nan
        energies = self._energies / n
        return TrainRecord(
            update=self._update,
            epoch=self._update / self.n_updates_per_epoch,
            free_energy_data=energies[..., 0],
            free_energy_model=energies[..., 1],
            success_rate=self._legal / n if self.dataset.is_truth_table else None,
            learning_rate=self._at(self.config.learning_rate_schedule),
            k=self._k_now(),
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

    Returns:
        An iterator of `TrainRecord`; its `state()` can be saved and resumed at any record.

    Raises:
        ConfigError: If the settings do not fit the data.
        ShapeError: If the machine does not fit the data.
    """
    state = start if isinstance(start, TrainState) else fresh_state(start, dataset, config)
    return TrainRun(dataset, config, state, record_every, rate_factors)


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
        velocity=RBM(*(torch.zeros_like(p) for p in rbm.parameters())),
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


def _require_enumerable(rbm: RBM, config: TrainConfig) -> None:
    largest = max(rbm.n_visible, rbm.n_hidden)
    if largest > MAX_CHAIN_UNITS or config.binarisation == "grey":
        raise ConfigError(
            f"chain_method is 'matrix' with {rbm.n_visible} visible, {rbm.n_hidden} hidden units "
            f"and binarisation {config.binarisation!r}; it takes at most {MAX_CHAIN_UNITS} of each "
            "and rows of bits, so use 'auto' or 'sampled'"
        )


def _require_enough_rows(config: TrainConfig, n_train: int, n_updates: int) -> None:
    if config.order != "draw" and n_updates * config.batch_size > n_train:
        raise ConfigError(
            f"{n_updates} updates of {config.batch_size} rows need more than the {n_train} rows "
            "of an epoch; use a smaller batch, fewer updates_per_epoch, or order 'draw'"
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


def _add_scaled(target: Tensor, step: Tensor, scale: float | Tensor) -> None:
    """Add scale times step in place; a tensor's scale may change under captured work."""
    if isinstance(scale, Tensor):
        target.add_(step * scale)
    else:
        target.add_(step, alpha=scale)
