"""The acts of *Images*, one at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.image_desk import View
from app.widgets import dream_act, image_panel
from rbm_core import Recipe

__all__ = ["show"]

ACTS: dict[str, Callable[[View, Recipe, DeltaGenerator], None]] = {
    "dream": dream_act.show,
}


def show(view: View | None, recipe: Recipe) -> None:
    """Draw the choice of acts, and the act chosen.

    Args:
        view: The machine on show, or None when there is neither data nor a finished machine.
        recipe: What the controls say.
    """
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        chosen = image_panel.choose_act()
    if view is None:
        image_panel.complain(None)
        return
    ACTS[chosen](view, recipe, row)
    image_panel.explanations(view, chosen)
