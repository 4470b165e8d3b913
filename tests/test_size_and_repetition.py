"""Files stay small, rooms stay few, and nothing is said twice."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SMALL = ("app", "pages", "rbm_core")
SAID_ONCE = (*SMALL, "tools")
SUFFIXES = {".py", ".js", ".css"}
FOREIGN = {"vendor", "node_modules"}
MOST_LINES = 300
MOST_ENTRIES = {"app": 12, "rbm_core": 16}
REPEATED = 6

Line = tuple[int, str]


def sources(*folders: str) -> Iterator[Path]:
    """The code of some folders, the browser's included."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and not FOREIGN & set(path.parts):
                yield path


def imports(text: str, suffix: str) -> set[int]:
    """The numbers of the lines that import something."""
    if suffix == ".py":
        nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
        return {line for n in nodes for line in range(n.lineno, (n.end_lineno or n.lineno) + 1)}
    taken: set[int] = set()
    for found in re.finditer(r"^import\b[^;]*;", text, flags=re.MULTILINE):
        first = text.count("\n", 0, found.start()) + 1
        taken |= set(range(first, first + found.group().count("\n") + 1))
    return taken


def telling_lines(text: str, suffix: str) -> list[Line]:
    """The lines that say something, with their numbers: no blanks, brackets or imports."""
    passed_over = imports(text, suffix)
    return [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if number not in passed_over and re.search(r"\w", line)
    ]


def repetitions(texts: dict[str, str]) -> list[str]:
    """Places, at most one a file and its double, where the same lines stand."""
    seen: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, text in texts.items():
        lines = telling_lines(text, Path(name).suffix)
        for start in range(len(lines) - REPEATED + 1):
            run = lines[start : start + REPEATED]
            seen[tuple(line for _, line in run)].append(f"{name}:{run[0][0]}")
    return [" ~ ".join(places) for places in seen.values() if len(places) > 1]


@pytest.mark.parametrize("folder", SMALL)
def test_no_file_is_longer_than_a_sitting(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(folder)
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize(("folder", "most"), MOST_ENTRIES.items())
def test_a_newcomer_finds_the_room_in_a_short_listing(folder: str, most: int) -> None:
    entries = {each.name for each in (ROOT / folder).iterdir()} - {"__pycache__"}
    assert len(entries) <= most, sorted(entries)


def test_no_six_lines_stand_twice() -> None:
    texts = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sources(*SAID_ONCE)
    }
    assert repetitions(texts) == []


def test_repetitions_are_found_across_blanks_and_not_among_imports() -> None:
    body = [f"x{i} = {i}" for i in range(REPEATED)]
    one = "\n".join(["import os", *body])
    other = "\n\n".join(["from sys import (", "    path,", ")", *body, "print(path)"])
    assert repetitions({"a.py": one, "b.py": other}) == ["a.py:2 ~ b.py:7"]
    assert repetitions({"a.py": one, "b.py": "\n".join(body[1:])}) == []
    same = "\n".join(f"import {name} from './{name}.js';" for name in "abcdefg")
    assert repetitions({"a.js": same, "b.js": same}) == []
