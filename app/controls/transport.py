"""The transport bar: Train, Pause, Step, Rewind, New start, and the speed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

__all__ = ["Button", "transport"]


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button of the bar.

    Attributes:
        key: Its key.
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


def transport(
    title: str, buttons: list[Button], choices: Mapping[str, tuple[str, Mapping[str, str], str]]
) -> dict[str, str]:
    """Draw the bar.

    Args:
        title: Heading of the page, at the left of the bar.
        buttons: The buttons, left to right.
        choices: Small choices at the right, by key: label, options with their text, tooltip. The
            second option is the one chosen at first.

    Returns:
        The chosen option of each.
    """
    chosen = {}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="transport"):
        st.title(title, width="content", anchor=False)
        for button in buttons:
            st.button(
                button.label,
                key=button.key,
                icon=button.icon,
                help=button.help,
                on_click=button.action,
                disabled=not button.enabled,
                type="primary" if button.primary else "secondary",
            )
        for key, (label, options, tip) in choices.items():
            chosen[key] = st.segmented_control(
                label,
                list(options),
                default=list(options)[min(1, len(options) - 1)]
                if key == "speed"
                else next(iter(options)),
                key=key,
                format_func=options.__getitem__,
                help=tip,
                required=True,
                label_visibility="collapsed",
                persist_state="session",
            )
    return chosen
