"""*Filters*: every receptive field, and which units tell nothing."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.charts.filters import activity_kinds
from app.components.image_board import image_board
from app.components.live_board import live_board
from app.session import state
from pages.images import chart_panels as charts_of
from pages.images import panel as image_panel
from pages.images import panels
from pages.images.acts.picture_choice import segmented
from pages.images.desk import View
from pages.images.desk import view as on_show
from pages.images.panels import N_TILES
from pages.images.words import charts as chart_words
from pages.images.words.labels import ORDERS, SCALES
from rbm_core import Recipe

__all__ = ["show"]

POLL_SECONDS = 0.5
MOSAIC_PIXELS = 450
CURVE_PIXELS = 165


def show(view: View, recipe: Recipe, row: DeltaGenerator) -> None:
    """Draw the act.

    Args:
        view: The machine on show.
        recipe: What the controls say.
        row: Where the act's own controls go.
    """
    with row:
        order = segmented("filter_order", "order", ORDERS)
        scale = segmented("filter_scale", "scale", SCALES)
        page = _page(view.rbm.n_hidden)
    moving = image_panel.busy(view) or view.opening

    @st.fragment(run_every=POLL_SECONDS if moving else None)
    def board() -> None:
        """Poll while the run trains; one rerun of the page when it stops."""
        now = on_show(recipe)
        if now is None:
            st.rerun()
            return
        image_panel.readout(now, recipe)
        left, right = st.columns([3, 2])
        with left:
            mosaic = panels.filter_panel(now, order, scale, MOSAIC_PIXELS, page)
            image_board([mosaic], key="filters_board", columns="1fr")
        with right:
            charts = charts_of.histogram_panels(now, CURVE_PIXELS)
            projector = state.session().projector
            live_board(charts, key="filters_charts", columns=1, projector=projector)
            st.caption(_units(now))
        if moving and not (image_panel.busy(now) or now.opening):
            st.rerun()

    board()
    image_panel.explanations(view, "filters")


def _page(n_hidden: int) -> int:
    """Ask which hundred units are shown, where there are more."""
    if n_hidden <= N_TILES:
        return 0
    starts = range(0, n_hidden, N_TILES)
    names = {
        str(i): f"{first + 1}–{min(first + N_TILES, n_hidden)}" for i, first in enumerate(starts)
    }
    return int(segmented("filter_page", "units", names))


def _units(view: View) -> str:
    if view.measures is None:
        return chart_words.NO_ACTIVITY
    dead, always = activity_kinds(view.measures.use.numpy())
    n_hidden = view.rbm.n_hidden
    return chart_words.units_named((dead + 1).tolist(), (always + 1).tolist(), n_hidden)
