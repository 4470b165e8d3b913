"""White, whatever the viewer's system prefers: a dark page washes out on a projector."""

from __future__ import annotations

from app.components.mounting import component

__all__ = ["white_page"]

_component = component("white_page")


def white_page() -> None:
    """Load the page again in the light theme if it stands in the dark one."""
    _component(key="white_page", height=1)
