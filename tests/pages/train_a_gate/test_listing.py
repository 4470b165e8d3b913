"""The code shown runs as it stands and gives the run's numbers."""

from __future__ import annotations

import contextlib
import io

import pytest

from app.gates.runs import GateJob, fork
from pages.train_a_gate.listing import code_of
from rbm_core import PRESETS, fingerprint
from tests.gate_jobs import advance, quick_recipe, trained


def printed(job: GateJob) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code_of(job), {})  # noqa: S102  (our own text, which users are told to run)
    return out.getvalue()


@pytest.mark.parametrize("dataset", ["and", "half-adder", "table:0,1,0,0"])
@pytest.mark.parametrize("until", [0, 137, None])
def test_code_gives_the_machine_on_show(dataset: str, until: int | None) -> None:
    job = trained(quick_recipe(dataset, n_hidden=5, learning_rate=0.3), until)
    text = printed(job)
    assert fingerprint(job.snapshot.rbm) in text
    assert f"valid mass {job.snapshot.measured['valid_mass'][-1]:.4f}" in text


def test_code_of_a_fork_of_a_fork_gives_its_machine() -> None:
    first = trained(quick_recipe())
    second = advance(fork(first, 20, first.recipe.replace(k=9)))
    third = advance(fork(second, 40, second.recipe.replace(learning_rate=0.1, seed=5)))
    assert fingerprint(third.snapshot.rbm) in printed(third)


def test_code_of_a_notebook_preset_keeps_its_settings() -> None:
    job = trained(PRESETS["notebook-and-short"].recipe, until=250)
    assert fingerprint(job.snapshot.rbm) in printed(job)
