"""The transport bar: the page's title, its buttons, and for a run the speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import streamlit as st

from app.controls.callbacks import on_value
from app.controls.words import SPEEDS, TRANSPORT
from app.jobs.pace import Speed
from app.session import state

__all__ = ["Button", "Enabled", "RunActs", "run_transport", "transport"]


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button of the bar.

    Attributes:
        key: Its key; a link may hide it.
        label: Its text.
        icon: Its icon, from the font that Streamlit ships, or None.
        help: Its tooltip.
        action: What a click does.
        enabled: Whether it can be clicked.
        primary: Whether it is the one to press next.
    """

    key: str
    label: str
    icon: str | None
    help: str
    action: Callable[[], None]
    enabled: bool = True
    primary: bool = False


class RunActs(Protocol):
    """What can be done to the run on show; a page's module `actions` does it."""

    def train(self) -> None:
        """Go on, or start what the controls say."""

    def pause(self) -> None:
        """Stop."""

    def step(self) -> None:
        """Make one update."""

    def rewind(self) -> None:
        """Back to the first weights."""

    def new_start(self) -> None:
        """Back to other first weights."""

    def keep_pace(self) -> None:
        """Hold a run that is under way to the speed now chosen."""


@dataclass(frozen=True, kw_only=True)
class Enabled:
    """Which buttons of a run can be clicked; the others always can."""

    train: bool
    pause: bool
    step: bool


def transport(
    title: str, buttons: Sequence[Button], *, tail: Callable[[], None] | None = None
) -> None:
    """Draw the bar.

    Args:
        title: Heading of the page, at the left of the bar.
        buttons: The buttons, left to right.
        tail: Draws what stands at the right of them.
    """
    here = state.session()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="transport"):
        st.title(title, width="content", anchor=False)
        for button in buttons:
            if here.shows(button.key):
                st.button(
                    button.label,
                    key=button.key,
                    icon=button.icon,
                    help=button.help,
                    on_click=button.action,
                    disabled=not button.enabled,
                    type="primary" if button.primary else "secondary",
                )
        if tail is not None:
            tail()


def run_transport(
    title: str, acts: RunActs, enabled: Enabled, *, more: Sequence[Button] = ()
) -> None:
    """Draw the bar of a run: Train, Pause, Step, Rewind, New start, and the speed.

    Args:
        title: Heading of the page.
        acts: What the buttons do.
        enabled: Which can be clicked.
        more: Further buttons.
    """

    def button(key: str, action: Callable[[], None], **settings: bool) -> Button:
        label, icon, tip = TRANSPORT[key]
        return Button(key=key, label=label, icon=icon, help=tip, action=action, **settings)

    buttons = [
        button("train", acts.train, enabled=enabled.train, primary=True),
        button("pause", acts.pause, enabled=enabled.pause),
        button("step", acts.step, enabled=enabled.step),
        button("rewind", acts.rewind),
        button("new_start", acts.new_start),
        *more,
    ]
    transport(title, buttons, tail=lambda: _speed(acts))


def _speed(acts: RunActs) -> None:
    here = state.session()

    def chosen(speed: Speed) -> None:
        here.speed = speed
        acts.keep_pace()

    label, _, tip = TRANSPORT["speed"]
    st.session_state["speed"] = here.speed
    st.segmented_control(
        label,
        list(SPEEDS),
        key="speed",
        format_func=SPEEDS.__getitem__,
        help=tip,
        required=True,
        label_visibility="collapsed",
        on_change=on_value("speed", chosen),
    )
