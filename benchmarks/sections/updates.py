"""Training updates, program by program: images of 784 pixels, and a gate of three bits."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from benchmarks.problem import Problem, and_gate, images
from benchmarks.programs import CONTENDERS, at_hand
from benchmarks.table import Claim, Section, at_least, at_most, duration, markdown_table
from benchmarks.timing import Effort, Timings, take_turns

__all__ = ["gates", "image_updates"]

IMAGE_KS = (1, 3, 10, 25)
GATE_KS = (1, 4, 30, 100)
# How many times as fast as the notebook, by k.
IMAGE_GAINS = {1: 2.7, 3: 2.9, 10: 3.1}
GATE_GAINS = {4: 100, 30: 400, 100: 1000}
# How many times as long as ours the nearest peer takes, and ours as the products alone.
PEER_LEAD, MOST_OVER_PRODUCTS = 1.55, 1.2
GATE_PEER, GATE_PEER_LEADS = "boltzmann9", {1: 12, 4: 20}
N_IMAGES, N_IMAGES_QUICK = 60_000, 3200
OURS, NOTEBOOK = "rbm_core", "notebook"
FLOORS = tuple(contender.name for contender in CONTENDERS if contender.floor)


def image_updates(effort: Effort, root: Path | None) -> Section:
    """Measure the notebook's image machine: 784×500, batches of 64."""
    dataset = images(root, n_rows=N_IMAGES if effort.full else N_IMAGES_QUICK)

    def problem(k: int) -> Problem:
        return Problem(dataset=dataset, n_hidden=500, k=k, batch_size=64, learning_rate=0.01)

    timings = {k: _measure(problem(k), effort) for k in IMAGE_KS}
    return Section(
        name="images",
        title="Images: 784 visible and 500 hidden units, batches of 64",
        body=[
            f"Data: {dataset.name}, {len(dataset.train)} rows. CPU time of an update, and how many "
            "times ours it is.",
            _table(timings),
        ],
        claims=[
            claim for k, gain in IMAGE_GAINS.items() for claim in _image_claims(k, gain, timings[k])
        ],
    )


def _image_claims(k: int, gain: float, timing: Timings) -> list[Claim]:
    claims = [
        at_least(f"k = {k}: the notebook over ours", timing.ratio(NOTEBOOK, OURS), gain),
        at_most(
            f"k = {k}: ours over the products alone, by the better library",
            max(timing.ratio(OURS, name) for name in FLOORS),
            MOST_OVER_PRODUCTS,
        ),
    ]
    peers = [name for name in timing.seconds if name not in (OURS, NOTEBOOK, *FLOORS)]
    if peers:
        nearest = min(peers, key=lambda name: timing.ratio(name, OURS))
        claims.append(
            at_least(
                f"k = {k}: {nearest}, the nearest peer, over ours",
                timing.ratio(nearest, OURS),
                PEER_LEAD,
            )
        )
    return claims


def gates(effort: Effort, root: Path | None) -> Section:  # noqa: ARG001  (one signature for all)
    """Measure the notebook's AND machine: 3×3, batches of 100."""
    timings = {k: _measure(and_gate(k=k), effort) for k in GATE_KS}
    growth = timings[100].median(OURS) / timings[4].median(OURS)
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
            *(
                at_least(f"k = {k}: the notebook over ours", timings[k].ratio(NOTEBOOK, OURS), gain)
                for k, gain in GATE_GAINS.items()
            ),
            *(
                at_least(f"k = {k}: {GATE_PEER} over ours", timings[k].ratio(GATE_PEER, OURS), lead)
                for k, lead in GATE_PEER_LEADS.items()
                if GATE_PEER in timings[k].seconds
            ),
            at_most("k = 100 over k = 4", growth, 1.5),
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
