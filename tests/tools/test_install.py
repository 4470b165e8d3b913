"""The environment that the Makefile's targets run in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.environment import ROOT, Environment
from tools.install import compile_loops, digest, is_current, loops, requirement_files


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


def test_every_file_with_a_compiled_function_is_known() -> None:
    engine = ROOT / "rbm_core"
    decorated = {file for file in engine.rglob("*.py") if "\n@compiled\n" in file.read_text()}
    assert decorated
    assert decorated <= set(loops(engine))


def test_loops_are_compiled_again_only_when_they_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    env = Environment(tmp_path)

    def run(*words: str) -> bool:
        asked.append(words[0])
        return True

    monkeypatch.setattr(env, "run", run)
    compile_loops(env)
    compile_loops(env)
    assert asked == ["-c"]
    (tmp_path / ".rbm-lab-compiled").write_text("of other loops")
    compile_loops(env)
    assert asked == ["-c", "-c"]


def test_a_set_up_that_cannot_compile_goes_on_and_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    env = Environment(tmp_path)
    monkeypatch.setattr(env, "run", lambda *_words: False)
    compile_loops(env)
    assert "the first start tries again" in capsys.readouterr().out
    assert not (tmp_path / ".rbm-lab-compiled").exists()
