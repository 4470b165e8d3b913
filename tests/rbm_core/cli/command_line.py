"""How the tests run the command line."""

from __future__ import annotations

import json

import pytest

from rbm_core.cli import main

__all__ = ["FAST", "Capture", "lines", "without_seconds"]

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
