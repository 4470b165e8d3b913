"""*Data*: what is here, what a network can bring, and what a student sends."""

from __future__ import annotations

import streamlit as st

from app.components.image_board import image_board
from app.controls.polling import follow
from app.session import state
from pages.images.data import download, downloadable, is_here, start_download, take_upload
from pages.images.panel import complain, explanations
from pages.images.panels import preview_panel
from pages.images.rows import chosen_rows
from pages.images.view import View
from pages.images.words import data as data_words
from pages.images.words.labels import HELP, LABELS
from rbm_core import DataError, Recipe

__all__ = ["show"]

N_PREVIEW = 40
IN_STOCK = ("digits", "mnist", "fashion-mnist")


def show(view: View | None, recipe: Recipe) -> None:
    """Draw the act.

    Args:
        view: The machine on show, or None.
        recipe: What the controls say.
    """
    if view is None:
        complain()

    def stock() -> None:
        for name in IN_STOCK:
            _line(name, recipe)

    left, right = st.columns([3, 2], gap="large")
    with left:
        follow(stock, lambda: any(_running(name) for name in downloadable()))
    with right:
        _upload(recipe)
    if view is not None:
        _preview(view)
        explanations(view, "data")


def _preview(view: View) -> None:
    """Show the data on the desk: how many pictures there are, and forty of them."""
    rows = chosen_rows(view, None, N_PREVIEW)
    if view.readings is not None:
        data = view.readings.dataset
        n_test = 0 if data.test is None else len(data.test)
        st.markdown(data_words.data_row(data.name, len(data.train), n_test, view.image_shape))
    if rows is not None and len(rows):
        image_board([preview_panel(view, rows)], key="data_board", columns="1fr")


def _running(name: str) -> bool:
    known = download(name)
    return known is not None and known.progress.state == "running"


def _line(name: str, recipe: Recipe) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"stock_{name}"):
        if not is_here(name):
            st.markdown(data_words.data_away(name), width="stretch")
            _download(name)
            return
        st.markdown(data_words.data_here(name), width="stretch")
        in_use = recipe.dataset == name
        label = LABELS["in_use" if in_use else "use"]
        if st.button(label, key=f"use_{name}", help=HELP["use"], disabled=in_use):
            _use(name)
            st.rerun()  # the sidebar stands outside this fragment
    known = download(name)
    if known is not None and known.progress.state == "failed":
        st.error(known.progress.error)


def _download(name: str) -> None:
    known = download(name)
    if known is not None and known.progress.state == "running":
        now = known.progress
        st.progress(now.fraction, data_words.downloading(now.file, now.fraction), width=260)
        st.button(LABELS["cancel"], key=f"cancel_{name}", on_click=known.cancel)
        return
    if st.button(
        LABELS["download"],
        key=f"download_{name}",
        icon=":material/download:",
        help=HELP["download"],
    ):
        start_download(name)
        st.rerun()
    if known is not None and known.progress.state == "failed":
        st.error(known.progress.error)


def _use(name: str) -> None:
    state.session().choose_images(name)


def _upload(recipe: Recipe) -> None:
    sent = st.file_uploader(
        LABELS["upload"],
        type=["npz", "zip"],
        key="image_upload",
        help=HELP["upload"],
        max_upload_size=20,
    )
    if sent is None:
        st.caption(HELP["upload"])
        return
    try:
        dataset = take_upload(sent.name, sent.getvalue())
    except DataError as error:
        st.error(str(error))
        return
    n_pictures = len(dataset.train) + (0 if dataset.test is None else len(dataset.test))
    st.success(data_words.uploaded(sent.name, n_pictures))
    if recipe.dataset != dataset.name:
        st.button(
            LABELS["use"],
            key="use_upload",
            type="primary",
            help=HELP["use"],
            on_click=_use,
            args=(dataset.name,),
        )
