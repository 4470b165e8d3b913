"""Laws of the command line: bad input is one line that says what to do, and exit 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from rbm_core import RBM, save_checkpoint
from rbm_core.cli import main
from tests.rbm_core.cli.command_line import FAST, Capture

BAD = [
    ("train --preset nope", "preset 'nope' is unknown; known are xor-ready"),
    (
        "train --dataset and --hidden -1",
        "--hidden: n_hidden is -1; it must be a whole number from 1 to 4096",
    ),
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
    (
        "correct SMALL --gate and --chains 0",
        "--chains is 0; it must be a whole number of at least 1",
    ),
    ("correct SMALL --gate and --seed -1", "seed is -1"),
    ("sample SMALL --steps 3,1", "it must be whole numbers that rise from 0 or above"),
    ("sample SMALL --steps 1,x", "--steps is '1,x'; it must be whole numbers that rise"),
    ("sample SMALL --chains 0", "--chains is 0; it must be a whole number of at least 1"),
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

    monkeypatch.setattr("rbm_core.training.run.TrainRun.advance", interrupt)
    assert main(["train", *FAST, "--json"]) == 130
    assert capsys.readouterr().err.splitlines() == ["python -m rbm_core train: interrupted"]


def test_the_program_runs_as_a_module_and_survives_a_reader_that_leaves() -> None:
    command = f"{sys.executable} -m rbm_core train --dataset and --epochs 3 --json | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["epoch"] == 1
    assert done.stderr == ""
