"""*Learn and dream*: filters, data against reconstruction, dreams, curves, and the chain strip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from app.components.image_board import image_board
from app.components.live_board import Panel, live_board
from app.session import state
from pages.images.acts.picture_choice import (
    choose_class,
    choose_shown,
    choose_start,
    class_name,
    only_noise,
)
from pages.images.acts.stage import Stage, follow_machine
from pages.images.chart_panels import histogram_panels, path_panel, run_panels
from pages.images.downloads import dream_png, strip_png
from pages.images.dreams import Dream, DreamSnapshot, dream_of
from pages.images.measures import N_DREAMS
from pages.images.panel import explanations
from pages.images.panels import dream_panel, filter_panel, picture_panels, strip_panel
from pages.images.rows import Shown, Start, chain_start, chosen_rows
from pages.images.view import RunView, View
from pages.images.words.labels import HELP, LABELS
from rbm_core import RBMError

__all__ = ["Choices", "choices", "show"]


@dataclass(frozen=True, kw_only=True)
class _Sizes:
    """Pixels on screen: what fits 720 with small and with large type."""

    pictures: int
    strip: int
    curves: int


SIZES = {
    False: _Sizes(pictures=216, strip=92, curves=104),
    True: _Sizes(pictures=176, strip=84, curves=92),
}


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the act's own controls say.

    Attributes:
        label: Class of the pictures shown, or None for all.
        label_name: Its name on screen.
        start: What chains start from.
        shown: What is drawn of them.
    """

    label: int | None
    label_name: str
    start: Start
    shown: Shown


def choices(view: View) -> Choices:
    """Draw the act's controls, in the row that is open.

    Args:
        view: The machine on show.
    """
    label = choose_class(view)
    training = isinstance(view, RunView) and view.busy
    return Choices(
        label=label,
        label_name=class_name(view, label),
        start=only_noise() if training else choose_start(),
        # In a lecture hall the row is full before this choice, and the strip matters more.
        shown="probabilities" if state.session().projector else choose_shown(),
    )


def show(stage: Stage) -> None:
    """Draw the act.

    Args:
        stage: What it is given.
    """
    with stage.row:
        chosen = choices(stage.view)

    def draw(now: View) -> None:
        dream = _dream(now, chosen)
        if isinstance(dream, str):
            st.error(dream)
        else:
            _boards(now, dream, chosen)

    follow_machine(stage, draw, lambda now: now.moves or _unfinished(_dream(now, chosen)))
    asked = _dream(stage.view, chosen)
    offer = (lambda: _downloads(stage.view, chosen, asked)) if isinstance(asked, Dream) else None
    explanations(stage.view, "dream", offer)


def _dream(view: View, chosen: Choices) -> Dream | DreamSnapshot | str:
    """Return the dream on screen, or why there can be none.

    A machine in training changes too often for a long one: it has a short dream from noise at each
    of its readings.
    """
    if isinstance(view, RunView) and view.busy:
        frames = {frame.step: frame for frame in view.shot.measures.dream}
        reached = max(frames)
        return DreamSnapshot(frames=frames, energies={}, step=reached, last_step=reached)
    try:
        request, rows = chain_start(view, chosen.start, chosen.label, N_DREAMS)
        return dream_of(view.rbm, request, rows)
    except RBMError as error:
        return str(error)


def _unfinished(dream: Dream | DreamSnapshot | str) -> bool:
    return isinstance(dream, Dream) and not (dream.done or dream.error)


def _boards(view: View, dream: Dream | DreamSnapshot, chosen: Choices) -> None:
    """Draw pictures and curves as they stand."""
    projector = state.session().projector
    sizes = SIZES[projector]
    left, right = st.columns([3, 1], gap="small")
    with left:
        _pictures(view, dream.snapshot if isinstance(dream, Dream) else dream, chosen, sizes)
    with right:
        curves = _curves(view, dream, sizes.curves)
        live_board(curves, key="image_curves", columns=1, projector=projector)


def _pictures(view: View, dream: DreamSnapshot, chosen: Choices, sizes: _Sizes) -> None:
    """Draw filters, data, dreams and the strip."""
    rows = chosen_rows(view, chosen.label)
    pictures = picture_panels(view, rows, chosen.label_name, sizes.pictures)
    image_board(
        [
            filter_panel(view, "norm", "unit", sizes.pictures),
            *pictures,
            dream_panel(view, dream, chosen.shown, chosen.start, sizes.pictures),
        ],
        key="image_board",
        columns="1.5fr 1fr 1fr 1fr" if pictures else "1fr 1fr",
    )
    image_board(
        [strip_panel(view, dream, chosen.shown, chosen.start, sizes.strip)],
        key="image_strip",
        columns="1fr",
    )


def _curves(view: View, dream: Dream | DreamSnapshot, height: int) -> list[Panel]:
    """A run's curves; for a finished machine, its dreams' energies and its histograms."""
    if isinstance(view, RunView) and (view.shot.update or not isinstance(dream, Dream)):
        return run_panels(view, height)
    path = [path_panel(view, dream.snapshot, height)] if isinstance(dream, Dream) else []
    return [*path, *histogram_panels(view, height)]


def _downloads(view: View, chosen: Choices, dream: Dream) -> None:
    """Offer the dreams and the strip as pictures.

    Args:
        view: The machine on show.
        chosen: What the act's controls say.
        dream: The dream on show.
    """
    for name, picture in (("grid_png", dream_png), ("strip_png", strip_png)):
        st.download_button(
            LABELS[name],
            partial(picture, view, dream.snapshot, chosen.shown),
            file_name=f"{view.recipe.dataset}-{name.removesuffix('_png')}.png".replace(":", "-"),
            mime="image/png",
            key=name,
            help=HELP[name],
            icon=":material/download:",
            on_click="ignore",
        )
