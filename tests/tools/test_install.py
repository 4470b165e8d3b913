"""The environment that the Makefile's targets run in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.environment import Environment
from tools.install import digest, is_current, requirement_files


def test_the_python_lies_where_each_system_puts_it() -> None:
    folder = Path("venv")
    assert Environment(folder, is_windows=False).python == folder / "bin" / "python"
    assert Environment(folder, is_windows=True).python == folder / "Scripts" / "python.exe"


def test_a_stamp_holds_until_requirements_or_constraints_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = requirement_files(dev=True)
    stamp = tmp_path / "stamp"
    assert not is_current(stamp, digest(files), "auto")
    stamp.write_text(f"{digest(files)} cpu")
    assert is_current(stamp, digest(files), "auto")
    assert is_current(stamp, digest(files), "cpu")
    assert not is_current(stamp, digest(files), "cuda")
    renewed = tmp_path / "constraints.txt"
    renewed.write_text("torch==2.15.0\n")
    monkeypatch.setattr("tools.install.CONSTRAINTS", renewed)
    assert not is_current(stamp, digest(files), "auto")
