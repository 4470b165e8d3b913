"""The frame around every page: settings, styles, navigation, and what was wrong with the link."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.components.page_style import page_style
from app.components.white_page import white_page
from app.controls import sidebar
from app.session import state

__all__ = ["run"]

TITLE = "RBM Lab"
# Folder of the page, its name, its icon (from the font that Streamlit ships). The first is landing.
PAGES = (
    ("flip_a_bit", "Flip a bit", ":material/swap_vert:"),
    ("train_a_gate", "Train a gate", ":material/model_training:"),
    ("gibbs_steps", "Gibbs, step by step", ":material/footprint:"),
    ("images", "Images", ":material/image:"),
)

SIDEBAR_PIXELS = 264


def run(pages: Path) -> None:
    """Set the page up and run the one that was chosen.

    Args:
        pages: The folder of pages.
    """
    st.set_page_config(
        page_title=TITLE,
        page_icon=_ICON,
        layout="wide",
        initial_sidebar_state=SIDEBAR_PIXELS,
    )
    here = state.begin()
    page_style(projector=here.projector)
    chosen = st.navigation(
        [
            st.Page(
                pages / folder / "page.py",
                title=title,
                icon=icon,
                url_path=folder,
                default=number == 0,
            )
            for number, (folder, title, icon) in enumerate(PAGES)
        ],
        position="top",
    )
    above = st.container()
    chosen.run()
    if here.complaints:
        above.warning("  \n".join(here.complaints))
    # Last: the page has settled by now what is on show; the link and the address bar say so.
    link = state.query(here.kind)
    sidebar.show_link(state.link_text(link))
    state.sync_link(link)
    if here.projector:
        white_page()


# Drawn here: Streamlit would fetch an emoji from elsewhere.
_ICON = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <g stroke="#0B5FA5" stroke-width="3">
    <path d="M14 48 20 16M14 48 44 16M32 48 20 16M32 48 44 16M50 48 20 16"/></g>
  <path d="M50 48 44 16" stroke="#B35806" stroke-width="5"/>
  <g fill="#F7F7F7" stroke="#0B5FA5" stroke-width="4">
    <circle cx="20" cy="16" r="8"/><circle cx="44" cy="16" r="8"/>
    <circle cx="14" cy="48" r="8"/><circle cx="32" cy="48" r="8"/></g>
  <circle cx="50" cy="48" r="8" fill="#B35806" stroke="#B35806" stroke-width="4"/>
</svg>
"""
