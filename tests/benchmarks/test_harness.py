"""Laws of the benchmark harness: what it runs does train, what it writes can be read again."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.__main__ import CASES, main, missed_limits, template
from benchmarks.problem import Problem, and_gate, images
from benchmarks.processor import OLDER, page_name, vectors
from benchmarks.programs import CONTENDERS, at_hand
from benchmarks.programs.contender import Contender
from benchmarks.programs.engine import start
from benchmarks.programs.notebook import Notebook, NotebookRBM
from benchmarks.table import (
    Claim,
    Section,
    at_least,
    at_most,
    duration,
    markdown_table,
    markers,
    update_page,
)
from benchmarks.timing import Effort, Timings, one_thread, take_turns
from rbm_core import RBM, valid_mass

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = [contender for contender in CONTENDERS if contender.installed]


def as_rbm(machine: NotebookRBM) -> RBM:
    return RBM(
        machine.weights.detach().t(), machine.visible_bias.detach(), machine.hidden_bias.detach()
    )


# ---------------------------------------------------------------------------- the notebook's loop


def test_the_notebooks_free_energy_is_the_engines() -> None:
    machine = NotebookRBM(5, 3, 1, torch.Generator().manual_seed(0))
    v = (torch.rand(7, 5, generator=torch.Generator().manual_seed(1)) < 0.5).float()
    expected = as_rbm(machine).free_energy(v).mean()
    assert float(machine.free_energy(v).detach()) == pytest.approx(float(expected), abs=1e-5)


def test_the_notebooks_gradient_is_data_minus_chain_statistics() -> None:
    machine = NotebookRBM(5, 3, 2, torch.Generator().manual_seed(0))
    v = (torch.rand(7, 5, generator=torch.Generator().manual_seed(1)) < 0.5).float()
    model_v = machine(v)
    (machine.free_energy(v) - machine.free_energy(model_v)).backward()
    rbm = as_rbm(machine)
    data, model = (rows.T @ rbm.mean_h_given_v(rows) / 7 for rows in (v, model_v.detach()))
    assert machine.weights.grad is not None
    np.testing.assert_allclose(machine.weights.grad.t(), (model - data).numpy(), atol=1e-6)


def test_the_notebooks_loop_learns_and() -> None:
    problem = replace(and_gate(k=4), learning_rate=1.0)
    notebook = Notebook(problem)
    before = float(valid_mass(as_rbm(notebook.rbm), problem.dataset))
    with one_thread():
        notebook.train(20)
        early = statistics.mean(notebook.success_rates)
        notebook.train(500)
    late = statistics.mean(notebook.success_rates[-20:])
    assert before == pytest.approx(0.5, abs=0.02)
    assert float(valid_mass(as_rbm(notebook.rbm), problem.dataset)) > 0.8
    assert late > early + 0.1


def test_the_notebooks_batches_are_rows_of_the_table() -> None:
    batch = Notebook(and_gate(k=1))._gate_batch()
    assert torch.equal(batch[:, 2], batch[:, 0] * batch[:, 1])
    assert batch.shape == (100, 3)
    assert len(batch.unique(dim=0)) == 4


# ------------------------------------------------------------------------------------ contenders


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("contender", INSTALLED, ids=[c.name for c in INSTALLED])
def test_every_contender_that_is_installed_trains_and_dreams(contender: Contender) -> None:
    dataset = images(Path("nowhere"), n_rows=20)
    problem = Problem(dataset=dataset, n_hidden=11, k=1, batch_size=7, learning_rate=0.1)
    program = contender.make(problem)
    program.train(3)
    program.dream(dataset.train[:5], 3)


def test_contenders_are_left_out_where_they_cannot_follow() -> None:
    assert "scikit-learn" in {contender.name for contender in at_hand(1)}
    assert "scikit-learn" not in {contender.name for contender in at_hand(2)}
    absent = Contender(name="absent", make=Notebook, package="no_such_package")
    assert not absent.installed


def test_random_bits_stand_in_for_missing_images() -> None:
    dataset = images(Path("nowhere"), n_rows=500)
    assert dataset.name == "random bits"
    assert set(dataset.train.unique().tolist()) == {0.0, 1.0}
    assert float(dataset.train.mean()) == pytest.approx(0.13, abs=0.01)


def test_the_engines_run_is_endless_and_takes_replicas() -> None:
    run = start(and_gate(k=4), n_replicas=3)
    record = run.advance(5)
    assert record.update == 5
    assert not record.done
    assert run.rbm.replica_shape == (3,)


# ----------------------------------------------------------------------------------------- timing


def test_programs_take_turns_and_their_order_turns_around() -> None:
    calls: list[str] = []
    work = {name: lambda _n, name=name: calls.append(name) for name in "ab"}
    timings = take_turns(work, Effort(rounds=3, seconds=0.0), n=1)
    assert "".join(calls) == "abbaab"
    assert all(len(seconds) == 3 for seconds in timings.seconds.values())


def test_a_ratio_is_taken_within_each_round() -> None:
    timings = Timings(seconds={"one": (2.0, 20.0, 6.0), "other": (1.0, 10.0, 2.0)})
    assert timings.ratio("one", "other") == 2.0
    assert timings.median("one") == 6.0


def test_one_thread_is_given_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


# ----------------------------------------------------------------------------------------- report


def section(name: str, measured: str = "3.1") -> Section:
    claims = [Claim(text="at least 2", measured=measured, holds=float(measured) >= 2)]
    return Section(name=name, title=f"Part {name}", body=["Text."], claims=claims)


def test_a_section_replaces_itself_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    update_page(page, template(), [section("images"), section("gates", "1.5")])
    page.write_text(page.read_text().replace("# Benchmarks", "# Benchmarks, by hand"))
    update_page(page, template(), [section("images", "7.25")])
    text = page.read_text()
    assert "# Benchmarks, by hand" in text
    assert "| at least 2 | 7.25 | yes |" in text
    assert "| at least 2 | 1.5 | **no** |" in text
    assert "3.1" not in text
    update_page(page, template(), [section("images", "7.25")])
    assert page.read_text() == text


def test_a_page_without_its_markers_is_refused_and_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("written by hand")
    with pytest.raises(ValueError, match="begin images"):
        update_page(page, template(), [section("images")])
    assert page.read_text() == "written by hand"


def test_a_limit_is_reached_or_kept_from_its_own_side() -> None:
    assert at_least("a", 2.0, 2.0).holds
    assert not at_least("a", 1.99, 2.0).holds
    assert at_most("a", 2.0, 2.0).holds
    assert not at_most("a", 2.01, 2.0).holds
    assert not at_least("a", math.nan, 2.0).holds
    assert not at_most("a", math.nan, 2.0).holds
    assert [claim("a", 2660.0, 2.0).measured for claim in (at_least, at_most)] == ["2660"] * 2


def test_missed_limits_are_counted_and_named() -> None:
    assert missed_limits([section("images")]) == []
    assert missed_limits([section("images"), section("gates", "1.5")]) == [
        "limits missed: 1",
        "missed: Part gates: at least 2; measured 1.5",
    ]


def test_a_full_run_ends_with_1_where_a_limit_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(CASES, "gates", lambda _effort, _root: section("gates", "1.5"))
    monkeypatch.setitem(CASES, "images", lambda _effort, _root: section("images"))
    page = ["--out", str(tmp_path / "page.md")]
    assert main(["--case", "images", *page]) == 0
    assert main(["--case", "images", "gates", *page]) == 1
    assert "missed: Part gates" in capsys.readouterr().err
    assert main(["--quick", "--case", "gates", *page]) == 0


def test_each_class_of_processors_has_its_own_page() -> None:
    assert page_name("avx2") == "benchmarks.md"
    assert page_name("avx512") == "benchmarks-avx512.md"
    for page in ("benchmarks.md", "benchmarks-avx512.md"):
        text = (ROOT / "docs" / page).read_text()
        assert all(marker in text for name in ("setting", *CASES) for marker in markers(name))


def test_a_program_held_to_an_older_processor_says_so() -> None:
    asked = "from benchmarks.processor import processor, vectors; print(vectors(), processor())"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, **OLDER["avx2"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.startswith("avx2 ") or vectors() == "default"
    assert ("processor with AVX-512" in told) == (vectors() == "avx512")


def test_the_template_has_a_place_for_every_case() -> None:
    for name in ("setting", *CASES):
        begin, end = markers(name)
        assert template().index(begin) < template().index(end)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(12.34, "12.3 s"), (1.0, "1.00 s"), (0.0412, "41.2 ms"), (7.7e-5, "77.0 µs"), (0.5, "500 ms")],
)
def test_durations_have_three_digits_and_a_fitting_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_table_is_a_line_for_its_head_a_rule_and_its_rows() -> None:
    assert markdown_table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


@pytest.mark.slow
def test_a_case_runs_by_itself_and_writes_its_section(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    assert main(["--quick", "--case", "ensembles", "cuda", "--out", str(page)]) == 0
    text = page.read_text()
    assert "Machine-updates a second" in text
    assert "one thread each" in text
    assert "Part" not in text
    assert "## Ensembles" in capsys.readouterr().out
