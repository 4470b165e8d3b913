"""A class at work on the dashboard: `python -m benchmarks.classroom`.

So many visitors train at the same time, with pauses to look, and what each waits for is measured:
from *Train* to the verdict, from a click to the page that answers it, and how often the screen is
redrawn while a run trains. The server is started for it, on this machine; both share its cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from pathlib import Path

from benchmarks.lesson import Lesson, Waits, teach
from benchmarks.processor import processor
from benchmarks.setting import load_average
from benchmarks.table import Claim, Section, duration, markdown_table, percentile
from tools.dashboard import serve

__all__ = ["CLASS_SIZE", "lesson_on", "main", "report"]

# The limits hold for a class of this size, on two cores.
CLASS_SIZE = 30
MOST_SESSIONS, MOST_SECONDS = 200, 600
SUBJECTS = ("gates", "images")
GATE, MNIST, OFFLINE = "and-from-scratch", "mnist-64", "small-digits"


def main(arguments: list[str] | None = None) -> int:
    """Let a class work and print what it waited for; 1 where a limit was missed."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not (1 <= given.sessions <= MOST_SESSIONS and 1 <= given.seconds <= MOST_SECONDS):
        parser.error(
            f"{given.sessions} sessions for {given.seconds} s: at most {MOST_SESSIONS} sessions "
            f"for {MOST_SECONDS} s, so that it always ends"
        )
    sections = []
    with serve() as address:
        for subject in SUBJECTS if given.subject == "both" else [given.subject]:
            lesson = lesson_on(subject, n_sessions=given.sessions, seconds=given.seconds)
            sections.append(report(lesson, teach(lesson, address), load_average()))
            print(sections[-1].markdown(), end="\n\n", flush=True)
    return int(not all(claim.holds for section in sections for claim in section.claims))


def lesson_on(subject: str, *, n_sessions: int, seconds: float) -> Lesson:
    """Return what a class does.

    Args:
        subject: One of SUBJECTS; the images are MNIST where RBM_DATA names a folder with it.
        n_sessions: How many they are.
        seconds: For how long.
    """
    data = os.environ.get("RBM_DATA")
    has_mnist = data is not None and (Path(data) / "MNIST").is_dir()
    images = MNIST if has_mnist else OFFLINE
    preset = GATE if subject == "gates" else images
    return Lesson(subject=subject, preset=preset, n_sessions=n_sessions, seconds=seconds)


def report(lesson: Lesson, waits: Waits, load: float) -> Section:
    """Write what a class waited for.

    Args:
        lesson: What it did.
        waits: What was measured.
        load: The machine's load average at the end.
    """
    rows = [
        _row("Opening the link", waits.opening),
        _row("A click, or a page switch", waits.clicks),
        _row("*Train* to the verdict", waits.verdicts),
    ]
    rate = statistics.mean(waits.refresh_rates) if waits.refresh_rates else float("nan")
    lines = [
        f"{lesson.n_sessions} visitors for {lesson.seconds:g} s, preset `{lesson.preset}`, on "
        f"{processor()}, {os.cpu_count()} cores, the load generator on the same machine; "
        f"load average {load:.1f} at the end.",
        markdown_table(["Wait for", "Times", "p50", "p95", "Longest"], rows),
        f"Screen refreshes while a run trains: {rate:.2f} a second and session. "
        f"Problems: {len(waits.problems)}.",
        *(f"- {count} × {problem}" for problem, count in _counted(waits.problems)),
    ]
    return Section(
        name=f"class-{lesson.subject}",
        title=f"A class of {lesson.n_sessions} at {lesson.subject}",
        body=lines,
        claims=_claims(lesson, waits, rate),
    )


def _row(what: str, seconds: list[float]) -> list[str]:
    if not seconds:
        return [what, "0", "–", "–", "–"]
    shares = (0.5, 0.95, 1.0)
    return [what, str(len(seconds)), *(duration(percentile(seconds, share)) for share in shares)]


def _claims(lesson: Lesson, waits: Waits, rate: float) -> list[Claim]:
    """The limits of a whole class; a smaller or larger one is only measured."""
    if lesson.n_sessions != CLASS_SIZE:
        return []
    limits = [("nothing goes wrong", float(len(waits.problems)), 0.0, "")]
    if lesson.subject == "gates":
        limits += _limits("*Train* to the verdict", waits.verdicts, {0.5: 6.6, 0.95: 7.5})
        limits += _limits("a click", waits.clicks, {0.5: 0.12, 0.95: 0.4})
    else:
        limits += _limits("a click", waits.clicks, {0.95: 0.5})
        limits.append(("seconds between screen refreshes: at most 1/1.9", 1 / rate, 1 / 1.9, " s"))
    return [
        Claim(text=text, measured=f"{value:.3g}{unit}", holds=value <= most)
        for text, value, most, unit in limits
    ]


def _limits(
    what: str, seconds: list[float], limits: dict[float, float]
) -> list[tuple[str, float, float, str]]:
    return [
        (f"{what}, p{100 * share:g}: at most {most:g} s", percentile(seconds, share), most, " s")
        for share, most in limits.items()
    ]


def _counted(problems: list[str]) -> list[tuple[str, int]]:
    return [(problem, problems.count(problem)) for problem in sorted(set(problems))]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.classroom", description="Let a class work on the dashboard."
    )
    parser.add_argument("subject", nargs="?", choices=[*SUBJECTS, "both"], default="both")
    parser.add_argument("--sessions", type=int, default=CLASS_SIZE, help=f"{CLASS_SIZE} by default")
    parser.add_argument("--seconds", type=int, default=60, help="after all have come; 60")
    return parser


if __name__ == "__main__":
    sys.exit(main())
