"""Laws of the command line: what it measures, samples and corrects of a file."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from rbm_core import RBM, load_checkpoint, save_checkpoint
from rbm_core.cli import main
from rbm_core.datasets import FetchProgress
from tests import notebook_machines as notebook
from tests.rbm_core.cli.command_line import FAST, Capture, lines


@pytest.mark.parametrize("name", ["small", "big"])
@pytest.mark.parametrize("flag", ["--dataset", "--gate"])
def test_evaluate_gives_the_notebooks_exact_numbers(
    capsys: Capture, notebook_files: dict[str, str], name: str, flag: str
) -> None:
    (row,) = lines(capsys, "evaluate", notebook_files[name], flag, "and")
    assert row["exact"] is True
    assert row["log_partition"] == pytest.approx(notebook.LOG_PARTITION[name], abs=5e-5)
    assert row["log_likelihood"] == pytest.approx(notebook.LOG_LIKELIHOOD_ON_AND[name], abs=5e-5)
    assert row["relaxation_time"] == pytest.approx(notebook.RELAXATION_TIME[name], abs=5e-3)
    assert row["valid_mass"] == pytest.approx(notebook.VALID_MASS[name], abs=5e-5)
    assert row["log_likelihood_bound"] == pytest.approx(-math.log(4))


def test_evaluate_without_data_says_what_needs_none(
    capsys: Capture, notebook_files: dict[str, str]
) -> None:
    (row,) = lines(capsys, "evaluate", notebook_files["small"])
    assert row["log_partition"] == pytest.approx(15.3597, abs=5e-5)
    assert row["relaxation_time"] == pytest.approx(58.74, abs=5e-3)
    assert "log_likelihood" not in row


def test_evaluate_takes_the_data_that_the_file_was_trained_on(
    capsys: Capture, tmp_path: Path
) -> None:
    trained = lines(capsys, "train", *FAST, "--out", str(tmp_path / "run"))
    (row,) = lines(capsys, "evaluate", str(tmp_path / "run"))
    assert row["dataset"] == "and"
    for name in ("log_likelihood", "valid_mass", "relaxation_time", "parameters"):
        assert row[name] == trained[-1][name]
    assert main(["evaluate", str(tmp_path / "run")]) == 0
    assert f"{row['log_likelihood']:.4f}" in capsys.readouterr().out


def test_evaluate_brackets_what_it_cannot_enumerate(capsys: Capture, tmp_path: Path) -> None:
    path = str(tmp_path / "digits")
    digits = ("--preset", "small-digits", "--epochs", "1", "--hidden", "23")
    lines(capsys, "train", *digits, "--out", path)
    quick = ("--betas", "linear-100", "--runs", "20")
    (row,) = lines(capsys, "evaluate", path, *quick)
    assert row["exact"] is False
    assert row["split"] == "test"
    bracket, errors = row["bracket"], row["bracket_std_error"]
    assert isinstance(bracket, list)
    assert isinstance(errors, list)
    assert len(bracket) == len(errors) == 2
    assert bracket[0] <= bracket[1]
    assert row["log_likelihood"] in bracket
    assert min(errors) > 0
    assert "relaxation_time" not in row
    assert lines(capsys, "evaluate", path, *quick) == [row]
    assert lines(capsys, "evaluate", path, *quick, "--seed", "1") != [row]
    three = tmp_path / "three"
    save_checkpoint(three, load_checkpoint(path).rbm)
    (alone,) = lines(capsys, "evaluate", str(three), *quick)
    assert alone["exact"] is False
    assert float(str(alone["std_error"])) > 0
    near = abs(float(str(alone["log_partition"])) - float(str(row["log_partition"])))
    assert near < 3 * (float(str(alone["std_error"])) + float(str(row["std_error"]))) + 0.5


@pytest.mark.parametrize("name", ["small", "big"])
def test_correct_gives_the_notebooks_exact_curve(
    capsys: Capture, notebook_files: dict[str, str], name: str
) -> None:
    flags = ("--gate", "and", "--steps", "30", "--chains", "20000")
    rows = lines(capsys, "correct", notebook_files[name], *flags)
    *steps, summary = rows
    assert [row["step"] for row in steps] == list(range(31))
    found = [steps[step]["expected_p_valid"] for step in notebook.CORRECTION_STEPS]
    assert found == pytest.approx(notebook.CORRECTION[name], abs=5e-5)
    for row in steps:
        assert row["sampled_p_valid"] == pytest.approx(row["expected_p_valid"], abs=0.0142)
    # facts.md: inputs free, 68 to 82 % of the repairs change an input.
    assert 0.6 < float(str(summary["expected_repaired_by_input"])) < 0.9
    for who in ("repaired_by_output", "repaired_by_input", "unrepaired"):
        assert summary[f"sampled_{who}"] == pytest.approx(summary[f"expected_{who}"], abs=0.0142)


def test_correct_with_inputs_held_repairs_by_the_output_alone(
    capsys: Capture, notebook_files: dict[str, str]
) -> None:
    flags = ("--gate", "and", "--steps", "12", "--clamp-inputs", "--row", "3")
    *steps, summary = lines(capsys, "correct", notebook_files["small"], *flags)
    assert summary["expected_repaired_by_input"] == summary["sampled_repaired_by_input"] == 0.0
    assert summary["n_chains"] == 1000
    free = lines(capsys, "correct", notebook_files["small"], *flags[:4])
    assert free[1]["expected_p_valid"] != steps[1]["expected_p_valid"]
    assert main(["correct", notebook_files["small"], *flags]) == 0
    assert "repaired by input: 0.0000 exact, 0.0000 sampled" in capsys.readouterr().out


def test_correct_is_a_function_of_the_seed(capsys: Capture, notebook_files: dict[str, str]) -> None:
    one, same, other = (
        lines(capsys, "correct", notebook_files["small"], "--gate", "and", "--seed", seed)
        for seed in "001"
    )
    assert one == same
    assert one != other


def test_sample_prints_the_chains_at_the_chosen_steps(
    capsys: Capture, notebook_files: dict[str, str]
) -> None:
    flags = ("--dataset", "and", "--steps", "0,1,40", "--chains", "4001", "--start", "noise")
    rows = lines(capsys, "sample", notebook_files["small"], *flags)
    assert [row["step"] for row in rows] == [0, 1, 40]
    assert rows[0]["legal_share"] == pytest.approx(0.5, abs=0.04)
    # Half the time constant of the slowest mode is over: most chains have reached a legal row.
    assert float(str(rows[2]["legal_share"])) > 0.9
    words = rows[2]["samples"]
    assert isinstance(words, list)
    assert len(words) == 4001
    legal = sum(word in {"000", "010", "100", "111"} for word in words) / 4001
    assert legal == rows[2]["legal_share"]
    assert lines(capsys, "sample", notebook_files["small"], *flags) == rows
    assert lines(capsys, "sample", notebook_files["small"], *flags, "--seed", "1") != rows


def test_chains_from_data_start_on_its_rows(
    capsys: Capture, notebook_files: dict[str, str]
) -> None:
    flags = ("--dataset", "and", "--steps", "0", "--chains", "4", "--start", "data")
    (row,) = lines(capsys, "sample", notebook_files["small"], *flags)
    words = row["samples"]
    assert isinstance(words, list)
    assert sorted(words) == ["000", "010", "100", "111"]


@pytest.mark.parametrize("start", ["noise", "data", "probe"])
def test_pictures_of_chains_have_a_line_for_each_look(
    capsys: Capture, tmp_path: Path, start: str
) -> None:
    path = tmp_path / "grid.png"
    flags = ("--steps", "0,1,3", "--chains", "7", "--scale", "1", "--out", str(path))
    assert main(["sample", "small-digits", "--start", start, *flags]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in out] == ["step", "0", "1", "3", "written"]
    with Image.open(path) as picture:
        assert picture.size == (7 * 10 + 2, 3 * 10 + 2)


def test_a_machine_without_a_recipe_is_drawn_as_the_square_it_fits(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "nine", RBM(torch.zeros(9, 2), torch.zeros(9), torch.zeros(2)))
    path = tmp_path / "grid.png"
    words = ["sample", str(tmp_path / "nine"), "--steps", "0,2", "--out", str(path), "--scale", "3"]
    assert main(words) == 0
    with Image.open(path) as picture:
        assert picture.size == (3 * (8 * 5 + 2), 3 * (2 * 5 + 2))


def test_data_that_is_there_is_left_as_it_is(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def pretend(names: list[str], root: Path, show: Callable[[FetchProgress], None]) -> list[Path]:
        asked.append((names, root))
        for n_bytes in (0, 50, 100):
            show(FetchProgress(name=names[0], file="train", n_files_done=3, n_files=4,
                               n_bytes=n_bytes, n_bytes_total=100))  # fmt: skip
        return [root / name for name in names]

    monkeypatch.setattr("rbm_core.cli.data.fetch", pretend)
    words = ["data", "fetch", "mnist", "fashion-mnist", "--root", str(tmp_path)]
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"mnist is in {tmp_path}/mnist", f"fashion-mnist is in {tmp_path}/fashion-mnist",
    ]  # fmt: skip
    rows = lines(capsys, *words)
    assert rows[0] == {"dataset": "mnist", "folder": f"{tmp_path}/mnist"}
    assert asked == [(["mnist", "fashion-mnist"], tmp_path)] * 2
