"""The acts of *Images*, one at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.images.acts import chain, data, dream, filters, repair
from pages.images.acts.stage import Stage
from pages.images.panel import choose_act
from pages.images.view import View
from rbm_core import Recipe

__all__ = ["show_chosen"]

ACTS: dict[str, Callable[[Stage], None]] = {
    "dream": dream.show,
    "filters": filters.show,
    "chain": chain.show,
    "repair": repair.show,
}


def show_chosen(view: View | None, recipe: Recipe) -> None:
    """Draw the choice of acts, and the act chosen.

    Args:
        view: The machine on show, or None when there is neither data nor a finished machine.
        recipe: What the controls say.
    """
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        chosen = choose_act()
    if chosen == "data" or view is None:
        data.show(view, recipe)
    else:
        ACTS[chosen](Stage(view=view, recipe=recipe, row=row))
