"""Training updates, program by program: images of 784 pixels, and a gate of three bits."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.problem import Problem, and_gate, images
from benchmarks.programs import CONTENDERS, at_hand
from benchmarks.table import Claim, Section, duration, markdown_table
from benchmarks.timing import Effort, Timings, take_turns

__all__ = ["gates", "image_updates"]

IMAGE_KS = (1, 3, 10, 25)
GATE_KS = (1, 4, 30, 100)
N_IMAGES, N_IMAGES_QUICK = 60_000, 3200
OURS, NOTEBOOK, PRODUCTS = "rbm_core", "notebook", "products alone"


def image_updates(effort: Effort, root: Path | None) -> Section:
    """Measure the notebook's image machine: 784×500, batches of 64."""
    dataset = images(root, n_rows=N_IMAGES if effort.full else N_IMAGES_QUICK)

    def problem(k: int) -> Problem:
        return Problem(dataset=dataset, n_hidden=500, k=k, batch_size=64, learning_rate=0.01)

    timings = {k: _measure(problem(k), effort) for k in IMAGE_KS}
    over_notebook = [timing.ratio(NOTEBOOK, OURS) for timing in timings.values()]
    over_products = [timing.ratio(OURS, PRODUCTS) for timing in timings.values()]
    closest = _closest_peer(timings.values())
    return Section(
        name="images",
        title="Images: 784 visible and 500 hidden units, batches of 64",
        body=[
            f"Data: {dataset.name}, {len(dataset.train)} rows. CPU time of an update, and how many "
            "times ours it is.",
            _table(timings),
        ],
        claims=[
            Claim(
                text="at least 2.5 times as fast as the notebook at each k",
                measured=_listed(over_notebook),
                holds=min(over_notebook) >= 2.5,
            ),
            Claim(
                text="faster than every peer at each k",
                measured="no peer is installed" if closest is None else closest[1],
                holds=closest is not None and closest[0] > 1,
            ),
            Claim(
                text="at most 1.35 times the matrix products alone (torch.mm) at each k",
                measured=_listed(over_products),
                holds=max(over_products) <= 1.35,
            ),
        ],
    )


def gates(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001  (one signature for all)
    """Measure the notebook's AND machine: 3×3, batches of 100."""
    timings = {k: _measure(and_gate(k=k), effort) for k in GATE_KS}
    growth = timings[100].median(OURS) / timings[4].median(OURS)
    at_4, at_30 = (timings[k].ratio(NOTEBOOK, OURS) for k in (4, 30))
    return Section(
        name="gates",
        title="A gate: 3 visible and 3 hidden units, batches of 100",
        body=[
            "The notebook and this engine draw their batches, and count legal rows, as part of "
            "every update; the peers are handed theirs and count nothing. CPU time of an update, "
            "and how many times ours it is.",
            _table(timings),
        ],
        claims=[
            Claim(
                text="k = 4 at least 8 times as fast as the notebook",
                measured=f"{at_4:.1f}",
                holds=at_4 >= 8,
            ),
            Claim(
                text="k = 30 at least 25 times as fast as the notebook",
                measured=f"{at_30:.1f}",
                holds=at_30 >= 25,
            ),
            Claim(
                text="k = 100 costs at most 1.5 times what k = 4 does",
                measured=f"{growth:.2f}",
                holds=growth <= 1.5,
            ),
        ],
    )


def _measure(problem: Problem, effort: Effort) -> Timings:
    programs: dict[str, Callable[[int], object]] = {
        contender.name: contender.make(problem).train for contender in at_hand(problem.k)
    }
    timings = take_turns(programs, effort)
    programs.clear()
    gc.collect()
    return timings


def _table(timings: dict[int, Timings]) -> str:
    rows = []
    for contender in CONTENDERS:
        cells = [
            _cell(timing, contender.name) if contender.name in timing.seconds else "–"
            for timing in timings.values()
        ]
        if set(cells) != {"–"}:
            rows.append([contender.name, *cells])
    return markdown_table(["", *(f"k = {k}" for k in timings)], rows)


def _cell(timing: Timings, name: str) -> str:
    taken = duration(timing.median(name))
    return f"**{taken}**" if name == OURS else f"{taken} ({timing.ratio(name, OURS):.2f}×)"


def _closest_peer(timings: Iterable[Timings]) -> tuple[float, str] | None:
    """Return the smallest ratio of a peer to ours and who it was, None without peers."""
    peers = {c.name for c in CONTENDERS if not c.floor} - {OURS, NOTEBOOK}
    found = [
        (timing.ratio(name, OURS), name)
        for timing in timings
        for name in timing.seconds
        if name in peers
    ]
    if not found:
        return None
    ratio, name = min(found)
    return ratio, f"the closest, {name}, takes {ratio:.2f} times as long"


def _listed(ratios: Sequence[float]) -> str:
    return ", ".join(f"{ratio:.2f}" for ratio in ratios)
