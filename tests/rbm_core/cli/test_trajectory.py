"""Laws of `trajectory`: log Z at every age that `train --checkpoints` wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from rbm_core import (
    RBM,
    LadderSchedule,
    base_machine,
    film_estimate,
    film_of,
    load_checkpoint,
    load_dataset,
    log_likelihood,
    make_generator,
    save_checkpoint,
    trajectory_ladder,
)
from rbm_core.cli import main
from tests.rbm_core.cli.command_line import Capture, lines
from tests.rbm_core.ladders import film_of as tabled_film


@pytest.fixture
def folder(tmp_path: Path, capsys: Capture) -> Path:
    """Checkpoints after 0, 1, 2, 4, …, 64 and 100 updates of AND."""
    words = ("--preset", "and-from-scratch", "--epochs", "1", "--updates-per-epoch", "100")
    lines(capsys, "train", *words, "--checkpoints", str(tmp_path))
    return tmp_path


def test_trajectory_prints_the_engines_numbers_a_checkpoint_a_line(
    folder: Path, capsys: Capture
) -> None:
    rows = lines(capsys, "trajectory", str(folder), "--rounds", "1000", "--seed", "3")
    assert [row["update"] for row in rows] == [0, 1, 2, 4, 8, 16, 32, 64, 100]
    assert rows[-1]["rung"] is True
    machines = [load_checkpoint(file).rbm for file in sorted(folder.iterdir())]
    film = film_of(machines)
    data = load_dataset("and").train
    base = base_machine(machines[0], data)
    ladder = trajectory_ladder(film, make_generator(3, "pilot"), base=base)
    stream = make_generator(3, "ladder")
    *_, end = film_estimate(ladder, stream, schedule=LadderSchedule(n_rounds=1000))
    assert end.film_log_partition is not None
    assert [row["log_partition"] for row in rows] == end.film_log_partition.tolist()
    for row, rbm in zip(rows, machines, strict=True):
        error = float(str(row["std_error"]))
        assert float(str(row["log_partition"])) == pytest.approx(
            float(str(row["exact"])), abs=4 * error + 1e-3
        )
        told = float(log_likelihood(rbm, data))
        assert float(str(row["log_likelihood"])) == pytest.approx(told, abs=4 * error + 1e-3)


def test_trajectory_is_a_table_for_people_and_says_how_it_climbed(
    folder: Path, capsys: Capture
) -> None:
    assert main(["trajectory", str(folder), "--rounds", "100"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == [
        "update", "rung", "log_partition", "std_error", "exact", "log_likelihood",
    ]  # fmt: skip
    assert len(out) == 11
    assert "swap rates from" in out[-1]


def test_files_without_a_run_stand_in_the_order_they_came(tmp_path: Path, capsys: Capture) -> None:
    film, files = tabled_film("xor"), []
    for i in (0, 3, 6):
        files.append(str(tmp_path / f"{9 - i}.safetensors"))
        save_checkpoint(files[-1], film.replica(i))
    rows = lines(capsys, "trajectory", *files, "--rounds", "500")
    assert [row["update"] for row in rows] == [0, 1, 2]
    exact = [float(str(row["exact"])) for row in rows]
    assert exact == pytest.approx([4.4454, 4.5693, 7.4766], abs=1e-4)
    assert "log_likelihood" not in rows[0]


def test_trajectory_says_in_one_line_what_it_cannot_use(tmp_path: Path, capsys: Capture) -> None:
    small, large = (RBM(torch.zeros(n, 2), torch.zeros(n), torch.zeros(2)) for n in (3, 5))
    files = [str(tmp_path / f"{name}.safetensors") for name in ("small", "large")]
    for file, rbm in zip(files, (small, large), strict=True):
        save_checkpoint(file, rbm)
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, complaint in (
        ([str(empty)], "holds no checkpoints"),
        (files, "not those of one run"),
        ([files[0], "--columns", "1"], "columns is 1"),
        ([files[0], "--rounds", "5"], "n_rounds is 5"),
        ([files[0], "--target", "1"], "target is 1.0"),
        ([files[0], "--gate", "half-adder"], "half-adder"),
    ):
        assert main(["trajectory", *words]) == 2
        last = capsys.readouterr().err.splitlines()[-1]
        assert last.startswith("python -m rbm_core trajectory: ")
        assert complaint in last
