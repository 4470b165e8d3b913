"""Exact measures of a machine against the data it should know."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.exact.chain import relaxation_time
from rbm_core.exact.enumeration import log_likelihood, visible_distribution
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS, MAX_LAYER_UNITS, state_index

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
    legal = torch.unique(state_index(dataset.train))
    return visible_distribution(rbm)[..., legal.to(rbm.weights.device)].sum(-1)


def measure(rbm: RBM, dataset: Dataset) -> Measures:
    """Take every exact measure that the sizes allow.

    Args:
        rbm: The machine.
        dataset: The data it was trained on.
    """
    small = dataset.enumerable and rbm.n_visible <= MAX_CHAIN_UNITS
    summable = min(rbm.n_visible, rbm.n_hidden) <= MAX_LAYER_UNITS
    chain = small and rbm.n_hidden <= MAX_LAYER_UNITS
    return Measures(
        log_likelihood=log_likelihood(rbm, dataset.train) if small and summable else None,
        valid_mass=valid_mass(rbm, dataset) if small else None,
        relaxation_time=relaxation_time(rbm) if chain else None,
        distribution=visible_distribution(rbm) if small else None,
    )
