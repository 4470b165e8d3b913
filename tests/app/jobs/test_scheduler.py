"""The scheduler is fair, obeys within a turn, and survives what a run raises."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from app.gates.runs import new_job
from app.jobs.job import Job
from app.jobs.scheduler import TURN_SECONDS, Scheduler
from app.jobs.status import ACTIVE, Status
from rbm_core import RBM, Measures, fingerprint, measure
from tests.gate_jobs import quick_recipe, trained

# A first run may have to compile its loops, on cores that others use too.
PATIENCE = 120.0


@pytest.fixture
def scheduler() -> Iterator[Scheduler]:
    started = Scheduler(grace_seconds=0.2, max_active=3)
    started.start()
    yield started
    started.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < patience, "nothing happened"
        time.sleep(0.005)


def test_scheduled_run_ends_at_the_librarys_machine(scheduler: Scheduler) -> None:
    recipe = quick_recipe()
    job = new_job(recipe)
    scheduler.add(job, "me")
    scheduler.train(job)
    wait_for(lambda: job.snapshot.state == "done")
    assert fingerprint(job.snapshot.rbm) == fingerprint(trained(recipe).snapshot.rbm)


def test_turns_are_fair(scheduler: Scheduler) -> None:
    turns: list[str] = []
    tasks = [Counting(name, turns) for name in ("a", "b", "c")]
    for task in tasks:
        scheduler.let_run(task)
    wait_for(lambda: all(task.said == "done" for task in tasks))
    together = turns[turns.index("c") :]
    rounds = [set(together[i : i + 3]) for i in range(0, 18, 3)]
    assert all(taken == {"a", "b", "c"} for taken in rounds)


def test_runs_side_by_side_each_end_at_the_librarys_machine(scheduler: Scheduler) -> None:
    recipes = [quick_recipe(seed=seed) for seed in range(3)]
    jobs = [new_job(recipe) for recipe in recipes]
    for job in jobs:
        scheduler.train(job)
    wait_for(lambda: all(job.snapshot.state == "done" for job in jobs))
    for recipe, job in zip(recipes, jobs, strict=True):
        assert fingerprint(job.snapshot.rbm) == fingerprint(trained(recipe).snapshot.rbm)


def test_pause_takes_effect_within_a_turn_and_train_goes_on(scheduler: Scheduler) -> None:
    recipe = quick_recipe(epochs=20)
    job = new_job(recipe)
    scheduler.train(job)
    wait_for(lambda: job.snapshot.update > 0)
    scheduler.pause(job)
    time.sleep(10 * TURN_SECONDS)
    stopped_at = job.snapshot.update
    assert job.snapshot.state == "paused"
    time.sleep(5 * TURN_SECONDS)
    assert job.snapshot.update == stopped_at
    scheduler.train(job)
    wait_for(lambda: job.snapshot.state == "done")
    assert fingerprint(job.snapshot.rbm) == fingerprint(trained(recipe).snapshot.rbm)


def test_pause_at_the_very_end_of_a_turn_is_shown(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = new_job(quick_recipe(epochs=60))
    work = job.work

    def paused_as_the_turn_ends(until: float) -> bool:
        worked = work(until)
        scheduler.pause(job)
        return worked

    monkeypatch.setattr(job, "work", paused_as_the_turn_ends)
    scheduler.train(job)
    wait_for(lambda: job.state == "paused" and job.snapshot.state == "paused")
    assert job.snapshot.measured["update"][-1] == job.snapshot.update


def test_pause_is_shown_before_the_others_have_had_their_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowded = Scheduler()
    slow = [new_job(quick_recipe(seed=seed)) for seed in range(20)]

    def take_long(_until: float) -> bool:
        time.sleep(0.2)
        return True

    for job in slow:
        monkeypatch.setattr(job, "work", take_long)
    mine = new_job(quick_recipe(epochs=60))
    for job in (*slow, mine):
        crowded.train(job)
    crowded.start()
    wait_for(lambda: mine.snapshot.update > 0)
    asked = time.monotonic()
    crowded.pause(mine)
    wait_for(lambda: mine.snapshot.state == "paused")
    assert time.monotonic() - asked < 2.0  # a round of all takes four seconds
    crowded.stop()


def test_pause_and_train_in_quick_turns_take_no_extra_turns(scheduler: Scheduler) -> None:
    turns: list[str] = []
    nervous, calm = Counting("nervous", turns), Counting("calm", turns)
    for _ in range(20):
        scheduler.let_run(nervous)
        scheduler.pause(nervous)
    begun = len(turns)
    for task in (nervous, calm):
        scheduler.let_run(task)
    wait_for(lambda: calm.said == "done")
    together = turns[turns.index("calm", begun) :]
    assert all(one != next_one for one, next_one in pairwise(together[:6]))


def test_step_makes_exactly_one_update(scheduler: Scheduler) -> None:
    job = new_job(quick_recipe())
    for made in (1, 2, 3):
        scheduler.train(job, until=job.snapshot.update + 1)
        wait_for(lambda made=made: job.snapshot.update == made and job.snapshot.state == "paused")  # type: ignore[misc]


def test_job_of_a_session_that_stays_away_ends(scheduler: Scheduler) -> None:
    job = new_job(quick_recipe(epochs=60))
    scheduler.add(job, "me")
    scheduler.train(job, pace=10.0)
    scheduler.detach("me")
    wait_for(lambda: job.state == "paused")
    assert scheduler.claim(job.id, "you") is None


def test_job_is_claimed_only_after_its_session_left(scheduler: Scheduler) -> None:
    job = new_job(quick_recipe(epochs=60))
    scheduler.add(job, "me")
    scheduler.train(job, pace=10.0)
    assert scheduler.claim(job.id, "you") is None
    scheduler.detach("me")
    assert scheduler.claim(job.id, "you") is job
    time.sleep(0.5)  # past the grace period of the one who left
    assert job.state == "running"
    scheduler.pause(job)


def test_failure_shows_on_its_own_job_and_harms_no_other(scheduler: Scheduler) -> None:
    recipe = quick_recipe(epochs=20)
    dataset = recipe.load_dataset()
    calls = []

    def fails_later(rbm: RBM) -> Measures:
        calls.append(1)
        if len(calls) > 3:
            raise ValueError("a broken measure")
        return measure(rbm, dataset)

    broken: Job[Measures] = Job(recipe, recipe.start(dataset), fails_later, lambda _: {})
    healthy = new_job(recipe)
    for job in (broken, healthy):
        scheduler.train(job)
    wait_for(lambda: broken.snapshot.state == "failed" and healthy.snapshot.state == "done")
    assert "a broken measure" in broken.snapshot.error


def test_job_beyond_the_places_sees_its_place_and_gets_its_turn(scheduler: Scheduler) -> None:
    jobs = [new_job(quick_recipe(seed=seed, epochs=60)) for seed in range(5)]
    for job in jobs:
        scheduler.train(job, pace=50.0)
    wait_for(lambda: sum(job.state == "running" for job in jobs) == 3)
    assert [scheduler.place_in_line(job) for job in jobs] == [0, 0, 0, 1, 2]
    scheduler.pause(jobs[0])
    wait_for(lambda: scheduler.place_in_line(jobs[4]) == 1)
    assert jobs[3].state == "running"
    for job in jobs:
        scheduler.pause(job)


class Counting:
    """Work that is no training run: it counts its turns, up to ten."""

    def __init__(self, name: str = "counting", turns: list[str] | None = None) -> None:
        self.id, self.owner, self.error = name, "", ""
        self.turns = [] if turns is None else turns
        self.state: Status = "ready"
        self.said: Status = "ready"
        self.n_turns = 0

    @property
    def done(self) -> bool:
        return self.n_turns == 10

    @property
    def busy(self) -> bool:
        return self.state in ACTIVE or self.said in ACTIVE

    def work(self, until: float) -> bool:
        assert until > time.monotonic()
        self.n_turns += 1
        self.turns.append(self.id)
        time.sleep(0.01)  # what a turn takes: the others are admitted meanwhile
        if self.done:
            self.state = "done"
        self.publish_state()
        return True

    def publish_state(self) -> None:
        self.said = self.state


def test_whatever_keeps_to_the_protocol_takes_turns(scheduler: Scheduler) -> None:
    counting = Counting()
    scheduler.add(counting, "me")
    assert counting.owner == "me"
    scheduler.let_run(counting)
    wait_for(lambda: counting.said == "done")
    scheduler.let_run(counting)
    time.sleep(5 * TURN_SECONDS)
    assert counting.n_turns == 10


def test_a_session_that_comes_back_keeps_its_jobs(scheduler: Scheduler) -> None:
    job = new_job(quick_recipe(epochs=60))
    scheduler.add(job, "me")
    scheduler.train(job, pace=10.0)
    scheduler.detach("me")
    scheduler.attach("me")
    time.sleep(0.5)  # past the grace period
    assert job.state == "running"
    scheduler.pause(job)


def test_a_waiting_job_whose_session_left_says_that_it_stopped(scheduler: Scheduler) -> None:
    jobs = [new_job(quick_recipe(seed=seed, epochs=60)) for seed in range(4)]
    for job in jobs:
        scheduler.train(job, pace=50.0)
    scheduler.add(jobs[3], "me")
    wait_for(lambda: jobs[3].snapshot.state == "queued")
    scheduler.detach("me")
    wait_for(lambda: not jobs[3].busy)
    for job in jobs:
        scheduler.pause(job)
