"""How the cost of an update grows, one size at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.plot import Panel, draw, has_matplotlib
from benchmarks.problem import Problem, and_gate, images
from benchmarks.processor import page_name, vectors
from benchmarks.programs.engine import Engine, start
from benchmarks.programs.notebook import Notebook
from benchmarks.programs.products import Products
from benchmarks.table import Section, duration, markdown_table
from benchmarks.timing import Effort, take_turns

__all__ = ["growth"]

N_ROWS = 6400
MOST_ROUNDS = 5

Make = Callable[[int], Mapping[str, Callable[[int], object]]]


@dataclass(frozen=True, kw_only=True)
class _Sweep:
    """One size that grows.

    Attributes:
        title: Of the panel.
        axis: Name of the size.
        sizes: Its values.
        make: Size → programs.
        per_machine: Whether a program of that size trains as many machines.
    """

    title: str
    axis: str
    sizes: tuple[int, ...]
    make: Make
    per_machine: bool = False


def growth(effort: Effort, root: Path | None) -> Section:
    """Measure every sweep, draw them, and write their numbers."""
    dataset = images(root, n_rows=N_ROWS)
    effort = replace(effort, rounds=min(effort.rounds, MOST_ROUNDS))
    base = Problem(dataset=dataset, n_hidden=500, k=1, batch_size=64, learning_rate=0.01)
    sweeps = [
        _Sweep(
            title="784 pixels, k = 1, batch 64",
            axis="hidden units",
            sizes=(16, 64, 250, 500, 1000, 2000),
            make=lambda n: _three(replace(base, n_hidden=n)),
        ),
        _Sweep(
            title="784×500, batch 64",
            axis="k",
            sizes=(1, 2, 5, 10, 25),
            make=lambda k: _three(replace(base, k=k)),
        ),
        _Sweep(
            title="784×500, k = 1",
            axis="batch",
            sizes=(8, 16, 64, 256, 1024),
            make=lambda n: _three(replace(base, batch_size=n)),
        ),
        _Sweep(
            title="a gate, 3×3, batch 100",
            axis="k",
            sizes=(1, 3, 10, 30, 100),
            make=lambda k: _three(and_gate(k=k)),
        ),
        _Sweep(
            title="gates side by side, k = 4, per machine",
            axis="machines",
            sizes=(1, 8, 64, 512, 4096),
            make=_ensemble,
            per_machine=True,
        ),
    ]
    if not effort.full:
        sweeps = [replace(sweep, sizes=sweep.sizes[:3]) for sweep in sweeps]
    panels = [_measure(sweep, effort) for sweep in sweeps]
    body = ["CPU time of an update; both axes of the plot are logarithmic."]
    if not effort.full:
        body.append("Shortened, so the plot was not drawn.")
    elif has_matplotlib():
        figure = Path("docs") / Path(page_name(vectors())).with_suffix(".svg")
        draw(panels, figure)
        body.append(f"![Cost of an update against size]({figure.name})")
    else:
        body.append("matplotlib is missing, so the plot was not drawn.")
    return Section(
        name="growth",
        title="How the cost grows",
        body=[*body, *(_table(panel) for panel in panels)],
    )


def _three(problem: Problem) -> Mapping[str, Callable[[int], object]]:
    return {
        "rbm_core": Engine(problem).train,
        "notebook": Notebook(problem).train,
        "products alone": Products(problem).train,
    }


def _ensemble(n: int) -> Mapping[str, Callable[[int], object]]:
    problem = and_gate(k=4)
    return {
        "rbm_core": start(problem, n_replicas=n).advance,
        "notebook": Notebook(problem).train,  # one machine after another
    }


def _measure(sweep: _Sweep, effort: Effort) -> Panel:
    lines: dict[str, list[float]] = {}
    for size in sweep.sizes:
        programs = sweep.make(size)
        timings = take_turns(programs, effort)
        for name in programs:
            machines = size if sweep.per_machine and name == "rbm_core" else 1
            lines.setdefault(name, []).append(timings.median(name) / machines)
    return Panel(
        title=sweep.title,
        axis=sweep.axis,
        sizes=sweep.sizes,
        lines={name: tuple(values) for name, values in lines.items()},
    )


def _table(panel: Panel) -> str:
    head = [f"{panel.title}: {panel.axis}", *(str(size) for size in panel.sizes)]
    rows = [[name, *map(duration, values)] for name, values in panel.lines.items()]
    return markdown_table(head, rows)
