"""A training run as a job: it advances in short turns and publishes frozen snapshots.

Nothing here knows Streamlit. The scheduler's thread alone advances a job; everybody else reads
`job.snapshot`, which is swapped whole.
"""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.jobs.history import History, Window
from app.jobs.plan import Plan, plan_for
from app.jobs.status import ACTIVE, Status
from rbm_core import RBM, Recipe, TrainRecord, TrainRun, TrainState

__all__ = ["Frame", "Job", "Snapshot"]

M = TypeVar("M")

PUBLISH_SECONDS = 0.2
RATE_WINDOW_SECONDS = 2.0
# A run that fell behind its pace catches up by at most this much, so that it never leaps.
PACE_CREDIT_SECONDS = 0.5


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame(Generic[M]):
    """One moment of a film, from which a run can continue.

    Attributes:
        state: The run's whole state.
        epoch: Its age in epochs.
        measures: What was measured then.
    """

    state: TrainState
    epoch: float
    measures: M


@dataclass(frozen=True, eq=False, kw_only=True)
class Snapshot(Generic[M]):
    """A job at one moment; nothing in it changes any more.

    Attributes:
        state: Its status.
        update: Updates made.
        n_updates: Updates of the whole run.
        epoch: Age in epochs.
        rbm: A copy of the machine.
        measures: The last measures, of this very machine whenever the job does not run.
        records: Training curves by name, each shape (n_points,).
        measured: Curves of the measures by name, each shape (n_points,).
        epochs: Means over each whole epoch by name, the numbers that the command line prints.
        frames: The film so far.
        ms_per_update: Milliseconds of computing per update, NaN before the first.
        updates_per_second: Pace over the last seconds, waiting included; NaN when not running.
        error: Why the job failed, or "".
    """

    state: Status
    update: int
    n_updates: int
    epoch: float
    rbm: RBM
    measures: M
    records: Mapping[str, NDArray[np.float64]]
    measured: Mapping[str, NDArray[np.float64]]
    epochs: Mapping[str, NDArray[np.float64]]
    frames: tuple[Frame[M], ...]
    ms_per_update: float
    updates_per_second: float
    error: str = ""


class Job(Generic[M]):
    """One run of one recipe, with its curves and its film."""

    def __init__(
        self,
        recipe: Recipe,
        run: TrainRun,
        measure: Callable[[RBM], M],
        scalars: Callable[[M], Mapping[str, float]],
        *,
        plan: Plan | None = None,
        past: Snapshot[M] | None = None,
        lineage: tuple[tuple[Recipe, int], ...] = (),
        asked: Recipe | None = None,
    ) -> None:
        """Take a run over; it is measured once, so that there is something to show.

        Args:
            recipe: What the run was started from.
            run: The run; from now on only the job touches it.
            measure: Takes the measures of a machine.
            scalars: Picks the numbers that make curves.
            plan: How often to look; by default as suits small runs.
            past: The snapshot this run was forked from: its curves and film up to here are kept.
            lineage: For a fork, each ancestor's recipe and the update at which it was left.
            asked: The settings that were asked for, where a fork had to prolong them.
        """
        self.id = uuid.uuid4().hex[:12]
        self.owner = ""
        self.recipe = recipe
        self.asked = asked or recipe
        self.dataset = run.dataset
        self.lineage = lineage
        self.plan = plan or plan_for(run.n_updates)
        self.state: Status = "ready"
        self.stop_at = run.n_updates
        self.error = ""
        self._run = run
        self._measure, self._scalars = measure, scalars
        self._records, self._measured, self._epochs = History(), History(), History()
        self._frames: list[Frame[M]] = []
        self._window, self._epoch_window = Window(), Window()
        self._seconds = self._seconds_before = run.state().seconds
        self._updates_before = run.update
        self._pace: float | None = None
        self._credit_from = (0.0, 0)
        self._rate_marks: list[tuple[float, int]] = []
        self._published = 0.0
        if past is not None:
            self._inherit(past)
        self._last_measures = self._take_measures()
        self.snapshot = self._snapshot()

    @property
    def n_updates(self) -> int:
        """Length of the whole run."""
        return self._run.n_updates

    @property
    def done(self) -> bool:
        """Whether all updates are made."""
        return self._run.done

    @property
    def busy(self) -> bool:
        """Whether it waits or runs, or has yet to say that it stopped."""
        return self.state in ACTIVE or self.snapshot.state in ACTIVE

    def set_pace(self, updates_per_second: float | None) -> None:
        """Slow the run down to a pace that eyes can follow; None lets it run free."""
        self._pace = updates_per_second
        self._credit_from = (time.monotonic(), self._run.update)
        self._rate_marks.clear()
        # The first turn is seen at once.
        self._published = 0.0

    def work(self, until: float) -> bool:
        """Train until a moment of `time.monotonic`, a pause, or the end of the run.

        Returns:
            Whether anything was done: a paced run may have to wait.
        """
        worked = False
        while self.state == "running" and self._run.update < self.stop_at:
            n_updates = self._next_chunk()
            if not self._may_run(n_updates):
                break
            self._take(self._run.advance(n_updates), n_updates)
            worked = True
            if time.monotonic() >= until:
                break
        if self.state == "running" and self._run.update >= self.stop_at:
            self.state = "done" if self._run.done else "paused"
        if self.state != "running" or time.monotonic() - self._published > PUBLISH_SECONDS:
            self.publish()
        return worked

    def publish(self) -> None:
        """Swap in a fresh snapshot; measured to the last update unless the job runs."""
        if self.state not in ACTIVE and self._last_measured_update != self._run.update:
            self._flush_records()
            self._last_measures = self._take_measures()
        self.snapshot = self._snapshot()
        self._published = time.monotonic()

    def publish_state(self) -> None:
        """Swap in the job's state alone; safe from any thread."""
        self.snapshot = replace(self.snapshot, state=self.state, error=self.error)

    def _inherit(self, past: Snapshot[M]) -> None:
        here = self._run.update
        self._records = History.until(past.records, here)
        self._measured = History.until(past.measured, here - 1)
        self._epochs = History.until(past.epochs, here)
        self._frames = [frame for frame in past.frames if frame.state.update < here]

    def _next_chunk(self) -> int:
        update = self._run.update
        plan, epoch = self.plan, self._run.n_updates_per_epoch
        grids = (plan.chunk, plan.record_every, plan.measure_every, plan.frame_every, epoch)
        steps = [grid - update % grid for grid in grids if grid]
        return min(*steps, self.stop_at - update)

    def _may_run(self, n_updates: int) -> bool:
        if self._pace is None:
            return True
        since, begun_at = self._credit_from
        now = time.monotonic()
        credit = (now - since) * self._pace - (self._run.update - begun_at)
        most = max(n_updates, self._pace * PACE_CREDIT_SECONDS)
        if credit > most:
            self._credit_from = (now - most / self._pace, self._run.update)
        return credit >= n_updates

    def _take(self, record: TrainRecord, n_updates: int) -> None:
        self._window.add(record, n_updates)
        self._epoch_window.add(record, n_updates)
        if record.update % self._run.n_updates_per_epoch == 0:
            self._epochs.add(record.update, {"epoch": record.epoch, **self._epoch_window.means()})
            self._epoch_window = Window()
        self._seconds = record.seconds
        if record.update % self.plan.record_every == 0 or record.done:
            self._flush_records()
        grids = [grid for grid in (self.plan.measure_every, self.plan.frame_every) if grid]
        if any(record.update % grid == 0 for grid in grids) or record.done:
            self._last_measures = self._take_measures()

    def _flush_records(self) -> None:
        if self._window.n_updates:
            self._records.add(self._run.update, self._window.means())
            self._window = Window()

    def _take_measures(self) -> M:
        update = self._run.update
        measures = self._measure(self._run.rbm)
        self._last_measured_update = update
        self._measured.add(update, self._scalars(measures))
        every = self.plan.frame_every
        if every and (update % every == 0 or self._run.done or not self._frames):
            state = self._run.state()
            self._frames.append(Frame(state=state, epoch=self._epoch(), measures=measures))
        return measures

    def _epoch(self) -> float:
        return self._run.update / self._run.n_updates_per_epoch

    def _snapshot(self) -> Snapshot[M]:
        n_updates = self._run.update - self._updates_before
        seconds = self._seconds - self._seconds_before
        return Snapshot(
            state=self.state,
            update=self._run.update,
            n_updates=self._run.n_updates,
            epoch=self._epoch(),
            rbm=self._run.rbm,
            measures=self._last_measures,
            records=self._records.columns(),
            measured=self._measured.columns(),
            epochs=self._epochs.columns(),
            frames=tuple(self._frames),
            ms_per_update=1000 * seconds / n_updates if n_updates else math.nan,
            updates_per_second=self._rate(),
            error=self.error,
        )

    def _rate(self) -> float:
        if self.state != "running":
            self._rate_marks.clear()
            return math.nan
        now = time.monotonic()
        self._rate_marks.append((now, self._run.update))
        while now - self._rate_marks[0][0] > RATE_WINDOW_SECONDS:
            self._rate_marks.pop(0)
        began, first = self._rate_marks[0]
        return (self._run.update - first) / (now - began) if now > began else math.nan
