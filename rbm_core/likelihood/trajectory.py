"""The film of a training run as a ladder: which of its machines, and in between which more."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError, require_whole
from rbm_core.generators import Generator
from rbm_core.likelihood.ladder import LadderState, ladder_round, start_ladder, works
from rbm_core.machine.independent import base_machine
from rbm_core.machine.rbm import RBM

__all__ = [
    "PilotConfig",
    "PilotRecord",
    "TrajectoryLadder",
    "pilot_records",
    "trajectory_ladder",
]

# Rounds at which the pilot's states are kept, in its second half.
N_KEPT = 10
# Each pass halves every link that is too weak, so four make up to fifteen machines of a gap.
MAX_PASSES = 4


@dataclass(frozen=True, eq=False, kw_only=True)
class TrajectoryLadder:
    """Machines of a film between which chains trade places often enough.

    Attributes:
        film: The film, replicas along one axis.
        rungs: The machines chosen, replicas along one axis; the first has no weights.
        positions: Where each rung stands in the film, rising, shape (n_rungs,), float64: a whole
            number is that frame, -1 the independent machine, a fraction one made between frames.
        swap_rate: Rate that the pilot expects of each pair of neighbours, shape (n_rungs - 1,),
            float64; below the target where even the midpoints were too few.
        state: Where the pilot left the columns of these rungs; begin there, and what is left of the
            warm-up is all that it takes.
    """

    film: RBM
    rungs: RBM
    positions: Tensor
    swap_rate: Tensor
    state: LadderState


@dataclass(frozen=True, kw_only=True)
class PilotConfig:
    """How rungs are chosen.

    Attributes:
        target: Least rate wanted of neighbours, above 0 and below 1. From 0.3 to 0.6 a ladder costs
            the same per independent state; more rungs renew more slowly.
        every_frame: Whether to keep all frames as rungs, for equilibrium states of every age.
        n_columns: Columns of the pilot.
        n_rounds: Rounds of each pass of the pilot, at least 20.

    Raises:
        ConfigError: If a setting is out of range.
    """

    target: float = 0.3
    every_frame: bool = False
    n_columns: int = 60
    n_rounds: int = 800

    def __post_init__(self) -> None:
        """Validate."""
        if not 0 < self.target < 1:
            raise ConfigError(f"target is {self.target}; it must be above 0 and below 1")
        require_whole("n_columns", self.n_columns)
        require_whole("n_rounds", self.n_rounds, least=2 * N_KEPT)


@dataclass(frozen=True, eq=False, kw_only=True)
class PilotRecord:
    """How far the choice of a ladder has come.

    Attributes:
        n_rounds: Rounds of the pilot so far.
        n_rungs: Machines in it: independent one, film, and midpoints put in so far.
        ladder: The ladder, in the last record; None before.
    """

    n_rounds: int
    n_rungs: int
    ladder: TrajectoryLadder | None


DEFAULT_PILOT = PilotConfig()


def trajectory_ladder(
    film: RBM,
    generator: Generator,
    *,
    base: RBM | None = None,
    config: PilotConfig = DEFAULT_PILOT,
) -> TrajectoryLadder:
    """Choose the rungs of a ladder among the frames of a film, by swap rates that a pilot measures.

    The pilot runs the whole film as a ladder. From its states the rate of *any* pair of machines
    is known, mean min(1, e^(w_b - w_a)) over pairs of states of both with w = F_b - F_a; from each
    rung the next one is the last frame before the rate first drops below the target. Where two
    neighbouring frames are too far apart, machines half-way between their parameters are put in and
    the pilot goes on.

    Args:
        film: Machines of one run by age, replicas along one axis.
        generator: Advanced in place.
        base: A machine without weights that becomes rung 0, from `base_machine`, with the means of
            the data where they are at hand; None means fair coins.
        config: How rungs are chosen.

    Returns:
        The ladder; its last rung is the last frame.

    Raises:
        ShapeError: If the film has no single axis of machines.
        ConfigError: If the base has weights.

    Source: Béreux et al. (2025); adabmDCA keeps a checkpoint by the same rule.
    """
    *_, last = pilot_records(film, generator, base=base, config=config)
    assert last.ladder is not None  # noqa: S101  (the last record has one)
    return last.ladder


def pilot_records(
    film: RBM,
    generator: Generator,
    *,
    base: RBM | None = None,
    config: PilotConfig = DEFAULT_PILOT,
) -> Iterator[PilotRecord]:
    """Choose a ladder as `trajectory_ladder` does, with progress; to cancel, stop drawing.

    Args:
        film: As in `trajectory_ladder`, and so are the rest.
        generator: Advanced in place as the iterator is drawn from.
        base: A machine without weights, or None for fair coins.
        config: How rungs are chosen.

    Yields:
        A record after each twentieth of a pass; the last one has the ladder.

    Raises:
        ShapeError: If the film has no single axis of machines.
        ConfigError: If the base has weights.
    """
    if len(film.replica_shape) != 1:
        raise ShapeError(f"film has replica axes {film.replica_shape}; it must have one, the ages")
    first = base_machine(film.replica(0)) if base is None else base
    rungs = RBM(
        *(
            torch.cat([b[None], f])
            for b, f in zip(first.parameters(), film.parameters(), strict=True)
        )
    )
    positions = torch.arange(-1, len(film.weights), dtype=torch.float64)
    state = start_ladder(rungs, config.n_columns, generator)
    for number in range(MAX_PASSES):
        kept = []
        for part in range(2 * N_KEPT):
            for _ in range(config.n_rounds // (2 * N_KEPT)):
                state, _info = ladder_round(rungs, state, generator)
            if part >= N_KEPT:
                kept.append(state.v)
            yield PilotRecord(n_rounds=state.n_rounds, n_rungs=len(positions), ladder=None)
        states = torch.stack(kept, 1)
        weak = _rates(rungs, states) < config.target
        if number == MAX_PASSES - 1 or not bool(weak.any()):
            break
        rungs, positions, state = _with_midpoints(rungs, positions, state, weak)
    chosen, rates = _walk(rungs, states, math.inf if config.every_frame else config.target)
    ladder = TrajectoryLadder(
        film=film,
        rungs=RBM(*(p[chosen] for p in rungs.parameters())),
        positions=positions[chosen],
        swap_rate=rates,
        state=LadderState(v=state.v[chosen], born=state.born[chosen], n_rounds=state.n_rounds),
    )
    yield PilotRecord(n_rounds=state.n_rounds, n_rungs=len(positions), ladder=ladder)


def _with_midpoints(
    rungs: RBM, positions: Tensor, state: LadderState, weak: Tensor
) -> tuple[RBM, Tensor, LadderState]:
    """Put a machine into each weak link; its chains begin as those of the rung above."""
    (low,) = torch.nonzero(weak, as_tuple=True)
    places = torch.cat([positions, (positions[low] + positions[low + 1]) / 2])
    order = places.argsort()
    source = torch.cat([torch.arange(len(positions)), low + 1])[order]
    made = (torch.cat([p, (p[low] + p[low + 1]) / 2])[order] for p in rungs.parameters())
    after = LadderState(v=state.v[source], born=state.born[source], n_rounds=state.n_rounds)
    return RBM(*made), places[order], after


def _rates(rungs: RBM, states: Tensor) -> Tensor:
    """Expected swap rate of each pair of neighbours, shape (n_rungs - 1,).

    Args:
        rungs: The machines.
        states: Of the pilot, shape (n_rungs, n_kept, n_columns, n_visible).
    """
    at_low, at_high = works(rungs, states.flatten(1, 2))
    return _accepted(at_low, at_high, states.shape[2])


def _rates_from(rungs: RBM, states: Tensor, rung: int) -> Tensor:
    """Expected swap rate of a rung with each one above it, shape (n_rungs - 1 - rung,)."""
    v = states.flatten(1, 2)
    above = RBM(*(p[rung + 1 :] for p in rungs.parameters()))
    this = rungs.replica(rung)
    here = v[rung].expand(len(above.weights), *v.shape[1:])
    at_low = above.free_energy(here) - this.free_energy(v[rung])
    at_high = above.free_energy(v[rung + 1 :]) - this.free_energy(v[rung + 1 :])
    return _accepted(at_low.double(), at_high.double(), states.shape[2])


def _accepted(at_low: Tensor, at_high: Tensor, n_columns: int) -> Tensor:
    """Mean acceptance over pairs of states from different columns, which are independent."""
    low, high = (w.unflatten(-1, (-1, n_columns)) for w in (at_low, at_high))
    gain = high.roll(1, -1) - low
    rate: Tensor = gain.clamp_max(0.0).exp().mean((-2, -1))
    return rate


def _walk(rungs: RBM, states: Tensor, target: float) -> tuple[list[int], Tensor]:
    """Walk from each rung as far as the rate allows, at least to the next one.

    With infinity as target every machine is kept.

    Returns:
        The rungs walked to, and the rates of their links, shape (n_chosen - 1,).
    """
    chosen, rates = [0], []
    while chosen[-1] < len(rungs.weights) - 1:
        reach = _rates_from(rungs, states, chosen[-1])
        below = torch.nonzero(reach < target)
        ahead = int(below[0]) if len(below) else len(reach)
        step = max(ahead, 1)
        rates.append(float(reach[step - 1]))
        chosen.append(chosen[-1] + step)
    return chosen, torch.tensor(rates, dtype=torch.float64)
