"""Sections of the report, and the page they are written into, each between its own markers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rbm_core.recipes.checkpoint import write_whole

__all__ = [
    "Claim",
    "Section",
    "at_least",
    "at_most",
    "duration",
    "markdown_table",
    "percentile",
    "update_page",
]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Something the engine must show, and what was measured.

    Attributes:
        text: What is wanted.
        measured: What came out, in words.
        holds: Whether that is enough.
    """

    text: str
    measured: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the report.

    Attributes:
        name: Of its markers, and of the choice on the command line.
        title: Its heading.
        body: Markdown under the heading: what was measured, tables.
        claims: What had to be shown.
    """

    name: str
    title: str
    body: Sequence[str]
    claims: Sequence[Claim] = field(default_factory=tuple)

    def markdown(self) -> str:
        """Write the section with its claims as a table of what holds."""
        parts = [f"## {self.title}", *self.body]
        if self.claims:
            rows = [
                [claim.text, claim.measured, "yes" if claim.holds else "**no**"]
                for claim in self.claims
            ]
            parts.append(markdown_table(["Wanted", "Measured", "Holds"], rows))
        return "\n\n".join(parts)


def at_least(text: str, ratio: float, least: float) -> Claim:
    """Claim that a ratio reaches a limit.

    Args:
        text: What is compared.
        ratio: What was measured.
        least: The limit.
    """
    return Claim(text=f"{text}: at least {least:g}", measured=_digits(ratio), holds=ratio >= least)


def at_most(text: str, ratio: float, most: float) -> Claim:
    """Claim that a ratio stays within a limit.

    Args:
        text: What is compared.
        ratio: What was measured.
        most: The limit.
    """
    return Claim(text=f"{text}: at most {most:g}", measured=_digits(ratio), holds=ratio <= most)


def _digits(ratio: float) -> str:
    return f"{ratio:.3g}" if ratio < 100 else f"{ratio:.0f}"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table; all columns but the first are set to the right when numeric."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def duration(seconds: float) -> str:
    """Write a time with three digits and the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size or unit == "µs":
            value = seconds / size
            digits = max(0, 2 - len(str(int(value))) + 1)
            return f"{value:.{digits}f} {unit}"
    raise AssertionError


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that so large a share of the values does not exceed; NaN of none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def update_page(path: Path, template: str, sections: Sequence[Section]) -> None:
    """Put sections between their markers; everything else on the page stays.

    Args:
        path: The page; it is begun from the template where it does not exist.
        template: A page with a pair of markers for every section.
        sections: What to write.

    Raises:
        ValueError: If the page has lost a section's markers.
    """
    page = path.read_text(encoding="utf-8") if path.exists() else template
    for section in sections:
        begin, end = markers(section.name)
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        if not pattern.search(page):
            raise ValueError(
                f"{path} has no lines {begin!r} and {end!r}; put them where the section "
                "belongs, or remove the page to begin it anew"
            )
        text = f"{begin}\n{section.markdown()}\n{end}"
        page = pattern.sub(lambda _match, text=text: text, page)  # type: ignore[misc]
    write_whole(path, page.encode())


def markers(name: str) -> tuple[str, str]:
    """Return the lines that a section stands between."""
    return f"<!-- begin {name} -->", f"<!-- end {name} -->"
