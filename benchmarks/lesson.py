"""What a class does on the dashboard, and what each visitor waits for."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field

from benchmarks.visitor import Visitor, visit

__all__ = ["Lesson", "Waits", "teach"]

# Everybody opens the link within this time.
ARRIVAL_S = 5.0
# A visitor looks at the screen for so long before the next click.
THINK_S = (1.0, 3.0)
# A run that trains is watched for so long before it is paused, or left for another page.
WATCH_S = (4.0, 8.0)
VERDICT_PATIENCE_S = 90.0


@dataclass(kw_only=True)
class Waits:
    """What a class waited for, in seconds.

    Attributes:
        opening: From opening the link to the page.
        clicks: From a click to the page that answers it, a page switch included.
        verdicts: From *Train* to the verdict.
        refresh_rates: Redraws a second of each session while a run trained.
        problems: What went wrong, a line each.
    """

    opening: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    verdicts: list[float] = field(default_factory=list)
    refresh_rates: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a class does.

    Attributes:
        subject: "gates" or "images".
        preset: Slug of the preset that all of them open.
        n_sessions: How many they are.
        seconds: For how long.
    """

    subject: str
    preset: str
    n_sessions: int
    seconds: float


def teach(lesson: Lesson, address: str) -> Waits:
    """Let a class work on a served dashboard.

    Args:
        lesson: What it does.
        address: The dashboard's.
    """
    return asyncio.run(_teach(lesson, address))


async def _teach(lesson: Lesson, address: str) -> Waits:
    waits = Waits()
    end = time.perf_counter() + ARRIVAL_S + lesson.seconds

    async def sit(seat: int) -> None:
        coins = random.Random(seat)
        await asyncio.sleep(ARRIVAL_S * seat / lesson.n_sessions)
        errand = _train_gates if lesson.subject == "gates" else _train_images
        visitor = await visit(address, lambda here: errand(here, lesson.preset, waits, coins, end))
        waits.problems += visitor.problems
        if visitor.redraws.seconds:
            waits.refresh_rates.append(visitor.redraws.n / visitor.redraws.seconds)

    await asyncio.gather(*(sit(seat) for seat in range(lesson.n_sessions)))
    return waits


async def _train_gates(
    here: Visitor, preset: str, waits: Waits, coins: random.Random, end: float
) -> None:
    """Train to the verdict, again and again; every third time, pause or look at another page."""
    waits.opening.append(await here.open("train_a_gate", f"preset={preset}"))
    for turn in range(sys.maxsize):
        await asyncio.sleep(coins.uniform(*THINK_S))
        if time.perf_counter() >= end:
            return
        began = time.perf_counter()
        waits.clicks.append(await here.click("train"))
        if turn % 3 == 2:
            await asyncio.sleep(coins.uniform(*THINK_S))
            waits.clicks.append(await here.click("pause"))
            waits.clicks.append(await here.click("train"))
        await here.until(
            lambda began=began: here.blocks.get("verdict", 0.0) > began,  # type: ignore[misc]
            VERDICT_PATIENCE_S,
        )
        if turn % 3 != 2:
            waits.verdicts.append(here.blocks["verdict"] - began)
        await asyncio.sleep(coins.uniform(*THINK_S))
        if turn % 3 == 1:
            await _look_elsewhere(here, "train_a_gate", waits, coins)
        waits.clicks.append(await here.click("new_start"))


async def _train_images(
    here: Visitor, preset: str, waits: Waits, coins: random.Random, end: float
) -> None:
    """Watch a run that trains; pause it, begin another, or look at another page, in turn."""
    waits.opening.append(await here.open("images", f"preset={preset}"))
    waits.clicks.append(await here.click("train"))
    for turn in range(sys.maxsize):
        await asyncio.sleep(coins.uniform(*WATCH_S))
        if time.perf_counter() >= end:
            return
        if turn % 3 == 1:
            await _look_elsewhere(here, "images", waits, coins)
            continue
        if here.can_click("pause"):
            waits.clicks.append(await here.click("pause"))
            await asyncio.sleep(coins.uniform(*THINK_S))
        if turn % 3 == 2:
            waits.clicks.append(await here.click("new_start"))
        waits.clicks.append(await here.click("train"))


async def _look_elsewhere(here: Visitor, home: str, waits: Waits, coins: random.Random) -> None:
    """To the landing page and back."""
    waits.clicks.append(await here.go_to(""))
    await asyncio.sleep(coins.uniform(*THINK_S))
    waits.clicks.append(await here.go_to(home))
