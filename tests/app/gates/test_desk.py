"""What lies on a visitor's desk: a run that has begun stays, one that has not gives way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.gates.desk import GateDesk
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


@pytest.mark.parametrize("changes", [{"k": 9}, {"learning_rate": 0.1}, {"seed": 5}, {"epochs": 9}])
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
def test_a_run_of_another_shape_gives_way(desk: GateDesk, wanted: Recipe) -> None:
    lay(desk, trained(RECIPE, until=1))
    assert desk.follow(wanted) is None


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
