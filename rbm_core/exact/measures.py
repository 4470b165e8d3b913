"""Exact measures of a machine against the data it should know."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.exact.chain import relaxation_time
from rbm_core.exact.enumeration import (
    free_energies,
    in_double_precision,
    log_partition,
    visible_distribution,
    with_replicas,
)
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS, MAX_LAYER_UNITS

__all__ = ["Measures", "measure", "valid_mass"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Measures:
    """Exact numbers, each None where enumeration is out of reach or has no meaning.

    Attributes:
        log_likelihood: Mean log p(v) of the training rows, nats per sample.
        valid_mass: Probability of the legal rows (enumerable data only).
        relaxation_time: τ of the visible Gibbs chain, Gibbs steps.
        distribution: p(v) of every state in counting order, shape (..., 2**n_visible).
    """

    log_likelihood: Tensor | None
    valid_mass: Tensor | None
    relaxation_time: Tensor | None
    distribution: Tensor | None


def valid_mass(rbm: RBM, dataset: Dataset) -> Tensor:
    """Probability that the machine at equilibrium shows a legal row, exact.

    Args:
        rbm: The machine, at most 20 visible units.
        dataset: Its training rows are the legal ones.

    Returns:
        Probability, shape of the replica axes.

    Raises:
        SizeError: If there are too many visible units.
    """
    return _mass_of_rows(visible_distribution(rbm), dataset)


def _mass_of_rows(law: Tensor, dataset: Dataset) -> Tensor:
    return law[..., dataset.row_states.to(law.device)].sum(-1)


def measure(rbm: RBM, dataset: Dataset) -> Measures:
    """Take every exact measure that the sizes allow.

    Args:
        rbm: The machine.
        dataset: The data it was trained on.
    """
    if not dataset.enumerable or rbm.n_visible > MAX_CHAIN_UNITS:
        return Measures(
            log_likelihood=None, valid_mass=None, relaxation_time=None, distribution=None
        )
    # A film takes these hundreds of times: the sum over all states is done once for all of them.
    rbm = in_double_precision(rbm)
    free = free_energies(rbm)
    law = torch.softmax(-free, -1)
    visible_is_smaller = rbm.n_visible <= rbm.n_hidden
    log_z = torch.logsumexp(-free, -1) if visible_is_smaller else log_partition(rbm)
    of_rows = rbm.free_energy(with_replicas(dataset.train.to(rbm.weights), rbm)).mean(-1)
    return Measures(
        log_likelihood=-of_rows - log_z,
        valid_mass=_mass_of_rows(law, dataset),
        relaxation_time=relaxation_time(rbm, free) if rbm.n_hidden <= MAX_LAYER_UNITS else None,
        distribution=law,
    )
