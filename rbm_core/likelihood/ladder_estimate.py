"""log Z of every rung of a ladder with its error, as records that can be watched and stopped."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.errors import require_whole
from rbm_core.generators import Generator
from rbm_core.likelihood.bennett import bennett, bennett_without_each_column
from rbm_core.likelihood.frames import FramesBetween
from rbm_core.likelihood.ladder import LadderInfo, LadderState, ladder_round, start_ladder
from rbm_core.likelihood.trajectory import TrajectoryLadder
from rbm_core.machine.rbm import RBM

__all__ = ["LadderEstimate", "LadderSchedule", "film_estimate", "ladder_estimate"]

# Warm-up ends when the states left over from the start, on all rungs together, are this share of
# one rung's columns.
LEFT_OVER = 0.01


@dataclass(frozen=True, kw_only=True)
class LadderSchedule:
    """How long a ladder runs.

    Attributes:
        n_rounds: Rounds after the warm-up, at least `measure_every`.
        measure_every: Rounds between measured ones, whose works give log Z. Neighbouring rounds
            say nearly the same.
        record_every: Rounds between records.
        max_warm_up: Rounds of warm-up after which the ladder counts as cut in two.
        keep_states: Whether to keep the states of all measured rounds.

    Raises:
        ConfigError: If a number is out of range.
    """

    n_rounds: int = 3000
    measure_every: int = 10
    record_every: int = 100
    max_warm_up: int = 20_000
    keep_states: bool = False

    def __post_init__(self) -> None:
        """Validate every number once."""
        require_whole("measure_every", self.measure_every)
        require_whole("record_every", self.record_every)
        require_whole("max_warm_up", self.max_warm_up)
        require_whole("n_rounds", self.n_rounds, least=self.measure_every)


@dataclass(frozen=True, eq=False, kw_only=True)
class LadderEstimate:
    """What a ladder knows so far.

    Attributes:
        log_partition: log Z of each rung, nats, shape (n_rungs,), float64; NaN before renewal.
        std_error: Its standard error by the jackknife over columns, same shape; 0 at rung 0, whose
            log Z is exact.
        film_log_partition: log Z of each frame of the film, shape (n_frames,), by `film_estimate`;
            None without a film, and before renewal.
        film_std_error: Its standard error, same shape.
        swap_rate: Mean share of swaps of each pair of neighbours, shape (n_rungs - 1,), float64:
            of the warm-up while that lasts, then of the rounds since.
        renewal: Share of the states at each rung that came from rung 0 since the start,
            shape (n_rungs,).
        n_rounds: Rounds made in this call, warm-up included.
        n_warm_up: Rounds of them that were warm-up.
        state: Where the columns are; once log Z is quoted, at equilibrium at each rung.
        samples: Equilibrium states of each rung from all measured rounds so far, if the schedule
            keeps them, shape (n_rungs, n_measured · n_columns, n_visible); else None.
        done: Whether this is the last record.
        reason: Why log Z is NaN; empty when it is not.
    """

    log_partition: Tensor
    std_error: Tensor
    film_log_partition: Tensor | None
    film_std_error: Tensor | None
    swap_rate: Tensor
    renewal: Tensor
    n_rounds: int
    n_warm_up: int
    state: LadderState
    samples: Tensor | None
    done: bool
    reason: str


def ladder_estimate(
    rungs: RBM,
    generator: Generator,
    *,
    schedule: LadderSchedule | None = None,
    n_columns: int = 100,
    start: LadderState | None = None,
) -> Iterator[LadderEstimate]:
    """Estimate log Z of every rung of a ladder, and draw equilibrium states of every rung.

    Warm-up rounds come first, until hardly any state is left that has not come from rung 0. Then
    log Z_t = log Z_0 + Σ Δ, with Δ of each pair of neighbours by `bennett`.

    Args:
        rungs: The machines, the first without weights.
        generator: Advanced in place as the iterator is drawn from.
        schedule: Rounds; None means the defaults.
        n_columns: Independent copies of the ladder, at least 2; `start` brings its own.
        start: Where a ladder left off; it keeps its births and so needs no second warm-up.

    Yields:
        Records; to cancel, stop drawing. The last one is `done`.

    Raises:
        ConfigError: If the first rung has weights or there are too few columns.
        ShapeError: If rungs or start do not fit.

    Bias: Far below the standard error once warm-up has ended. Before it an estimate would be wrong
        by more than it says, so none is given. A mode that no chain has met stays unseen.

    Source: Béreux, Decelle, Furtlehner & Seoane (2026), Equilibrium training of EBMs with parallel
        trajectory tempering, arXiv 2607.27077; Bennett (1976).
    """
    state = start_ladder(rungs, n_columns, generator) if start is None else start
    yield from _records(rungs, state, generator, schedule or LadderSchedule(), None)


def film_estimate(
    ladder: TrajectoryLadder,
    generator: Generator,
    *,
    schedule: LadderSchedule | None = None,
    n_columns: int = 100,
    start: LadderState | None = None,
) -> Iterator[LadderEstimate]:
    """As `ladder_estimate`, with log Z of every frame of the film, kept as a rung or stepped over.

    Args:
        ladder: From `trajectory_ladder`.
        generator: Advanced in place as the iterator is drawn from.
        schedule: Rounds; None means the defaults.
        n_columns: Independent copies of the ladder, at least 2; `start` brings its own.
        start: Where a ladder left off.

    Yields:
        Records; to cancel, stop drawing. The last one is `done`.

    Bias: As `ladder_estimate`. Frames between two rungs are weighed with the states of both; their
        error grows where a frame is like neither of them, and the jackknife says so.

    Source: As `ladder_estimate`; Shirts & Chodera (2008) for the frames between.
    """
    rungs = ladder.rungs
    state = start_ladder(rungs, n_columns, generator) if start is None else start
    between = FramesBetween(ladder.film, rungs, ladder.positions)
    yield from _records(rungs, state, generator, schedule or LadderSchedule(), between)


def _records(
    rungs: RBM,
    state: LadderState,
    generator: Generator,
    schedule: LadderSchedule,
    between: FramesBetween | None,
) -> Iterator[LadderEstimate]:
    tally, warm, every = _Tally(rungs, None, keep=False), 0, schedule.record_every
    while not _renewed(state):
        state, info = ladder_round(rungs, state, generator)
        tally.add(info, state)
        warm += 1
        cut = warm == schedule.max_warm_up and not _renewed(state)
        if cut or warm % every == 0:
            yield tally.record(state, warm, warm, done=cut)
        if cut:
            return
    tally = _Tally(rungs, between, keep=schedule.keep_states)
    for number in range(1, schedule.n_rounds + 1):
        measure = number % schedule.measure_every == 0
        state, info = ladder_round(rungs, state, generator, measure=measure)
        tally.add(info, state)
        done = number == schedule.n_rounds
        if done or (warm + number) % every == 0:
            yield tally.record(state, warm + number, warm, done=done)


class _Tally:
    """Works and swaps since the warm-up began, or since it ended."""

    def __init__(self, rungs: RBM, between: FramesBetween | None, *, keep: bool) -> None:
        """Begin with nothing."""
        self._between = between
        self._keep = keep
        self._states: list[Tensor] = []
        first = rungs.replica(0)
        self._base = sum(
            F.softplus(bias.double()).sum() for bias in (first.visible_bias, first.hidden_bias)
        )
        self._rates: list[Tensor] = []
        self._lo: list[Tensor] = []
        self._hi: list[Tensor] = []

    def add(self, info: LadderInfo, state: LadderState) -> None:
        """Take up one round."""
        self._rates.append(info.swap_rate)
        if info.works_lo is not None and info.works_hi is not None:
            self._lo.append(info.works_lo)
            self._hi.append(info.works_hi)
            if self._keep:
                self._states.append(state.v)
            if self._between is not None:
                self._between.add(state.v)

    def record(
        self, state: LadderState, n_rounds: int, n_warm_up: int, *, done: bool
    ) -> LadderEstimate:
        """Say what is known."""
        log_partition, without = self._log_partition(len(state.v))
        frames = frames_error = None
        if self._between is not None and self._lo:
            frames, frames_error = self._between.log_partition(log_partition, without)
        return LadderEstimate(
            log_partition=log_partition,
            std_error=_jackknife(without),
            film_log_partition=frames,
            film_std_error=frames_error,
            swap_rate=torch.stack(self._rates).double().nanmean(0),
            renewal=state.renewal,
            n_rounds=n_rounds,
            n_warm_up=n_warm_up,
            state=state,
            samples=torch.cat(self._states, 1) if self._states else None,
            done=done,
            reason="" if self._lo else _why_unknown(state, n_rounds, done),
        )

    def _log_partition(self, n_rungs: int) -> tuple[Tensor, Tensor]:
        """log Z of each rung, (n_rungs,), and with each column left out, (n_rungs, n_columns)."""
        if not self._lo:
            unknown = torch.full((n_rungs,), math.nan, dtype=torch.float64)
            return unknown, unknown[:, None]
        lo, hi = torch.stack(self._lo, -1), torch.stack(self._hi, -1)  # (n_pairs, n_columns, n)
        step = bennett(lo.flatten(1), hi.flatten(1))
        steps = torch.cat([step[:, None], bennett_without_each_column(lo, hi, step)], 1)
        found = self._base + torch.cat([torch.zeros_like(steps[:1]), steps.cumsum(0)])
        return found[:, 0], found[:, 1:]


def _why_unknown(state: LadderState, n_rounds: int, done: bool) -> str:
    left = float(1 - state.renewal.mean())
    then = "the ladder is cut: put rungs into its weak links" if done else "rounds go on"
    return f"after {n_rounds} rounds {left:.1%} of the states are left from the start; {then}"


def _jackknife(without: Tensor) -> Tensor:
    """Standard error from estimates with each column left out, shape (..., n_columns)."""
    return (without.var(-1, correction=0) * (without.shape[-1] - 1)).sqrt()


def _renewed(state: LadderState) -> bool:
    n_columns = state.v.shape[1]
    return float((1 - state.renewal).sum()) * n_columns <= LEFT_OVER * n_columns
