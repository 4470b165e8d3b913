"""What a training run asks of a kernel: one contrastive gradient, into reused buffers.

Two kernels obey one law. `SampledKernel` walks the chains step by step; `MatrixKernel` draws the
state after k steps in one go from the k-th power of the exact transition matrix, at a cost that
hardly depends on k, for visible layers small enough to enumerate. Each owns the live
parameters of its run and its buffers, and changes nothing else.

Source of the gradient: Hinton (2012), section 3: probabilities for the hidden units in both
statistics, samples inside the chain.
"""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from rbm_core.generators import Generator
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM

__all__ = ["Kernel", "replaced"]


class Kernel(Protocol):
    """What a training run asks of either kernel.

    Attributes:
        rbm: The live machine, a copy of the one the kernel was made with.
        gradient: Data statistics minus model statistics of the last call, shaped as the parameters.
        parameters: Tensors that hold the machine's parameters, each once.
        slopes: Tensors that hold the gradient, shaped as `parameters`.
    """

    rbm: RBM
    gradient: Parameters
    parameters: tuple[Tensor, ...]
    slopes: tuple[Tensor, ...]

    def set_data(self, data: Tensor) -> None:
        """Take the rows that batches are drawn from, shape (n_samples, n_visible), or as bytes."""

    def set_legal(self, legal: Tensor) -> None:
        """Take which visible states are legal, shape (2**n_visible,), for `legal_share`."""

    def start_at_data(self, rows: Tensor) -> None:
        """Put persistent chains on rows of the data, shape (..., n_chains)."""

    def start_at_noise(self, generator: Generator) -> None:
        """Put the chains on fair coins; the generator is advanced in place."""

    def chains(self) -> Tensor:
        """Where the chains are: visible states, shape (..., n_chains, n_visible)."""

    def set_chains(self, v: Tensor) -> None:
        """Put the chains on visible states, shape (..., n_chains, n_visible)."""

    def contrast(self, rows: Tensor, k: int, generator: Generator, *, from_data: bool) -> None:
        """Compute the gradient for a batch; the generator is advanced in place.

        Args:
            rows: Numbers of the data rows in the batch, shape (..., n_batch) or (n_batch,).
            k: Gibbs steps.
            generator: Advanced in place.
            from_data: Start the chains at the batch instead of where they are.
        """

    def data_means(self) -> tuple[Tensor, Tensor]:
        """Mean visible state and mean hidden probability of the last batch, (..., n_units)."""

    def free_energies(self) -> Tensor:
        """Mean free energy of the last batch and of the chains after k steps, shape (..., 2)."""

    def legal_share(self) -> Tensor:
        """Share of the chains that stand on a legal row after k steps, shape (...)."""


def replaced(held: Tensor, new: Tensor) -> Tensor:
    """Write new data over data of the same shape, where captured work looks for them.

    Args:
        held: What is held so far.
        new: What takes its place.
    """
    return held.copy_(new) if held.shape == new.shape else new
