"""What the server put into the controls, and whether the browser had seen it when it answered.

A click sends the values of all controls. One that comes while the page is still being drawn brings
the values from before, and those are not the visitor's: nobody chose them again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from app.controls.callbacks import on_value
from app.session import state

__all__ = ["draw_mark", "fill", "offered", "on_filled"]

# A control without a look: the browser sends it back with the values that it belongs to.
MARK = "filled"


@dataclass(eq=False)
class Fills:
    """When controls were last given another value than the one the visitor had set.

    Attributes:
        now: Number of times that this happened to any control.
        changed_at: The last of them, by key of the control.
        beyond: Values that controls held beside the ones that they offer to everybody.
    """

    now: int = 0
    changed_at: dict[str, int] = field(default_factory=dict)
    beyond: dict[tuple[str, tuple[float, ...]], set[float]] = field(default_factory=dict)

    def note(self, key: str) -> None:
        """Note that a control was given another value."""
        self.now += 1
        self.changed_at[key] = self.now

    def seen(self, key: str) -> bool:
        """Whether the browser had the control's last value when it sent what is handled now."""
        mark = st.session_state.get(MARK)
        return mark is None or int(mark) >= self.changed_at.get(key, 0)


def fill(key: str, value: object) -> None:
    """Put the true value into a control before it is drawn.

    Each time, even where the key holds it: on another page a control of the same key is a new one,
    and would start from its own default.

    Args:
        key: The control's key.
        value: What it shall show.
    """
    if st.session_state.get(key, value) != value:
        _fills().note(key)
    st.session_state[key] = value


def offered(key: str, choices: tuple[float, ...], value: float) -> list[float]:
    """Return what a control offers, a preset's or link's own value among it.

    The own value stays on offer when it is left: a browser that still shows it may go back to it.

    Args:
        key: The control's key.
        choices: What it offers to everybody.
        value: What it shall show.
    """
    beyond = _fills().beyond.setdefault((key, choices), set())
    beyond |= {value} - set(choices)
    return sorted({*choices, *beyond})


def on_filled(key: str, take: Callable[[Any], object]) -> Callable[[], None]:
    """Return a callback that hands a filled control's new value on, if the visitor set it.

    Args:
        key: The control's key.
        take: Takes the value.
    """

    def taken(value: object) -> None:
        if _fills().seen(key):
            take(value)

    return on_value(key, taken)


def draw_mark() -> None:
    """Draw the mark: after the controls it speaks for, so that it never comes before them."""
    st.session_state[MARK] = str(_fills().now)
    st.text_input(MARK, key=MARK, label_visibility="collapsed")


def _fills() -> Fills:
    return state.session().of_page(Fills, Fills)
