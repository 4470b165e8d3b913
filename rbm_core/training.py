"""Training by CD, PCD or Rdm, as an iterator of records that can stop, resume and fork."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rbm_core.binarise import BINARISATIONS, binarise
from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import ConfigError, ShapeError
from rbm_core.exact import MAX_CHAIN_UNITS, state_index
from rbm_core.generators import (
    Generator,
    generator_state,
    integers,
    make_generator,
    permutation,
    restore_generator,
)
from rbm_core.kernels import Kernel, MatrixKernel, SampledKernel
from rbm_core.rbm import RBM
from rbm_core.schedules import Schedule, as_schedule

__all__ = [
    "CHAIN_METHODS",
    "GRADIENTS",
    "ORDERS",
    "SCHEMES",
    "TrainConfig",
    "TrainRecord",
    "TrainRun",
    "TrainState",
    "train",
]

SCHEMES = ("cd", "pcd", "rdm")
GRADIENTS = ("plain", "centred")
ORDERS = ("draw", "shuffle", "sequential")
CHAIN_METHODS = ("auto", "sampled", "matrix")

# Where the exact matrix pays: 64 visible states and 256 hidden ones cost less than three sampled
# steps of a hundred chains. The rule looks at the recipe alone, so the numbers never depend on
# where a recipe runs.
MATRIX_MAX_VISIBLE = 6
MATRIX_MAX_HIDDEN = 8
MATRIX_MIN_K = 3

# Centring offsets follow the data statistics with this rate (Melchior, Fischer & Wiskott, 2016,
# Journal of Machine Learning Research 17, section 4.2: 0.01).
CENTRING_RATE = 0.01

# Free energies of large machines are averaged over every fifth update: they cost a tenth of one.
SMALL_MACHINE = 4096
LARGE_MACHINE_STRIDE = 5

# Keeps a mistyped zero, or a stranger's link, from asking for more memory than there is.
MAX_BATCH = 100_000


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """How a machine is trained.

    Attributes:
        scheme: Where chains start: "cd" at the batch, "pcd" where the last update left them,
            "rdm" at fair coins.
        k: Gibbs steps per update, a whole number of at least 1 or a schedule of them.
        learning_rate: Step size, above 0, or a schedule. The gradient is a mean over the batch.
        batch_size: Rows per update, at least 1; also the number of chains.
        epochs: Passes, at least 1.
        updates_per_epoch: Updates in an epoch; None means one pass over the data, a last
            incomplete batch left out.
        momentum: Share of the last step that is kept, in [0, 1), or a schedule.
        l1: Weight decay by the sign of the weights, at least 0. Biases do not decay.
        l2: Weight decay in proportion to the weights, at least 0.
        gradient: "plain", or "centred" (Melchior, Fischer & Wiskott 2016).
        order: "draw" takes rows independently with replacement, "shuffle" a new order each
            epoch, "sequential" the same rows in the same order each epoch.
        binarisation: How grey levels become bits, anew each epoch: "threshold" at one half,
            "bernoulli" draws, or "grey" to keep them.
        chain_method: "sampled" draws each of the k steps, "matrix" draws their outcome from the
            exact k-step matrix (same law), "auto" decides by the sizes and k.
        seed: Seed of every random stream of the run.

    Raises:
        ConfigError: If a setting is out of range; the message names it.
    """

    scheme: str = "cd"
    k: Schedule | float | str = 1
    learning_rate: Schedule | float | str = 0.1
    batch_size: int = 100
    epochs: int = 20
    updates_per_epoch: int | None = None
    momentum: Schedule | float | str = 0.0
    l1: float = 0.0
    l2: float = 0.0
    gradient: str = "plain"
    order: str = "shuffle"
    binarisation: str = "threshold"
    chain_method: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        """Validate every setting once."""
        _require_choice("scheme", self.scheme, SCHEMES)
        _require_choice("gradient", self.gradient, GRADIENTS)
        _require_choice("order", self.order, ORDERS)
        _require_choice("binarisation", self.binarisation, BINARISATIONS)
        _require_choice("chain_method", self.chain_method, CHAIN_METHODS)
        for name in ("k", "learning_rate", "momentum"):
            object.__setattr__(self, name, as_schedule(getattr(self, name), name))
        if not all(value >= 1 and value == int(value) for value in self.k_schedule.values):
            raise ConfigError(f"k is {self.k}; it must be a whole number of at least 1")
        if not all(value > 0 for value in self.learning_rate_schedule.values):
            raise ConfigError(f"learning_rate is {self.learning_rate}; it must be above 0")
        if not all(0 <= value < 1 for value in self.momentum_schedule.values):
            raise ConfigError(f"momentum is {self.momentum}; it must be at least 0 and below 1")
        _require_count("batch_size", self.batch_size)
        if self.batch_size > MAX_BATCH:
            raise ConfigError(f"batch_size is {self.batch_size}; it must be from 1 to {MAX_BATCH}")
        _require_count("epochs", self.epochs)
        if self.updates_per_epoch is not None:
            _require_count("updates_per_epoch", self.updates_per_epoch)
        for name in ("l1", "l2"):
            value = getattr(self, name)
            if not (isinstance(value, int | float) and math.isfinite(value) and value >= 0):
                raise ConfigError(f"{name} is {value!r}; it must be a number of at least 0")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise ConfigError(f"seed is {self.seed!r}; it must be a whole number")
        make_generator(self.seed)

    @property
    def k_schedule(self) -> Schedule:
        """The number of Gibbs steps as a schedule."""
        return as_schedule(self.k, "k")

    @property
    def learning_rate_schedule(self) -> Schedule:
        """The learning rate as a schedule."""
        return as_schedule(self.learning_rate, "learning_rate")

    @property
    def momentum_schedule(self) -> Schedule:
        """The momentum as a schedule."""
        return as_schedule(self.momentum, "momentum")

    def n_updates_per_epoch(self, n_train: int) -> int:
        """Updates in one epoch over n_train rows."""
        return self.updates_per_epoch or max(1, n_train // self.batch_size)

    def n_updates(self, n_train: int) -> int:
        """Updates in the whole run over n_train rows."""
        return self.epochs * self.n_updates_per_epoch(n_train)

    def uses_matrix(self, n_visible: int, n_hidden: int) -> bool:
        """Whether the k steps go through the exact transition matrix."""
        if self.chain_method != "auto":
            return self.chain_method == "matrix"
        return (
            n_visible <= MATRIX_MAX_VISIBLE
            and n_hidden <= MATRIX_MAX_HIDDEN
            and min(self.k_schedule.values) >= MATRIX_MIN_K
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainState:
    """All that the next update needs; a run continued from it equals one never interrupted.

    Attributes:
        rbm: The machine.
        velocity: Last step of each parameter (momentum).
        persistent_chains: Visible states of the chains, shape (..., n_chains, n_visible), or None
            when the scheme keeps none.
        offset_v: Centring offset of the visible units, shape (..., n_visible).
        offset_h: Centring offset of the hidden units, shape (..., n_hidden).
        generator_state: Bytes of the random stream, uint8.
        update: Gradient updates made so far.
        seconds: Time spent on them.
    """

    rbm: RBM
    velocity: RBM
    persistent_chains: Tensor | None
    offset_v: Tensor
    offset_h: Tensor
    generator_state: Tensor
    update: int
    seconds: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainRecord:
    """What happened since the last record. Means are over the updates in between.

    Attributes:
        update: Gradient updates made so far.
        epoch: The same in epochs.
        free_energy_data: Mean free energy of the batches in nats, shape of the replica axes.
        free_energy_model: The same of the chains after k steps.
        success_rate: Share of the chains that stood on a legal row after k steps, or None when
            the data are no truth table. It speaks of k-step repair, not of generation.
        learning_rate: Step size at the last update.
        k: Gibbs steps at the last update.
        seconds: Time spent on updates so far.
        done: Whether the run is complete.
    """

    update: int
    epoch: float
    free_energy_data: Tensor
    free_energy_model: Tensor
    success_rate: Tensor | None
    learning_rate: float
    k: int
    seconds: float
    done: bool

    @property
    def free_energy_gap(self) -> Tensor:
        """Mean F(data) minus mean F(model), the notebook's loss."""
        return self.free_energy_data - self.free_energy_model


@dataclass
class _Window:
    """Sums since the last record."""

    energies: list[Tensor] = field(default_factory=list)
    legal: list[Tensor] = field(default_factory=list)


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
    ) -> None:
        """Take up a run where a state left it.

        Args:
            dataset: The data; its training split is used.
            config: The settings.
            state: Where to begin; it is copied.
            record_every: Updates between records, besides the one at the end of each epoch; None
                means only that one.

        Raises:
            ConfigError: If the settings do not fit the data.
            ShapeError: If the machine does not fit the data.
        """
        self.dataset = dataset
        self.config = config
        if len(state.rbm.replica_shape) > 1:
            raise ShapeError(
                f"the machine has replica axes {state.rbm.replica_shape}; "
                "training takes at most one"
            )
        if state.rbm.n_visible != dataset.n_visible:
            raise ShapeError(
                f"the machine has {state.rbm.n_visible} visible units and {dataset.name!r} needs "
                f"{dataset.n_visible}"
            )
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
        self._has_momentum = any(config.momentum_schedule.values)
        self._stride = (
            1
            if matrix or config.batch_size * self._rbm.n_hidden <= SMALL_MACHINE
            else LARGE_MACHINE_STRIDE
        )
        if dataset.is_truth_table:
            legal = torch.zeros(2**dataset.n_visible)
            legal[state_index(dataset.train)] = 1.0
            self._kernel.set_legal(legal)
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
        window = _Window()
        n_threads = torch.get_num_threads()
        if self._device.type == "cpu":
            torch.set_num_threads(1)
        began = time.perf_counter()
        try:
            with torch.no_grad():
                for _ in range(min(n_updates, self.n_updates - self._update)):
                    self._step(window)
                    if observe is not None:
                        observe(self)
        finally:
            torch.set_num_threads(n_threads)
            self._seconds += time.perf_counter() - began
        return self._record(window)

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
            self._kernel.set_data(binarise(self.dataset.train, self.config.binarisation, stream))
        self._loaded_epoch = epoch

    def _next_rows(self) -> Tensor:
        n_batch = self.config.batch_size
        if self._order is None:
            shape = (*self._rbm.replica_shape, n_batch)
            return integers(len(self.dataset.train), shape, self._generator)
        first = (self._update % self.n_updates_per_epoch) * n_batch
        return self._order[first : first + n_batch]

    def _step(self, window: _Window) -> None:
        """One gradient update, in place."""
        self._load_epoch()
        config, kernel = self.config, self._kernel
        rows = self._next_rows()
        if config.scheme == "rdm":
            kernel.start_at_noise(self._generator)
        k = self._k_now()
        kernel.contrast(rows, k, self._generator, from_data=config.scheme == "cd")
        if self._update % self._stride == 0:
            window.energies.append(kernel.free_energies())
            if self.dataset.is_truth_table:
                window.legal.append(kernel.legal_share())
        if config.gradient == "centred":
            self._centre()
        self._apply()
        self._update += 1

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

    def _apply(self) -> None:
        """Weight decay, momentum and the step itself, in place."""
        config, gradient, rbm = self.config, self._kernel.gradient, self._rbm
        rate = self._at(config.learning_rate_schedule)
        if config.l2:
            gradient.weights.add_(rbm.weights, alpha=-config.l2)
        if config.l1:
            gradient.weights.add_(torch.sign(rbm.weights), alpha=-config.l1)
        if not self._has_momentum:
            for parameter, slope in zip(self._kernel.parameters, self._kernel.slopes, strict=True):
                parameter.add_(slope, alpha=rate)
            return
        keep = self._at(config.momentum_schedule)
        for parameter, slope, velocity in zip(
            rbm.parameters(), gradient.parameters(), self._velocity.parameters(), strict=True
        ):
            velocity.mul_(keep).add_(slope, alpha=rate)
            parameter.add_(velocity)

    def _at(self, schedule: Schedule) -> float:
        return schedule.at(self._update / self.n_updates_per_epoch)

    def _k_now(self) -> int:
        return max(1, round(self._at(self.config.k_schedule)))

    def _record(self, window: _Window) -> TrainRecord:
        shape, device = self._rbm.replica_shape, self._device

        def mean(values: list[Tensor], *axes: int) -> Tensor:
            nothing = torch.full((*shape, *axes), math.nan, device=device)
            return torch.stack(values).mean(0) if values else nothing

        energies = mean(window.energies, 2)
        return TrainRecord(
            update=self._update,
            epoch=self._update / self.n_updates_per_epoch,
            free_energy_data=energies[..., 0],
            free_energy_model=energies[..., 1],
            success_rate=mean(window.legal) if self.dataset.is_truth_table else None,
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
) -> TrainRun:
    """Train a machine on data.

    Args:
        dataset: The data; its training split is used.
        config: The settings.
        start: A fresh machine, or the state of a run to resume (same settings) or fork (others).
            It is copied, never changed.
        record_every: Updates between records, besides the one at the end of each epoch.

    Returns:
        An iterator of `TrainRecord`; its `state()` can be saved and resumed at any record.

    Raises:
        ConfigError: If the settings do not fit the data.
        ShapeError: If the machine does not fit the data.
    """
    state = start if isinstance(start, TrainState) else fresh_state(start, dataset, config)
    return TrainRun(dataset, config, state, record_every)


def fresh_state(rbm: RBM, dataset: Dataset, config: TrainConfig) -> TrainState:
    """Make the state of a run that has not begun.

    Args:
        rbm: The machine to begin with; its device is the run's.
        dataset: Gives the centring offsets their start: the pixel means, and one half.
        config: Gives the seed.
    """
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


def _require_enumerable(rbm: RBM, config: TrainConfig) -> None:
    largest = max(rbm.n_visible, rbm.n_hidden)
    if largest > MAX_CHAIN_UNITS or config.binarisation == "grey":
        raise ConfigError(
            f"chain_method is 'matrix' with {rbm.n_visible} visible and {rbm.n_hidden} hidden units "
            f"and binarisation {config.binarisation!r}; it takes at most {MAX_CHAIN_UNITS} of each "
            "and rows of bits, so use 'auto' or 'sampled'"
        )


def _require_choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError(f"{name} is {value!r}; allowed are {', '.join(allowed)}")


def _require_count(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigError(f"{name} is {value!r}; it must be a whole number of at least 1")


def _require_enough_rows(config: TrainConfig, n_train: int, n_updates: int) -> None:
    if config.order != "draw" and n_updates * config.batch_size > n_train:
        raise ConfigError(
            f"{n_updates} updates of {config.batch_size} rows need more than the {n_train} rows "
            "of an epoch; use a smaller batch, fewer updates_per_epoch, or order 'draw'"
        )
