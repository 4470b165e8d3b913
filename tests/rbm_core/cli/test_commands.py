"""Laws of the command line: presets and training give the engine's numbers, a line each."""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch

from rbm_core import (
    PRESETS,
    Recipe,
    fingerprint,
    load_checkpoint,
    load_dataset,
    log_likelihood,
    measure,
)
from rbm_core.cli import main
from rbm_core.cli.output import cell_text, json_line
from tests.rbm_core.cli.command_line import FAST, Capture, lines, without_seconds

OLD_RUN = Path(__file__).parents[2] / "fixtures" / "version_0_1_run.safetensors"


def test_presets_lists_every_recipe_and_each_reads_back(capsys: Capture) -> None:
    rows = lines(capsys, "presets")
    assert [row["preset"] for row in rows] == list(PRESETS)
    for row in rows:
        recipe = PRESETS[str(row["preset"])].recipe
        assert Recipe.from_json(json.dumps(row["recipe"])) == recipe
        assert row["hash"] == recipe.hash()
    assert main(["presets"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PRESETS)


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


def test_a_run_of_the_first_version_goes_on_and_says_that_its_numbers_are_others(
    capsys: Capture,
) -> None:
    assert main(["train", "--resume", str(OLD_RUN), "--epochs", "3", "--json"]) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line)["update"] for line in out.splitlines()] == [100, 150]
    assert "version 0.1, which drew other random numbers" in err
    assert load_checkpoint(OLD_RUN).stream == 1


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


def test_numbers_that_are_not_finite_become_null() -> None:
    values = {"a": math.nan, "b": [math.inf, 1.0], "c": {"d": -math.inf}, "e": True, "f": None}
    found = json.loads(json_line(values))
    assert found == {"a": None, "b": [None, 1.0], "c": {"d": None}, "e": True, "f": None}


def test_table_cells_show_four_decimals_and_say_what_is_missing() -> None:
    cells = [1.23456, 7, None, True, [1.0, 2.0], "text", 1e9, math.inf]
    assert [cell_text(cell) for cell in cells] == [
        "1.2346", "7", "-", "yes", "1.0000 to 2.0000", "text", "1e+09", "inf",
    ]  # fmt: skip
