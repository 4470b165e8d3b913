"""A button that copies the page's full link, and the link itself to read or take by hand."""

from __future__ import annotations

from app.components.mounting import component

__all__ = ["copy_link"]

_component = component("copy_link")


def copy_link(query: str, *, key: str, label: str) -> None:
    """Draw the button and the link.

    Args:
        query: The link's query, without the question mark; the browser knows the rest.
        key: Name of the control.
        label: The button's text.
    """
    _component(key=key, data={"query": query, "label": label})
