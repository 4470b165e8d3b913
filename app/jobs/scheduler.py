"""One thread that trains for everybody, in fair turns.

Measured: thirty sessions in thirty threads fall to 0.3 screen updates a second, in one thread with
turns of 20 ms all keep two. The trainer fills one core, the screen keeps the other.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import deque
from typing import Any

import streamlit as st
import torch

from app.jobs.job import Job
from app.jobs.status import ACTIVE

__all__ = ["Scheduler", "scheduler"]

log = logging.getLogger(__name__)

TURN_SECONDS = 0.02
# Between turns the interpreter is free for the script threads.
REST_SECONDS = 0.001
IDLE_SECONDS = 0.005
GRACE_SECONDS = 20.0
STOP_SECONDS = 10.0
MAX_ACTIVE = 64
AnyJob = Job[Any]


class Scheduler:
    """Runs jobs in turns, and forgets those whose session is gone."""

    def __init__(
        self, *, grace_seconds: float = GRACE_SECONDS, max_active: int = MAX_ACTIVE
    ) -> None:
        """Make a scheduler; `start` begins its thread.

        Args:
            grace_seconds: How long a job outlives its session: a page reload is a new session.
            max_active: Jobs that take turns; further ones wait in line.
        """
        self._grace = grace_seconds
        self._max_active = max_active
        self._changed = threading.Condition()
        self._turns: deque[AnyJob] = deque()
        self._line: deque[AnyJob] = deque()
        self._jobs: dict[str, AnyJob] = {}
        self._owners: dict[str, str] = {}
        self._orphaned_at: dict[str, float] = {}
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, daemon=True, name="trainer")

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after its turn; nothing happens when it has ended already."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def add(self, job: AnyJob, owner: str) -> None:
        """Keep a job for a session that is there: it can be found again by its id."""
        with self._changed:
            self._jobs[job.id] = job
            self._owners[job.id] = owner
            self._orphaned_at.pop(job.id, None)

    def forget(self, job: AnyJob) -> None:
        """Stop a job and drop it."""
        self.pause(job)
        with self._changed:
            for table in (self._jobs, self._owners, self._orphaned_at):
                table.pop(job.id, None)

    def train(self, job: AnyJob, *, until: int | None = None, pace: float | None = None) -> None:
        """Let a job run.

        Args:
            job: The job; nothing happens when it runs already or is complete.
            until: Update at which it pauses; None means the end.
            pace: Updates per second it is held to, or None.
        """
        with self._changed:
            if job.done or job.state == "failed":
                return
            job.stop_at = job.n_updates if until is None else min(until, job.n_updates)
            job.set_pace(pace)
            if job.state not in ACTIVE:
                job.state = "queued"
                self._line.append(job)
                job.publish_state()
            self._changed.notify()

    def pause(self, job: AnyJob) -> None:
        """Stop a job within its turn; `train` continues it."""
        with self._changed:
            if job.state not in ACTIVE:
                return
            was_waiting = job in self._line
            job.state = "paused"
            if was_waiting:
                self._line.remove(job)
                job.publish_state()

    def claim(self, job_id: str, owner: str) -> AnyJob | None:
        """Hand a job to a new session when its own one is gone.

        Args:
            job_id: The job's id.
            owner: The session that asks.

        Returns:
            The job, or None when it is unknown or another session still has it.
        """
        with self._changed:
            known = self._jobs.get(job_id)
            if known is None:
                return None
            if self._owners[job_id] != owner and job_id not in self._orphaned_at:
                return None
            self._owners[job_id] = owner
            self._orphaned_at.pop(job_id, None)
            return known

    def detach(self, owner: str) -> None:
        """Note that a session is gone; its jobs end after the grace period unless claimed."""
        with self._changed:
            for job_id, held_by in self._owners.items():
                if held_by == owner:
                    self._orphaned_at.setdefault(job_id, time.monotonic())

    def place_in_line(self, job: AnyJob) -> int:
        """Return how many turns a waiting job is away from the front: 1 is next, 0 not waiting."""
        with self._changed:
            return self._line.index(job) + 1 if job in self._line else 0

    def n_running(self) -> int:
        """Return how many jobs take turns now."""
        with self._changed:
            return len(self._turns)

    def _loop(self) -> None:
        torch.set_num_threads(1)
        idle_turns = 0
        while True:
            with self._changed:
                self._admit()
                while not self._turns and not self._stopping:
                    self._changed.wait(1.0)
                    self._admit()
                if self._stopping:
                    return
                job = self._turns.popleft()
            idle_turns = 0 if self._turn(job) else idle_turns + 1
            with self._changed:
                if job.state == "running" or _owes_a_snapshot(job):
                    self._turns.append(job)
                everyone_waits = idle_turns >= len(self._turns)
            time.sleep(IDLE_SECONDS if everyone_waits else REST_SECONDS)

    def _turn(self, job: AnyJob) -> bool:
        try:
            return job.work(time.monotonic() + TURN_SECONDS)
        except Exception as error:
            # Whatever a run raises must not end everybody else's training: it is shown on the
            # page of the session that owns the run, and logged.
            log.exception("training run %s failed", job.id)
            job.state, job.error = "failed", f"{type(error).__name__}: {error}"
            job.publish_state()
            return True

    def _admit(self) -> None:
        """Fill free places from the line, and end the jobs whose session stayed away."""
        now = time.monotonic()
        gone = [i for i, since in self._orphaned_at.items() if now - since > self._grace]
        for job_id in gone:
            job = self._jobs.pop(job_id)
            self._owners.pop(job_id)
            self._orphaned_at.pop(job_id)
            if job in self._line:
                self._line.remove(job)
            if job.state in ACTIVE:
                job.state = "paused"
        while self._line and len(self._turns) < self._max_active:
            job = self._line.popleft()
            job.state = "running"
            job.publish_state()
            # Paused and continued within one turn, it may still be among those that take turns.
            if job not in self._turns:
                self._turns.append(job)


def _owes_a_snapshot(job: AnyJob) -> bool:
    """Whether a job was stopped too late in its turn to say so; its next turn does that alone."""
    return job.state not in ACTIVE and job.snapshot.state in ACTIVE


@st.cache_resource(show_spinner=False)
def scheduler() -> Scheduler:
    """Return the one scheduler of this process, its thread running."""
    started = Scheduler()
    started.start()
    # A thread that is still inside torch when the interpreter goes down aborts the process.
    atexit.register(started.stop)
    return started
