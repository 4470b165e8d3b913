"""Shared results are made once, by name, and the oldest go."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.shared_results import SharedResults


def test_result_is_made_once_however_many_ask_at_the_same_moment() -> None:
    shared: SharedResults[object] = SharedResults(3)
    go, made = threading.Event(), []

    def make() -> object:
        go.wait(10)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(shared.get, "one", make) for _ in range(8)]
        go.set()
        found = {id(future.result(10)) for future in asked}
    assert found == {id(made[0])}
    assert len(made) == 1


def test_who_asks_for_another_name_does_not_wait() -> None:
    shared: SharedResults[str] = SharedResults(3)
    begun, go = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        go.wait(10)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(shared.get, "slow", slow)
        assert begun.wait(10)
        assert shared.get("quick", lambda: "quick") == "quick"
        assert shared.known("slow") is None
        go.set()
        assert asked.result(10) == shared.known("slow") == "slow"


def test_one_that_failed_is_made_anew() -> None:
    shared: SharedResults[int] = SharedResults(3)
    with pytest.raises(ZeroDivisionError):
        shared.get("one", lambda: 1 // 0)
    assert shared.known("one") is None
    assert shared.get("one", lambda: 1) == 1


def test_those_asked_for_last_are_kept_and_the_others_told_to_leave() -> None:
    left: list[int] = []
    shared: SharedResults[int] = SharedResults(2, leave=left.append)
    for number in (1, 2, 1, 3):
        shared.get(number, lambda: number)  # noqa: B023  (called at once)
    assert left == [2]
    assert [shared.known(number) for number in (1, 2, 3)] == [1, None, 3]
