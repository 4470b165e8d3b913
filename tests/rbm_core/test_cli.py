"""Laws of the command line: the engine's numbers, JSON a line, and one line for bad input."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save

from rbm_core import (
    PRESETS,
    RBM,
    Recipe,
    fingerprint,
    load_checkpoint,
    load_dataset,
    log_likelihood,
    measure,
    save_checkpoint,
)
from rbm_core.cli import main
from rbm_core.cli.output import json_line, number_text
from rbm_core.datasets import FetchProgress
from tests import notebook_machines as notebook

Capture = pytest.CaptureFixture[str]
FAST = ("--dataset", "and", "--epochs", "3", "--updates-per-epoch", "20", "--batch", "10")


def lines(capsys: Capture, *arguments: str) -> list[dict[str, object]]:
    """Run a subcommand with --json and read what it printed."""
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return [json.loads(line, parse_constant=_refuse) for line in out.splitlines()]


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def without_seconds(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


@pytest.fixture
def notebook_files(tmp_path: Path) -> dict[str, str]:
    """Files with nothing but the three tensors."""
    paths = {}
    for name, rbm in notebook.MACHINES.items():
        path = tmp_path / f"{name}.safetensors"
        tensors = zip(("weights", "visible_bias", "hidden_bias"), rbm.parameters(), strict=True)
        path.write_bytes(save({key: t.float().contiguous() for key, t in tensors}))
        paths[name] = str(path)
    return paths


# ------------------------------------------------------------------------------- presets


def test_presets_lists_every_recipe_and_each_reads_back(capsys: Capture) -> None:
    rows = lines(capsys, "presets")
    assert [row["preset"] for row in rows] == list(PRESETS)
    for row in rows:
        recipe = PRESETS[str(row["preset"])].recipe
        assert Recipe.from_json(json.dumps(row["recipe"])) == recipe
        assert row["hash"] == recipe.hash()
    assert main(["presets"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PRESETS)


# --------------------------------------------------------------------------------- train


def test_train_prints_the_engines_numbers_an_epoch_a_line(capsys: Capture) -> None:
    rows = lines(capsys, "train", *FAST, "--seed", "7")
    dataset = load_dataset("and")
    recipe = PRESETS["and-from-scratch"].recipe.replace(
        epochs=3, updates_per_epoch=20, batch_size=10, seed=7
    )
    run = recipe.start(dataset)
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert [row["update"] for row in rows] == [20, 40, 60]
    for row, record in zip(rows, run, strict=True):
        exact = measure(run.rbm, dataset)
        assert record.success_rate is not None
        assert exact.valid_mass is not None
        assert exact.relaxation_time is not None
        assert row["free_energy_gap"] == float(record.free_energy_gap)
        assert row["success_rate"] == float(record.success_rate)
        assert row["valid_mass"] == float(exact.valid_mass)
        assert row["relaxation_time"] == float(exact.relaxation_time)
        assert row["log_likelihood"] == float(log_likelihood(run.rbm, dataset.train))
        assert row["parameters"] == fingerprint(run.rbm)
        assert row["recipe"] == recipe.hash()
        assert isinstance(row["seconds"], float)


def test_the_same_seed_gives_the_same_lines_and_another_others(capsys: Capture) -> None:
    one, same, other = (
        without_seconds(lines(capsys, "train", *FAST, "--seed", seed)) for seed in "554"
    )
    assert one == same
    assert one != other


def test_flags_files_and_presets_that_say_the_same_train_the_same(
    capsys: Capture, tmp_path: Path
) -> None:
    recipe = PRESETS["notebook-and-short"].recipe.replace(epochs=1, updates_per_epoch=30, seed=3)
    (tmp_path / "recipe.json").write_text(recipe.to_json())
    by_file = lines(capsys, "train", "--recipe", str(tmp_path / "recipe.json"))
    by_preset = lines(
        capsys, "train", "--preset", "notebook-and-short", "--epochs", "1",
        "--updates-per-epoch", "30", "--seed", "3",
    )  # fmt: skip
    query = recipe.to_query()
    flags = [word for name, text in query.items() if name != "v" for word in (f"--{name}", text)]
    by_flags = lines(capsys, "train", *flags)
    assert without_seconds(by_file) == without_seconds(by_preset) == without_seconds(by_flags)


def test_a_run_resumed_on_the_command_line_equals_one_never_interrupted(
    capsys: Capture, tmp_path: Path
) -> None:
    flags = (*FAST, "--scheme", "pcd", "--momentum", "linear 0:0.5 3:0.9", "--seed", "2")
    whole = lines(capsys, "train", *flags, "--out", str(tmp_path / "whole"))
    first = lines(
        capsys, "train", *flags[:2], "--epochs", "2", *flags[4:], "--out", str(tmp_path / "cut")
    )
    rest = lines(
        capsys, "train", "--resume", str(tmp_path / "cut"), "--epochs", "3",
        "--out", str(tmp_path / "joined"),
    )  # fmt: skip
    assert [row["parameters"] for row in first + rest] == [row["parameters"] for row in whole]
    assert rest[0]["free_energy_gap"] == whole[2]["free_energy_gap"]
    ends = [load_checkpoint(tmp_path / name) for name in ("whole", "joined")]
    assert ends[0].recipe == ends[1].recipe
    assert ends[0].state is not None
    assert ends[1].state is not None
    assert torch.equal(ends[0].state.generator_state, ends[1].state.generator_state)


def test_checkpoints_come_at_doubling_updates_and_change_no_line(
    capsys: Capture, tmp_path: Path
) -> None:
    plain = lines(capsys, "train", *FAST)
    saved = lines(capsys, "train", *FAST, "--checkpoints", str(tmp_path / "deep" / "folder"))
    assert without_seconds(plain) == without_seconds(saved)
    found = sorted((tmp_path / "deep" / "folder").iterdir())
    updates = [int(path.stem.removeprefix("update-")) for path in found]
    assert updates == [0, 1, 2, 4, 8, 16, 32, 60]
    middle = str(found[-2])
    rest = lines(capsys, "train", "--resume", middle)
    assert [row["parameters"] for row in rest] == [row["parameters"] for row in plain[1:]]


def test_resuming_a_complete_run_adds_no_line(capsys: Capture, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    lines(capsys, "train", *FAST, "--out", out)
    assert lines(capsys, "train", "--resume", out) == []


def test_images_carry_reconstruction_error_and_small_ones_their_likelihood(
    capsys: Capture,
) -> None:
    digits = ("train", "--preset", "small-digits", "--epochs", "1", "--updates-per-epoch", "2")
    row = lines(capsys, *digits)[0]
    assert 0 < float(str(row["reconstruction_error"])) < 0.2
    assert not {"success_rate", "valid_mass", "relaxation_time", "log_likelihood"} & set(row)
    few = lines(capsys, *digits, "--hidden", "5")[0]
    assert float(str(few["log_likelihood"])) < 0


def test_without_json_a_table_goes_to_stdout_and_the_bar_to_stderr(
    capsys: Capture, tmp_path: Path
) -> None:
    assert main(["train", *FAST, "--out", str(tmp_path / "run")]) == 0
    out, err = capsys.readouterr()
    rows = out.splitlines()
    assert rows[0].split() == [
        "epoch", "update", "free_energy_gap", "success_rate", "valid_mass", "relaxation_time",
        "log_likelihood", "seconds",
    ]  # fmt: skip
    assert [row.split()[:2] for row in rows[1:4]] == [["1", "20"], ["2", "40"], ["3", "60"]]
    rbm = load_checkpoint(tmp_path / "run").rbm
    assert rows[4].split()[0] == "recipe"
    assert rows[4].endswith(f"parameters {fingerprint(rbm)}")
    assert "update/s" in err


# ------------------------------------------------------------------------------ evaluate


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


# ------------------------------------------------------------------------------- correct


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


# -------------------------------------------------------------------------------- sample


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


# ---------------------------------------------------------------------------------- data


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


# ----------------------------------------------------------------------------- bad input


BAD = [
    ("train --preset nope", "preset 'nope' is unknown; known are xor-ready"),
    ("train --dataset and --hidden -1", "--hidden: n_hidden is -1; it must be from 1 to 4096"),
    ("train --dataset and --hidden x", "hidden is 'x'; it must be a whole number"),
    ("train --dataset and --k four", "k: 'four' is neither a number nor a schedule"),
    ("train --dataset and --lr 0", "learning_rate is 0; it must be above 0"),
    ("train --dataset and --seed 1e3", "seed is '1e3'; it must be a whole number"),
    ("train --dataset table:0,1,1", "came with 3 rows; it needs 2, 4, 8 or 16"),
    ("train --dataset nothing", "data set 'nothing' is unknown"),
    ("train --preset xor-ready --out /nowhere/run", "/nowhere/run cannot be written"),
    ("train --preset xor-ready --checkpoints /dev/null/x", "--checkpoints /dev/null/x cannot be"),
    ("train --preset xor-ready --recipe x.json", "both name a recipe; give one"),
    ("train --recipe nowhere.json", "recipe nowhere.json cannot be read"),
    ("train --recipe .", "recipe . cannot be read"),
    ("train", "no recipe came; give --preset NAME, --recipe FILE or --dataset NAME"),
    ("train --preset xor-ready --unknown", "unrecognized arguments: --unknown"),
    ("train --pre xor-ready", "unrecognized arguments: --pre"),
    ("train --preset xor-ready --device tpu", "invalid choice: 'tpu'"),
    ("train --resume nowhere", "nowhere does not exist"),
    ("train --resume SMALL", "holds a machine but no run to go on with"),
    ("train --resume SMALL --preset xor-ready", "brings its own recipe"),
    ("train --resume SMALL --seed 1 --hidden 4", "--hidden, --seed came with --resume"),
    ("train --dataset and --chains matrix --hidden 99", "at most 12 of each"),
    ("evaluate", "the following arguments are required: CHECKPOINT"),
    ("evaluate nowhere", "nowhere does not exist; give the path of a checkpoint"),
    ("evaluate CUT", "may be truncated or of another format"),
    ("evaluate FOREIGN", "may be truncated or of another format"),
    ("evaluate ENSEMBLE", "holds an ensemble (2,) of machines"),
    ("evaluate SMALL --dataset half-adder", "has 3 visible units and 'half-adder' needs 4"),
    ("evaluate SMALL --dataset and --split test", "no split 'test'; it has train"),
    ("correct SMALL", "does not say what it was trained on; add --gate"),
    ("correct SMALL --gate and --steps 0", "n_steps is 0"),
    ("correct SMALL --gate and --steps x", "argument --steps: invalid int value: 'x'"),
    ("correct SMALL --gate and --row 4", "row is 4; the table has rows 0 to 3"),
    ("correct SMALL --gate and --output 1", "output is 1; the table has outputs 0 to 0"),
    ("correct SMALL --gate and --chains 0", "--chains is 0; it must be at least 1"),
    ("correct SMALL --gate and --seed -1", "seed is -1"),
    ("sample SMALL --steps 3,1", "it must be whole numbers that rise from 0 or above"),
    ("sample SMALL --steps 1,x", "--steps is '1,x'; it must be whole numbers that rise"),
    ("sample SMALL --chains 0", "--chains is 0; it must be at least 1"),
    ("sample SMALL --start data", "does not say what it was trained on; add --dataset"),
    ("sample SMALL --start probe", "probe squares need images"),
    ("sample SMALL --start warm", "invalid choice: 'warm'"),
    ("sample SMALL --out grid.png", "3 visible units make no picture"),
    ("sample small-digits --out /nowhere/grid.png", "/nowhere/grid.png cannot be written"),
    ("data fetch imagenet", "'imagenet' cannot be fetched; allowed are mnist, fashion-mnist"),
    ("data", "the following arguments are required: action, NAME"),
    ("", "the following arguments are required: COMMAND"),
    ("dance", "invalid choice: 'dance'"),
]


@pytest.mark.parametrize(("command", "complaint"), BAD)
def test_bad_input_exits_two_with_one_line_that_says_what_to_do(
    capsys: Capture,
    tmp_path: Path,
    notebook_files: dict[str, str],
    command: str,
    complaint: str,
) -> None:
    whole = Path(notebook_files["small"]).read_bytes()
    (tmp_path / "cut").write_bytes(whole[:-9])
    (tmp_path / "foreign").write_bytes(b"\x80\x04\x95 something else entirely")
    save_checkpoint(
        tmp_path / "ensemble", RBM(torch.zeros(2, 3, 3), torch.zeros(2, 3), torch.zeros(2, 3))
    )
    places = {
        "SMALL": notebook_files["small"], "CUT": str(tmp_path / "cut"),
        "FOREIGN": str(tmp_path / "foreign"), "ENSEMBLE": str(tmp_path / "ensemble"),
    }  # fmt: skip
    assert main([places.get(word, word) for word in command.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert complaint in err


@pytest.mark.parametrize(
    "recipe", ['{"dataset": "and", "n_hidden": -1}',
               '{"dataset": "and", "n_hidden": 3, "training": {"k": "four"}}', "{", "\x00"],
)  # fmt: skip
def test_a_malformed_recipe_file_is_named(capsys: Capture, tmp_path: Path, recipe: str) -> None:
    (tmp_path / "bad.json").write_text(recipe)
    assert main(["train", "--recipe", str(tmp_path / "bad.json")]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "bad.json" in err


def test_help_is_no_error(capsys: Capture) -> None:
    for words in ([], ["train"], ["evaluate"], ["correct"], ["presets"], ["sample"], ["data"]):
        assert main([*words, "--help"]) == 0
        assert "usage: python -m rbm_core" in capsys.readouterr().out


def test_an_interrupted_run_says_so_without_a_traceback(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rbm_core.training.TrainRun.advance", interrupt)
    assert main(["train", *FAST, "--json"]) == 130
    assert capsys.readouterr().err.splitlines() == ["python -m rbm_core train: interrupted"]


def test_the_program_runs_as_a_module_and_survives_a_reader_that_leaves() -> None:
    command = f"{sys.executable} -m rbm_core train --dataset and --epochs 3 --json | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["epoch"] == 1
    assert done.stderr == ""


# -------------------------------------------------------------------------------- output


def test_numbers_that_are_not_finite_become_null() -> None:
    values = {"a": math.nan, "b": [math.inf, 1.0], "c": {"d": -math.inf}, "e": True, "f": None}
    found = json.loads(json_line(values))
    assert found == {"a": None, "b": [None, 1.0], "c": {"d": None}, "e": True, "f": None}


def test_table_cells_show_four_decimals_and_say_what_is_missing() -> None:
    cells = [1.23456, 7, None, True, [1.0, 2.0], "text", 1e9, math.inf]
    assert [number_text(cell) for cell in cells] == [
        "1.2346", "7", "-", "yes", "1.0000 to 2.0000", "text", "1e+09", "inf",
    ]  # fmt: skip
