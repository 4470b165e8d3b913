"""The acts of *Images*, one at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.images import panel as image_panel
from pages.images.acts import chain as chain_act
from pages.images.acts import data as data_act
from pages.images.acts import dream as dream_act
from pages.images.acts import filters as filters_act
from pages.images.acts import repair as repair_act
from pages.images.desk import View
from rbm_core import Recipe

__all__ = ["show"]

ACTS: dict[str, Callable[[View, Recipe, DeltaGenerator], None]] = {
    "dream": dream_act.show,
    "filters": filters_act.show,
    "chain": chain_act.show,
    "repair": repair_act.show,
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
    if chosen == "data" or view is None:
        data_act.show(view, recipe, row)
        return
    ACTS[chosen](view, recipe, row)
