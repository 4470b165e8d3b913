"""The import linter's contracts bite: it keeps silent about a pattern that matches no module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]
ROOTS: tuple[str, ...] = tuple(LINTER["root_packages"])


def modules() -> Iterator[str]:
    """Every module of the program by its dotted name, folders included."""
    for root in ROOTS:
        yield root
        for path in (ROOT / root).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield ".".join(parts[:-1])


def patterns() -> Iterator[str]:
    """Every pattern in the contracts that speaks of the program's own modules."""
    for contract in LINTER["contracts"]:
        names = [*contract.get("source_modules", []), *contract.get("forbidden_modules", [])]
        names += [*contract.get("modules", []), *contract.get("layers", [])]
        names += contract.get("ancestors", [])
        for edge in contract.get("ignore_imports", []):
            names += edge.split(" -> ")
        yield from (name for name in names if name.partition(".")[0] in ROOTS)


def matches(pattern: str, module: str) -> bool:
    """Whether the linter would take the pattern for the module: * is one name, ** are several."""
    regex = re.escape(pattern).replace(r"\*\*", r".+").replace(r"\*", r"[^.]+")
    return re.fullmatch(regex, module) is not None


@pytest.mark.parametrize("pattern", sorted(set(patterns())))
def test_every_pattern_matches_a_module(pattern: str) -> None:
    assert any(matches(pattern, module) for module in modules())


def test_a_star_is_one_name_and_two_are_several() -> None:
    assert matches("pages.*.board", "pages.images.board")
    assert not matches("pages.*.board", "pages.images.acts.board")
    assert matches("pages.**", "pages.images.acts.chain")
    assert not any(matches("pages.*.bord", module) for module in modules())
