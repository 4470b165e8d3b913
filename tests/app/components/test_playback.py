"""What the browser tells of a playback is read, and what is no such news is not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from app.components.playback import PlaybackEvent
from app.components.playback_bar import last_event
from app.gates.machine import Machine
from pages.flip_a_bit.experiment import Flip
from pages.flip_a_bit.view import FlipView
from rbm_core import preset

PAUSE = {"name": "pause", "experiment": "a1", "step": 7}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> dict[str, SimpleNamespace]:
    """What the browser told in this run of the script, by component."""
    told: dict[str, SimpleNamespace] = {}
    monkeypatch.setattr(st, "session_state", told)
    return told


def test_an_event_is_read_as_it_was_told(browser: dict[str, SimpleNamespace]) -> None:
    assert last_event("bar") is None
    for name in ("start", "pause", "end"):
        browser["bar"] = SimpleNamespace(event=PAUSE | {"name": name})
        event = last_event("bar")
        assert event is not None
        assert (event.name, event.experiment, event.step) == (name, "a1", 7)


@pytest.mark.parametrize(
    "told",
    [None, "end", {}, PAUSE | {"name": "stop"}, PAUSE | {"step": "7"}, {"name": "end", "step": 1}],
)
def test_what_is_no_event_is_none(browser: dict[str, SimpleNamespace], told: object) -> None:
    browser["bar"] = SimpleNamespace(event=told)
    assert last_event("bar") is None


def test_the_session_keeps_the_last_event(browser: dict[str, SimpleNamespace]) -> None:
    recipe = preset("xor-ready").recipe
    run = recipe.start()
    machine = Machine(
        recipe=recipe, dataset=run.dataset, rbm=run.rbm, update=0, n_updates=run.n_updates
    )
    view = FlipView(machine=machine, flip=Flip(v=(1, 1, 0)))
    browser["bar"] = SimpleNamespace(event=PAUSE)
    view.take_event("bar")
    browser["bar"] = SimpleNamespace(event=None)  # a run of the script without news
    view.take_event("bar")
    assert view.event == PlaybackEvent(name="pause", experiment="a1", step=7)
