"""What a release says of itself: one version, and a changelog that opens with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from rbm_core import __version__
from rbm_core.cli import main

ROOT = Path(__file__).resolve().parents[1]


def read(name: str) -> str:
    """A file of the project's root."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_command_line_tells_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"RBM Lab {__version__}\n"


def test_the_package_takes_its_version_from_the_engine() -> None:
    settings = tomllib.loads(read("pyproject.toml"))
    assert "version" in settings["project"]["dynamic"]
    assert settings["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "rbm_core.__version__"}


def test_changelog_and_citation_name_the_version_and_its_day() -> None:
    released = re.search(r"^## \[(\d[\d.]*)\] - (\S+)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert released
    version, day = released.groups()
    assert version == __version__
    assert f"version: {version}\ndate-released: {day}\n" in read("CITATION.cff")
