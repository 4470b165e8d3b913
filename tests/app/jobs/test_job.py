"""A job gives the library's numbers, whatever the turns it is cut into."""

from __future__ import annotations

import time

import numpy as np
import pytest

from app.gates.runs import PACES, fork, new_job
from app.jobs.history import MAX_POINTS, History
from app.jobs.pace import updates_per_second
from app.jobs.plan import N_FRAMES
from rbm_core import PRESETS, fingerprint, measure
from tests.gate_jobs import advance, quick_recipe, trained


@pytest.mark.parametrize("scheme", ["cd", "pcd", "rdm"])
def test_job_gives_the_librarys_machine_bit_for_bit(scheme: str) -> None:
    recipe = quick_recipe("xor", scheme=scheme)
    run = recipe.start()
    run.advance(run.n_updates)
    shot = trained(recipe).snapshot
    assert shot.state == "done"
    assert fingerprint(shot.rbm) == fingerprint(run.rbm)


def test_job_in_many_turns_equals_job_in_one() -> None:
    recipe = quick_recipe()
    whole = trained(recipe).snapshot
    job = new_job(recipe)
    while not job.done:
        job.state, job.stop_at = "running", job.n_updates
        job.work(time.monotonic())  # a turn that is over at once
    cut = job.snapshot
    assert fingerprint(cut.rbm) == fingerprint(whole.rbm)
    for name, curve in whole.records.items():
        np.testing.assert_array_equal(cut.records[name], curve)
    for name, curve in whole.measured.items():
        np.testing.assert_array_equal(cut.measured[name], curve)


def test_job_stopped_anywhere_ends_at_the_same_machine() -> None:
    recipe = quick_recipe()
    job = trained(recipe, until=137)
    assert (job.snapshot.state, job.snapshot.update) == ("paused", 137)
    assert fingerprint(advance(job).snapshot.rbm) == fingerprint(trained(recipe).snapshot.rbm)


def test_snapshot_of_a_standing_job_measures_its_own_machine() -> None:
    job = trained(quick_recipe(), until=101)
    shot = job.snapshot
    exact = measure(shot.rbm, job.dataset)
    assert exact.valid_mass is not None
    assert float(shot.measured["valid_mass"][-1]) == float(exact.valid_mass)
    assert shot.measured["update"][-1] == shot.records["update"][-1] == 101


def test_snapshot_does_not_change_when_the_job_goes_on() -> None:
    job = trained(quick_recipe(), until=100)
    before = job.snapshot
    name, curve = fingerprint(before.rbm), before.records["free_energy_data"].copy()
    advance(job)
    assert fingerprint(before.rbm) == name
    np.testing.assert_array_equal(before.records["free_energy_data"], curve)


def test_untrained_job_shows_the_fresh_machine_exactly() -> None:
    recipe = PRESETS["and-from-scratch"].recipe
    shot = new_job(recipe).snapshot
    dataset = recipe.load_dataset()
    assert (shot.state, shot.update) == ("ready", 0)
    assert fingerprint(shot.rbm) == fingerprint(recipe.fresh_rbm(dataset))
    assert len(shot.frames) == 1


@pytest.mark.parametrize("n_updates", [1, 58, 59, 60, 61, 118, 119, 2000, 15000])
def test_film_has_its_first_and_last_moment_and_never_too_many(n_updates: int) -> None:
    frames = trained(quick_recipe(epochs=1, updates_per_epoch=n_updates)).snapshot.frames
    made = [frame.state.update for frame in frames]
    assert (made[0], made[-1]) == (0, n_updates)
    assert len(made) <= N_FRAMES
    assert len(made) > min(n_updates, N_FRAMES // 2)
    # Evenly spaced but for the last, which is where the run ends.
    assert len(set(np.diff(made[:-1]).tolist())) <= 1


def test_a_run_stopped_and_continued_keeps_one_frame_a_moment() -> None:
    job = new_job(quick_recipe())
    for stop in (1, 2, 100, 101, 102, 250, None):
        made = [frame.state.update for frame in advance(job, stop).snapshot.frames]
        assert len(set(made)) == len(made)
        assert made == sorted(made)
    assert made == [frame.state.update for frame in trained(quick_recipe()).snapshot.frames]


def test_fork_with_the_same_settings_is_the_same_run() -> None:
    parent = trained(quick_recipe())
    middle = len(parent.snapshot.frames) // 2
    child = fork(parent, middle, parent.recipe)
    assert child.snapshot.update == parent.snapshot.frames[middle].state.update
    assert fingerprint(advance(child).snapshot.rbm) == fingerprint(parent.snapshot.rbm)
    np.testing.assert_array_equal(
        child.snapshot.measured["update"], parent.snapshot.measured["update"]
    )


def test_fork_with_other_settings_leaves_the_old_path_at_the_fork() -> None:
    parent = trained(quick_recipe())
    child = advance(fork(parent, 10, parent.recipe.replace(learning_rate=3.0)))
    left_at = parent.snapshot.frames[10].state.update
    ours, theirs = child.snapshot.measured, parent.snapshot.measured
    shared = ours["update"] <= left_at
    np.testing.assert_array_equal(ours["valid_mass"][shared], theirs["valid_mass"][shared])
    assert ours["valid_mass"][-1] != theirs["valid_mass"][-1]


def test_fork_from_the_end_runs_on_for_the_epochs_asked() -> None:
    parent = trained(quick_recipe())
    child = fork(parent, len(parent.snapshot.frames) - 1, parent.recipe)
    assert child.n_updates == 2 * parent.n_updates
    assert child.asked == parent.recipe


def test_pace_holds_a_run_back() -> None:
    job = new_job(quick_recipe())
    job.set_pace(updates_per_second(PACES, "slow", job.n_updates))
    job.state = "running"
    assert not job.work(time.monotonic() + 1.0)
    assert job.state == "running"
    assert job.snapshot.update == 0


def test_history_stays_bounded_and_keeps_its_ends() -> None:
    history = History()
    for update in range(3 * MAX_POINTS):
        history.add(update, {"value": float(update)})
    columns = history.columns()
    assert len(columns["update"]) <= MAX_POINTS
    assert columns["update"][0] == 0
    assert columns["update"][-1] == 3 * MAX_POINTS - 1
    np.testing.assert_array_equal(columns["update"], columns["value"])
