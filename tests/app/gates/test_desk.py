"""What lies on a visitor's desk: a run that has begun stays, one that has not gives way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.gates.desk import N_LAID_ASIDE, GateDesk
from app.gates.runs import GateJob, new_job
from app.jobs.scheduler import scheduler
from app.session.state import Session
from rbm_core import Recipe
from tests.gate_jobs import quick_recipe, trained

RECIPE = quick_recipe("and", seed=77)


@pytest.fixture
def desk() -> Iterator[GateDesk]:
    here = GateDesk(here=Session())
    yield here
    here.clear()


def lay(desk: GateDesk, job: GateJob) -> GateJob:
    desk.put(job)
    return job


@pytest.mark.parametrize(
    "changes",
    [
        {"k": 9},
        {"learning_rate": 0.1},
        {"seed": 5},
        {"epochs": 9},
        {"dataset": "or"},
        {"n_hidden": 3},
    ],
)
def test_a_run_that_has_begun_stays_and_one_that_has_not_gives_way(
    desk: GateDesk, changes: dict[str, object]
) -> None:
    wanted = RECIPE.replace(**changes)
    begun = lay(desk, trained(RECIPE, until=1))
    assert desk.follow(wanted) is begun
    untrained = lay(desk, new_job(RECIPE))
    assert desk.follow(RECIPE) is untrained
    assert desk.follow(wanted) is None


@pytest.mark.parametrize("wanted", [quick_recipe("or", seed=77), RECIPE.replace(n_hidden=3)])
def test_an_example_of_another_shape_gives_way(desk: GateDesk, wanted: Recipe) -> None:
    desk.job = trained(RECIPE, until=1)
    assert desk.follow(wanted) is None


@pytest.mark.parametrize("wanted", [quick_recipe("or", seed=77), RECIPE.replace(k=9)])
def test_going_back_to_settings_finds_their_run(desk: GateDesk, wanted: Recipe) -> None:
    first = lay(desk, trained(RECIPE, until=1))
    other = lay(desk, trained(wanted, until=1))
    assert desk.follow(RECIPE) is first
    assert desk.follow(wanted) is other
    desk.here.choose_preset("gate", "asleep")
    assert desk.follow(desk.here.recipes["gate"]) is None
    assert desk.follow(RECIPE) is first


def test_a_rewound_run_is_not_found_again(desk: GateDesk) -> None:
    lay(desk, trained(RECIPE, until=1))
    again = lay(desk, new_job(RECIPE))
    assert desk.follow(RECIPE) is again
    assert desk.shelf.jobs == ()


def test_a_run_that_was_laid_aside_stands_still_and_a_reload_finds_it(desk: GateDesk) -> None:
    first = lay(desk, trained(RECIPE, until=1))
    scheduler().train(first, pace=1.0)
    other = lay(desk, trained(RECIPE.replace(k=9), until=1))
    assert first.state == "paused"
    desk.follow(RECIPE.replace(k=9))
    assert desk.here.runs == {"run": f"{other.id},{first.id}"}
    assert scheduler().claim(first.id, desk.here.owner) is first


def test_a_few_runs_are_kept_and_the_oldest_goes(desk: GateDesk) -> None:
    jobs = [lay(desk, trained(RECIPE.replace(k=k), until=1)) for k in range(1, N_LAID_ASIDE + 3)]
    assert desk.shelf.jobs == tuple(jobs[1:-1])
    assert scheduler().claim(jobs[0].id, desk.here.owner) is None


def test_a_preset_that_was_chosen_clears_the_desk_once(desk: GateDesk) -> None:
    lay(desk, trained(RECIPE, until=1))
    desk.here.choose_preset("gate", "asleep")
    assert desk.follow(desk.here.recipes["gate"]) is None
    again = lay(desk, trained(desk.here.recipes["gate"], until=1))
    assert desk.follow(desk.here.recipes["gate"]) is again


def test_a_shared_run_is_looked_at_not_stopped_or_named(desk: GateDesk) -> None:
    shared = trained(RECIPE, until=1)
    scheduler().add(shared, "everybody")
    scheduler().train(shared, pace=1.0)
    desk.job = shared
    assert desk.follow(RECIPE) is shared
    assert desk.here.runs == {}
    desk.clear()
    assert shared.busy
    scheduler().forget(shared)


def test_an_own_run_is_named_once_it_has_begun_and_stops_when_it_goes(desk: GateDesk) -> None:
    job = lay(desk, new_job(RECIPE))
    desk.follow(RECIPE)
    assert desk.here.runs == {}
    scheduler().train(job, pace=1.0)
    desk.follow(RECIPE)
    assert desk.here.runs == {"run": job.id}
    desk.clear()
    assert job.state == "paused"
    desk.follow(RECIPE)
    assert desk.here.runs == {}
    assert scheduler().claim(job.id, desk.here.owner) is None
