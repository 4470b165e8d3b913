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

import torch

from app.jobs.job import Job
from app.jobs.status import ACTIVE
from app.jobs.task import Task
from app.shared_results import SharedResults

__all__ = ["Scheduler", "scheduler"]

log = logging.getLogger(__name__)

TURN_SECONDS = 0.02
# Between turns the interpreter is free for the script threads.
REST_SECONDS = 0.001
IDLE_SECONDS = 0.005
GRACE_SECONDS = 20.0
STOP_SECONDS = 10.0
MAX_ACTIVE = 64


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
        self._turns: deque[Task] = deque()
        self._line: deque[Task] = deque()
        self._tasks: dict[str, Task] = {}
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

    def add(self, task: Task, owner: str) -> None:
        """Keep a task for a session that is there: it can be found again by its id."""
        with self._changed:
            task.owner = owner
            self._tasks[task.id] = task
            self._orphaned_at.pop(task.id, None)

    def forget(self, task: Task) -> None:
        """Stop a task and drop it."""
        self.pause(task)
        with self._changed:
            self._tasks.pop(task.id, None)
            self._orphaned_at.pop(task.id, None)

    def let_run(self, task: Task) -> None:
        """Let a task take turns; nothing happens when it does already, is complete or failed."""
        with self._changed:
            if task.done or task.state in (*ACTIVE, "failed"):
                return
            task.state = "queued"
            self._line.append(task)
            task.publish_state()
            self._changed.notify()

    def train(self, job: Job[Any], *, until: int | None = None, pace: float | None = None) -> None:
        """Let a run take turns, up to an update and at a pace.

        Args:
            job: The run; nothing happens when it is complete or failed.
            until: Update at which it pauses; None means the end.
            pace: Updates per second it is held to, or None.
        """
        with self._changed:
            job.stop_at = job.n_updates if until is None else min(until, job.n_updates)
            job.set_pace(pace)
            self.let_run(job)

    def pause(self, task: Task) -> None:
        """Stop a job within its turn; `let_run` or `train` continues it."""
        with self._changed:
            if task.state not in ACTIVE:
                return
            was_waiting = task in self._line
            task.state = "paused"
            if task in self._turns:
                # It says so in its next turn, and others' turns may be long.
                self._turns.remove(task)
                self._turns.appendleft(task)
            if was_waiting:
                self._line.remove(task)
                task.publish_state()

    def claim(self, task_id: str, owner: str) -> Task | None:
        """Hand a job to a new session when its own one is gone.

        Args:
            task_id: The job's id.
            owner: The session that asks.

        Returns:
            The job, or None when it is unknown or another session still has it.
        """
        with self._changed:
            known = self._tasks.get(task_id)
            if known is None or (known.owner != owner and task_id not in self._orphaned_at):
                return None
            known.owner = owner
            self._orphaned_at.pop(task_id, None)
            return known

    def detach(self, owner: str) -> None:
        """Note that a session is gone; its jobs end after the grace period unless claimed."""
        with self._changed:
            for task in self._tasks.values():
                if task.owner == owner:
                    self._orphaned_at.setdefault(task.id, time.monotonic())

    def attach(self, owner: str) -> None:
        """Note that a session is there again: nothing of it ends."""
        with self._changed:
            for task_id in [i for i in self._orphaned_at if self._tasks[i].owner == owner]:
                self._orphaned_at.pop(task_id)

    def place_in_line(self, task: Task) -> int:
        """Return how many turns a waiting job is away from the front: 1 is next, 0 not waiting."""
        with self._changed:
            return self._line.index(task) + 1 if task in self._line else 0

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
                task = self._turns.popleft()
            idle_turns = 0 if self._turn(task) else idle_turns + 1
            with self._changed:
                if task.state == "running":
                    self._turns.append(task)
                elif task.state not in ACTIVE and task.busy:
                    # Stopped too late in its turn to say so: it says so at once.
                    self._turns.appendleft(task)
                everyone_waits = idle_turns >= len(self._turns)
            time.sleep(IDLE_SECONDS if everyone_waits else REST_SECONDS)

    def _turn(self, task: Task) -> bool:
        try:
            return task.work(time.monotonic() + TURN_SECONDS)
        except Exception as error:
            # Whatever a run raises must not end everybody else's training: it is shown on the
            # page of the session that owns the run, and logged.
            log.exception("training run %s failed", task.id)
            task.state, task.error = "failed", f"{type(error).__name__}: {error}"
            task.publish_state()
            return True

    def _admit(self) -> None:
        """Fill free places from the line, and end the jobs whose session stayed away."""
        now = time.monotonic()
        gone = [i for i, since in self._orphaned_at.items() if now - since > self._grace]
        for task_id in gone:
            task = self._tasks.pop(task_id)
            self._orphaned_at.pop(task_id)
            if task.state in ACTIVE:
                task.state = "paused"
            if task in self._line:
                self._line.remove(task)
                task.publish_state()
        while self._line and len(self._turns) < self._max_active:
            task = self._line.popleft()
            task.state = "running"
            task.publish_state()
            # Paused and continued within one turn, it may still be among those that take turns.
            if task not in self._turns:
                self._turns.append(task)


def scheduler() -> Scheduler:
    """Return the one scheduler of this process, its thread running."""
    return _schedulers.get("of this process", _start)


def _start() -> Scheduler:
    started = Scheduler()
    started.start()
    # A thread that is still inside torch when the interpreter goes down aborts the process.
    atexit.register(started.stop)
    return started


_schedulers: SharedResults[Scheduler] = SharedResults(1)
