"""The look of the page around the components, in place before anything is drawn."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

__all__ = ["page_style"]

_HERE = Path(__file__).parent


def page_style(*, projector: bool) -> None:
    """Send the page's styles.

    Args:
        projector: Whether it is shown to a lecture hall.
    """
    st.html(_HERE / "page.css")
    if projector:
        st.html(_HERE / "projector.css")
