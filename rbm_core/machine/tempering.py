"""Parallel tempering: chains at several temperatures that trade places.

A ladder is an ensemble along the first axis: machine 0 is the hottest, the last one is the machine
itself. Chains cross between modes where it is hot and carry what they found down the ladder.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError
from rbm_core.generators import Generator, uniform
from rbm_core.machine.gibbs import gibbs_step, noise
from rbm_core.machine.independent import base_machine
from rbm_core.machine.rbm import RBM

__all__ = [
    "TemperedInfo",
    "TemperedState",
    "start_tempering",
    "swap_neighbours",
    "tempered_ladder",
    "tempered_samples",
    "tempered_step",
]


@dataclass(frozen=True, eq=False)
class TemperedState:
    """What the next tempered step needs.

    Attributes:
        v: Visible states, shape (n_temperatures, ..., n_chains, n_visible); the last entry of the
            first axis holds the samples of the machine itself.
        n_steps: Steps made so far; even steps try the pairs (0, 1), (2, 3), …, odd ones the rest.
    """

    v: Tensor
    n_steps: int = 0


@dataclass(frozen=True, eq=False)
class TemperedInfo:
    """What a tempered step did, diagnostics only.

    Attributes:
        swap_rate: Share of the chains that traded places, for each pair of neighbours,
            shape (n_temperatures - 1, ...); NaN for the pairs this step did not try.
        swapped: Which chains did, shape (n_temperatures - 1, ..., n_chains).
    """

    swap_rate: Tensor
    swapped: Tensor


def tempered_ladder(rbm: RBM, betas: Tensor, base: RBM | None = None) -> RBM:
    """Make the ensemble of machines that tempered chains live on.

    Machine t has the parameters (1 - β_t) base + β_t rbm.

    Args:
        rbm: The machine.
        betas: Inverse temperatures rising to 1, at least 2 of them, shape (n_temperatures,).
        base: A machine without weights to heat towards; None means fair coins. The mean of the
            data (`base_machine`) keeps hot chains closer to it and the swaps more frequent.

    Returns:
        An ensemble with the temperatures as first axis.

    Raises:
        ConfigError: If betas do not rise within [0, 1] to 1.
    """
    beta = betas.to(rbm.weights)
    rising = beta.ndim == 1 and len(beta) > 1 and bool((beta.diff() > 0).all())
    if not rising or float(beta[0]) < 0 or float(beta[-1]) != 1:
        raise ConfigError(
            f"betas {betas.tolist()} must be at least 2 values rising within [0, 1] to 1"
        )
    base = base_machine(rbm) if base is None else base
    return RBM(
        *(
            torch.stack([(1 - b) * cold + b * hot for b in beta])
            for cold, hot in zip(base.parameters(), rbm.parameters(), strict=True)
        )
    )


def start_tempering(ladder: RBM, n_chains: int, generator: Generator) -> TemperedState:
    """Start every chain of a ladder from fair coins.

    Args:
        ladder: What `tempered_ladder` made.
        n_chains: Chains per temperature.
        generator: Advanced in place.
    """
    return TemperedState(noise(ladder, n_chains, generator))


def tempered_step(
    ladder: RBM, state: TemperedState, generator: Generator
) -> tuple[TemperedState, TemperedInfo]:
    """One Gibbs step at every temperature, then swaps between neighbours.

    It leaves the product of the laws of all temperatures unchanged.

    Args:
        ladder: What `tempered_ladder` made.
        state: Where the chains are.
        generator: Advanced in place.

    Raises:
        ShapeError: If the states do not fit the ladder.

    Source: Desjardins et al. (2010), Tempered Markov Chain Monte Carlo for Training of RBMs.
    """
    if tuple(state.v.shape[:-2]) != ladder.replica_shape:
        raise ShapeError(
            f"states {tuple(state.v.shape)} do not fit a ladder of {ladder.replica_shape}; "
            "they must be (n_temperatures, ..., n_chains, n_visible)"
        )
    v, _info = gibbs_step(ladder, state.v, generator)
    v, info = swap_neighbours(ladder, v, state.n_steps % min(2, len(v) - 1), generator)
    return TemperedState(v, state.n_steps + 1), info


def swap_neighbours(
    ladder: RBM, v: Tensor, first: int, generator: Generator
) -> tuple[Tensor, TemperedInfo]:
    """Let the pairs (first, first + 1), (first + 2, first + 3), … trade places.

    A swap is accepted with probability min(1, exp(F_a(v_a) + F_b(v_b) - F_a(v_b) - F_b(v_a))): the
    hidden units are summed out, so more swaps pass than with joint energies.

    Args:
        ladder: What `tempered_ladder` made.
        v: Visible states, shape (n_temperatures, ..., n_chains, n_visible).
        first: Lower member of the first pair, 0 or 1.
        generator: Advanced in place.

    Returns:
        The new states and the share of swaps.
    """
    stop = len(v) - 1
    hot, cold = slice(first, stop, 2), slice(first + 1, stop + 1, 2)
    machine_a, machine_b = (RBM(*(p[pair] for p in ladder.parameters())) for pair in (hot, cold))
    v_a, v_b = v[hot], v[cold]
    gain = machine_a.free_energy(v_a) + machine_b.free_energy(v_b)
    gain = gain - machine_a.free_energy(v_b) - machine_b.free_energy(v_a)  # (n_pairs, ..., n)
    info = decide_swaps(gain, first, stop, generator)
    return trade(v, info.swapped), info


def decide_swaps(gain: Tensor, first: int, n_pairs: int, generator: Generator) -> TemperedInfo:
    """Accept each swap with probability min(1, e^gain).

    Args:
        gain: Of the pairs first, first + 2, … of all neighbours, shape (n_tried, ..., n_chains).
        first: 0 or 1.
        n_pairs: Number of pairs of neighbours, tried or not.
        generator: Advanced in place.
    """
    accepted = torch.log(uniform(gain.shape, generator, gain)) < gain
    swapped = accepted.new_zeros((n_pairs, *gain.shape[1:]))
    swapped[first::2] = accepted
    rate = gain.new_full((n_pairs, *gain.shape[1:-1]), torch.nan)
    rate[first::2] = accepted.to(gain.dtype).mean(-1)
    return TemperedInfo(rate, swapped)


def trade(places: Tensor, swapped: Tensor) -> Tensor:
    """Exchange what stands at neighbouring places; no place trades with both of its neighbours.

    Args:
        places: What moves, shape (n_pairs + 1, ..., n_chains) with or without a last axis of units.
        swapped: Shape (n_pairs, ..., n_chains).
    """
    moves = swapped if places.ndim == swapped.ndim else swapped.unsqueeze(-1)
    after = places.clone()
    after[:-1] = torch.where(moves, places[1:], places[:-1])
    after[1:] = torch.where(moves, places[:-1], after[1:])
    return after


def tempered_samples(
    rbm: RBM,
    n_chains: int,
    n_steps: int,
    generator: Generator,
    *,
    n_temperatures: int = 10,
    data: Tensor | None = None,
    base: RBM | None = None,
) -> tuple[Tensor, Tensor]:
    """Draw fantasies by parallel tempering, β evenly spaced from 0 to 1; chains start as coins.

    Args:
        rbm: The machine.
        n_chains: Chains per temperature, and fantasies drawn.
        n_steps: Tempered steps, at least 2 so that every pair is tried.
        generator: Advanced in place.
        n_temperatures: Temperatures, at least 2.
        data: Rows whose means make the base that chains are heated towards, shape
            (n_samples, n_visible). On 8×8 digits the first swap then passes 54 times in a hundred,
            from fair coins 9 times.
        base: Another base, see `tempered_ladder`; without it and data, fair coins.

    Returns:
        Visible states of the machine itself, shape (..., n_chains, n_visible), and the mean swap
        rate of each pair of neighbours, shape (n_temperatures - 1, ...). A rate near zero cuts
        the ladder in two: then the chains below it mix no better than plain Gibbs chains.

    Raises:
        ConfigError: If there are too few steps or temperatures, or both data and a base.
        ShapeError: If the rows do not fit the machine.
    """
    if n_steps < 2:
        raise ConfigError(f"n_steps is {n_steps}; it must be at least 2, to try every pair")
    if n_temperatures < 2:
        raise ConfigError(f"n_temperatures is {n_temperatures}; it must be at least 2")
    if data is not None and base is not None:
        raise ConfigError("data and base are both given; give the one that chains shall heat to")
    base = base_machine(rbm, data) if base is None else base
    ladder = tempered_ladder(rbm, torch.linspace(0, 1, n_temperatures), base)
    state = start_tempering(ladder, n_chains, generator)
    rates = []
    for _ in range(n_steps):
        state, info = tempered_step(ladder, state, generator)
        rates.append(info.swap_rate)
    return state.v[-1], torch.stack(rates).nanmean(0)
