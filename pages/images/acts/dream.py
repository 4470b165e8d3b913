"""*Learn and dream*: filters, data against reconstruction, dreams, curves, and the chain strip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.image_board import image_board
from app.components.live_board import Panel, live_board
from app.session import state
from pages.images import chart_panels as charts_of
from pages.images import panel as image_panel
from pages.images import panels
from pages.images import rows as picked
from pages.images.acts.picture_choice import choose_class, choose_shown, choose_start, class_name
from pages.images.desk import View
from pages.images.desk import view as on_show
from pages.images.downloads import dream_png, strip_png
from pages.images.dreams import Dream, dream_of
from pages.images.measures import N_DREAMS
from pages.images.words.labels import HELP, LABELS
from rbm_core import RBMError, Recipe

__all__ = ["Choices", "choices", "show"]

POLL_SECONDS = 0.5


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
        shown: "probabilities" or "samples".
    """

    label: int | None
    label_name: str
    start: str
    shown: str


def choices(view: View) -> Choices:
    """Draw the act's controls, in the row that is open.

    Args:
        view: The machine on show.
    """
    label = choose_class(view)
    return Choices(
        label=label,
        label_name=class_name(view, label),
        start=choose_start(),
        # In a lecture hall the row is full before this choice, and the strip matters more.
        shown="probabilities" if state.session().projector else choose_shown(),
    )


def show(view: View, recipe: Recipe, row: DeltaGenerator) -> None:
    """Draw the act.

    Args:
        view: The machine on show.
        recipe: What the controls say.
        row: Where the act's own controls go.
    """
    with row:
        chosen = choices(view)
    problem, dream = "", None
    try:
        dream = _dream(view, chosen)
    except RBMError as error:
        problem = str(error)
    moving = _moves(view, dream)

    @st.fragment(run_every=POLL_SECONDS if moving else None)
    def board() -> None:
        """Poll while something moves; one rerun of the page when it has stopped."""
        now = on_show(recipe)
        if now is None:
            st.rerun()
            return
        image_panel.readout(now, recipe)
        if problem:
            st.error(problem)
            return
        if moving and not _board(now, chosen):
            st.rerun()
        elif not moving:
            _board(now, chosen)

    board()
    image_panel.explanations(
        view, "dream", None if dream is None else lambda: _downloads(view, chosen, dream)
    )


def _dream(view: View, chosen: Choices) -> Dream | None:
    """Return the dream that belongs on screen, or None while the machine still changes."""
    if image_panel.busy(view):
        return None
    request, rows = picked.chain_start(view, chosen.start, chosen.label, N_DREAMS)
    return dream_of(view.rbm, request, rows)


def _board(view: View, chosen: Choices) -> bool:
    """Draw everything as it stands; return whether something still moves."""
    dream, sizes = _dream(view, chosen), SIZES[state.session().projector]
    left, right = st.columns([3, 1], gap="small")
    if dream is None:
        assert view.measures is not None  # noqa: S101  (a run is measured)
        start, frames = "noise", {frame.step: frame for frame in view.measures.dream}
        film = panels.short_dream(view, view.measures.dream, chosen.shown, sizes.pictures)
    else:
        start, frames = chosen.start, dream.snapshot.frames
        film = panels.dream_panels(view, dream.snapshot, chosen.shown, start, sizes.pictures)
    pictures = panels.picture_panels(
        view, picked.chosen_rows(view, chosen.label), chosen.label_name, sizes.pictures
    )
    with left:
        image_board(
            [panels.filter_panel(view, "norm", "unit", sizes.pictures), *pictures, film],
            key="image_board",
            columns="1.5fr 1fr 1fr 1fr" if pictures else "1fr 1fr",
        )
        image_board(
            [panels.strip_panel(view, frames, chosen.shown, start, sizes.strip)],
            key="image_strip",
            columns="1fr",
        )
    with right:
        live_board(
            _curves(view, dream, sizes.curves),
            key="image_curves",
            columns=1,
            projector=state.session().projector,
        )
    return _moves(view, dream)


def _moves(view: View, dream: Dream | None) -> bool:
    """Whether there will be something else to see in a moment."""
    waiting = dream is not None and not (dream.done or dream.error)
    return image_panel.busy(view) or view.opening or waiting


def _curves(view: View, dream: Dream | None, height: int) -> list[Panel]:
    """A run's curves; for a finished machine, its dreams' energies and its histograms."""
    if view.shot is not None and (view.shot.update or dream is None):
        return charts_of.run_panels(view, height)
    path = [charts_of.path_panel(view, dream.snapshot, height)] if dream is not None else []
    return [*path, *charts_of.histogram_panels(view, height)]


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
