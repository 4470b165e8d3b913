"""Buttons that play an experiment in the browser: nothing is asked of the server for a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import streamlit as st

from app.components.mounting import component
from app.components.playback import Playback, PlaybackEvent
from app.jobs.pace import Speed

__all__ = ["BarControl", "PlaybackAct", "last_event", "playback_bar"]

PlaybackAct = Literal["run", "step", "rewind"]

_component = component("playback_bar")


@dataclass(frozen=True, kw_only=True)
class BarControl:
    """One control of the bar.

    Attributes:
        key: Its key in the page.
        label: Its text, or for the speeds its name.
        help: Its tooltip.
    """

    key: str
    label: str
    help: str


def playback_bar(
    key: str,
    *,
    buttons: Mapping[PlaybackAct, BarControl],
    pause: str,
    speed: BarControl | None,
    speeds: Mapping[Speed, str],
    playback: Playback,
    on_event: Callable[[], None],
) -> None:
    """Draw the bar.

    The server hears of what these buttons do in one message each: that the visitor started to
    play, paused it, or that it came to its end. It started the others itself, after a flip.

    Args:
        key: Name of the bar in the page; constant over updates.
        buttons: The buttons by what they do, left to right.
        pause: What the run button says while it plays.
        speed: The choice of the speed, or None.
        speeds: What each speed is called, by its name.
        playback: The experiment.
        on_event: Called when the browser told something; `last_event` then says what.
    """
    _component(
        key=key,
        data={
            "buttons": {act: asdict(control) for act, control in buttons.items()},
            "pause": pause,
            "speed": None if speed is None else asdict(speed),
            "speeds": dict(speeds),
            "playback": playback.to_dict(),
        },
        on_event_change=on_event,
    )


def last_event(key: str) -> PlaybackEvent | None:
    """Read what the browser told in this run of the script, or None.

    Args:
        key: Name of the bar.
    """
    return PlaybackEvent.from_browser(getattr(st.session_state.get(key), "event", None))
