"""What a training run asks of whatever makes its updates, and the way that torch makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import ConfigError
from rbm_core.generators import Generator, generator_state, integers, restore_generator
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS
from rbm_core.training.batches import Batches
from rbm_core.training.captured import CapturedUpdates
from rbm_core.training.config import TrainConfig
from rbm_core.training.kernels.kernel import Kernel
from rbm_core.training.kernels.matrix import MatrixKernel
from rbm_core.training.kernels.sampled import SampledKernel
from rbm_core.training.state import TrainState
from rbm_core.training.step import Step
from rbm_core.training.timetable import Timetable

__all__ = ["Means", "TorchUpdates", "Updates"]

# Free energies of large machines are averaged over every fifth update: they cost a tenth of one.
# Not so where every epoch reads the same rows in the same order: a stride would look at the same
# fifth of them each time, and the notebook's losses come out up to 13 % off.
SMALL_MACHINE = 4096
LARGE_MACHINE_STRIDE = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class Means:
    """Means over some updates; NaN where none was measured.

    Attributes:
        free_energies: Of the batches and of the chains after k steps, shape (..., 2).
        legal_share: Share of the chains on legal rows, shape (...).
    """

    free_energies: Tensor
    legal_share: Tensor


class Updates(Protocol):
    """Makes the updates of one run.

    Attributes:
        update: Updates made so far.
    """

    update: int

    def advance(self, n_updates: int) -> None:
        """Make some updates."""

    def take_means(self) -> Means:
        """Means over the updates since the last call."""

    def rbm(self) -> RBM:
        """A copy of the machine as it is now."""

    def state(self, seconds: float) -> TrainState:
        """Copy all that the next update needs; the seconds were spent so far."""


class TorchUpdates:
    """Updates as torch operations, on any device, one at a time."""

    def __init__(
        self, dataset: Dataset, config: TrainConfig, state: TrainState, rate_factors: Tensor | None
    ) -> None:
        """Take up a run where a state left it; the arguments are those of a `TrainRun`.

        Raises:
            ConfigError: If the settings do not fit the data.
        """
        self.update = state.update
        self._config, self._is_table = config, dataset.is_truth_table
        device = state.rbm.weights.device
        self._generator: Generator = restore_generator(state.generator_state, device=device)
        self._batches = Batches(dataset, config, device)
        self._timetable = Timetable(config, self._batches.n_updates_per_epoch)
        self._kernel = _kernel(state.rbm, config)
        self._step = Step(self._kernel, config, state, rate_factors)
        self._stride = _stride(state.rbm, config)
        # Sums since the last record; single precision where the device has no other (MPS).
        precise = torch.float32 if device.type == "mps" else torch.float64
        shape = state.rbm.replica_shape
        self._energies = torch.zeros(*shape, 2, dtype=precise, device=device)
        self._legal = torch.zeros(shape, dtype=precise, device=device)
        self._n_measured = 0
        generator = self._generator
        self._captured = (
            CapturedUpdates(generator)
            if device.type == "cuda" and isinstance(generator, torch.Generator)
            else None
        )
        self._inputs: tuple[Tensor, Tensor, Tensor] | None = None
        if self._is_table:
            self._kernel.set_legal(dataset.legal_states())
        self._start_chains(state)

    def advance(self, n_updates: int) -> None:
        """Make some updates; on the CPU by one thread, so that cores change no number."""
        n_threads = torch.get_num_threads()
        if self._kernel.rbm.weights.device.type == "cpu":
            torch.set_num_threads(1)
        try:
            with torch.no_grad():
                for _ in range(n_updates):
                    self._one()
        finally:
            torch.set_num_threads(n_threads)

    def take_means(self) -> Means:
        """Means over the updates since the last call."""
        n = self._n_measured or float("nan")
        means = Means(free_energies=self._energies / n, legal_share=self._legal / n)
        self._energies.zero_()
        self._legal.zero_()
        self._n_measured = 0
        return means

    def rbm(self) -> RBM:
        """A copy of the machine as it is now."""
        return self._kernel.rbm.clone()

    def state(self, seconds: float) -> TrainState:
        """Copy all that the next update needs."""
        pcd = self._config.scheme == "pcd"
        return TrainState(
            rbm=self.rbm(),
            velocity=self._step.velocity.clone(),
            persistent_chains=self._kernel.chains().clone() if pcd else None,
            offset_v=self._step.offset_v.clone(),
            offset_h=self._step.offset_h.clone(),
            generator_state=generator_state(self._generator),
            update=self.update,
            seconds=seconds,
        )

    def _start_chains(self, state: TrainState) -> None:
        """Put persistent chains where the state has them, else on the first rows drawn."""
        if self._config.scheme != "pcd":
            return
        self._load_epoch()
        shape = (*state.rbm.replica_shape, self._config.batch_size)
        chains = state.persistent_chains
        if chains is not None and tuple(chains.shape[:-1]) == shape:
            self._kernel.set_chains(chains)
        else:
            self._kernel.start_at_data(integers(self._batches.n_rows, shape, self._generator))

    def _load_epoch(self) -> None:
        data = self._batches.load(self.update)
        if data is not None:
            self._kernel.set_data(data)

    def _one(self) -> None:
        """One gradient update, in place."""
        self._load_epoch()
        k, measured = self._timetable.k(self.update), self.update % self._stride == 0
        lead = self._kernel.rbm.replica_shape
        rows = self._batches.rows(self.update, lead, self._generator)
        rate, keep = self._timetable.rate(self.update), self._timetable.keep(self.update)
        if self._captured is None:
            self._contrast_and_apply(rows, rate, keep, k, measured)
        else:
            inputs = self._stay(rows, rate, keep)
            self._captured.run(
                (k, measured), lambda: self._contrast_and_apply(*inputs, k, measured)
            )
        self._n_measured += measured
        self.update += 1

    def _stay(self, rows: Tensor, rate: float, keep: float) -> tuple[Tensor, Tensor, Tensor]:
        """Write an update's inputs into the tensors that captured work reads."""
        if self._inputs is None:
            scalars = self._kernel.rbm.weights.new_tensor([rate, keep])
            self._inputs = (rows.clone(), scalars[0], scalars[1])
        self._inputs[0].copy_(rows)
        self._inputs[1].fill_(rate)
        self._inputs[2].fill_(keep)
        return self._inputs

    def _contrast_and_apply(
        self, rows: Tensor, rate: float | Tensor, keep: float | Tensor, k: int, measured: bool
    ) -> None:
        """The work of one update on the device, with nothing that waits for it."""
        kernel, scheme = self._kernel, self._config.scheme
        if scheme == "rdm":
            kernel.start_at_noise(self._generator)
        kernel.contrast(rows, k, self._generator, from_data=scheme == "cd")
        if measured:
            self._energies.add_(kernel.free_energies())
            if self._is_table:
                self._legal.add_(kernel.legal_share())
        self._step.apply(rate, keep)


def _kernel(rbm: RBM, config: TrainConfig) -> Kernel:
    """The kernel that a run's sizes and settings ask for."""
    if not config.uses_matrix(rbm.n_visible, rbm.n_hidden):
        return _sampling_kernel(rbm, config)
    if max(rbm.n_visible, rbm.n_hidden) > MAX_CHAIN_UNITS or config.binarisation == "grey":
        raise ConfigError(
            f"chain_method is 'matrix' with {rbm.n_visible} visible, {rbm.n_hidden} hidden units "
            f"and binarisation {config.binarisation!r}; it takes at most {MAX_CHAIN_UNITS} of each "
            "and rows of bits, so use 'auto' or 'sampled'"
        )
    return MatrixKernel(rbm, config.batch_size)


def _sampling_kernel(rbm: RBM, config: TrainConfig) -> Kernel:
    """Packed bits where the layers are bits of one machine on the CPU, else torch operations."""
    weights = rbm.weights
    if (
        config.binarisation == "grey"
        or rbm.replica_shape
        or weights.dtype != torch.float32
        or weights.device.type != "cpu"
    ):
        return SampledKernel(rbm, config.batch_size)
    # Loading compiled code takes a second, which whoever trains nothing need not pay.
    from rbm_core.training.kernels.packed import PackedKernel

    return PackedKernel(rbm, config.batch_size)


def _stride(rbm: RBM, config: TrainConfig) -> int:
    """Updates from one that is measured to the next."""
    small = (
        config.uses_matrix(rbm.n_visible, rbm.n_hidden)
        or config.order == "sequential"
        or config.batch_size * rbm.n_hidden <= SMALL_MACHINE
    )
    return 1 if small else LARGE_MACHINE_STRIDE
