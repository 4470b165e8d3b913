"""The examples run as they say, and what they print holds."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from examples import bit_correction_figure, bracket_a_likelihood, correct_a_gate
from rbm_core import load_pretrained

Capture = pytest.CaptureFixture[str]
FOLDER = Path(__file__).resolve().parents[2] / "examples"


def numbers(text: str) -> list[float]:
    """The decimal numbers of a text."""
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def test_the_gate_is_learned_and_repaired(capsys: Capture) -> None:
    correct_a_gate.main()
    learning, repair = capsys.readouterr().out.split("\n\n")
    log_likelihoods = [numbers(line)[0] for line in learning.splitlines()]
    bound = -np.log(4)
    assert log_likelihoods[0] < log_likelihoods[-1] <= bound
    assert bound - log_likelihoods[-1] < 0.03
    steps = [numbers(line) for line in repair.splitlines() if line.startswith("step")]
    assert steps[0] == [0, 0]
    # Five standard errors of a share of 1000 chains, at most.
    assert all(abs(exact - sampled) < 5 * 0.5 / 1000**0.5 for exact, sampled in steps)
    assert steps[-1][0] > 0.9


def test_the_figure_shows_the_exact_curve_over_the_trajectories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    path = tmp_path / "figure.png"
    monkeypatch.setattr("sys.argv", ["bit_correction_figure", str(path)])
    bit_correction_figure.main()
    assert str(path) in capsys.readouterr().out
    with Image.open(path) as figure:
        assert figure.size == (bit_correction_figure.WIDTH, bit_correction_figure.HEIGHT)
        pixels = np.asarray(figure.convert("RGB")).reshape(-1, 3)
    for colour in (bit_correction_figure.EXACT, bit_correction_figure.TRAJECTORY):
        wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert (np.abs(pixels - wanted).max(1) < 8).sum() > 100


def test_longer_annealing_narrows_the_bracket_around_what_is_known(capsys: Capture) -> None:
    bracket_a_likelihood.main()
    lines = [line for line in capsys.readouterr().out.splitlines() if "log p(v)" in line]
    known = load_pretrained(bracket_a_likelihood.MACHINE).log_likelihood
    middle = float(known.lower + known.upper) / 2
    brackets = [numbers(line) for line in lines]
    for lower, lower_error, upper, upper_error in brackets:
        assert lower - 4 * lower_error <= middle <= upper + 4 * upper_error
    assert brackets[-1][1] < brackets[0][1]
    assert brackets[-1][3] < brackets[0][3]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_says_how_it_is_run(path: Path) -> None:
    assert f"python -m examples.{path.stem}" in path.read_text().partition('"""\n\n')[0]
