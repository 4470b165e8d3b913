"""*Filters*: every receptive field, and which units tell nothing."""

from __future__ import annotations

import streamlit as st

from app.charts.filters import activity_kinds
from app.components.image_board import image_board
from app.components.live_board import live_board
from app.session import state
from pages.images.acts.picture_choice import segmented
from pages.images.acts.stage import Stage, follow_machine
from pages.images.chart_panels import histogram_panels
from pages.images.panel import explanations
from pages.images.panels import N_TILES, filter_panel
from pages.images.view import View
from pages.images.words import charts as chart_words
from pages.images.words.labels import ORDERS, SCALES

__all__ = ["show"]

MOSAIC_PIXELS = 450
CURVE_PIXELS = 165


def show(stage: Stage) -> None:
    """Draw the act.

    Args:
        stage: What it is given.
    """
    with stage.row:
        order = segmented("filter_order", "order", ORDERS)
        scale = segmented("filter_scale", "scale", SCALES)
        page = _page(stage.view.rbm.n_hidden)

    def draw(now: View) -> None:
        left, right = st.columns([3, 2])
        with left:
            mosaic = filter_panel(now, order, scale, MOSAIC_PIXELS, page)
            image_board([mosaic], key="filters_board", columns="1fr")
        with right:
            charts = histogram_panels(now, CURVE_PIXELS)
            projector = state.session().projector
            live_board(charts, key="filters_charts", columns=1, projector=projector)
            st.caption(_units(now))

    follow_machine(stage, draw, lambda now: now.moves)
    explanations(stage.view, "filters")


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
    if view.readings is None:
        return chart_words.NO_ACTIVITY
    dead, always = activity_kinds(view.readings.measures.use.numpy())
    n_hidden = view.rbm.n_hidden
    return chart_words.units_named((dead + 1).tolist(), (always + 1).tolist(), n_hidden)
