"""What a control does when it is moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

__all__ = ["on_value"]


def on_value(key: str, take: Callable[[Any], object]) -> Callable[[], None]:
    """Return a callback that hands a control's new value on, if the control is still there.

    A callback may run after its page was left, when the server is busy: the key of the control is
    gone by then, and so is what the visitor wanted of it.

    Args:
        key: The control's key.
        take: Takes the value.
    """

    def callback() -> None:
        value = st.session_state.get(key)
        if value is not None:
            take(value)

    return callback
