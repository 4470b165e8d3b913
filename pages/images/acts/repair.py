"""*Repair*: hold pixels and let the machine draw the rest, or corrupt them and watch F fall."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from torch import Tensor

from app.components.image_board import image_board
from app.components.live_board import live_board
from app.components.pixel_painter import pixel_painter
from app.session import state
from pages.images.acts.picture_choice import choose_class, segmented
from pages.images.acts.stage import Stage
from pages.images.chart_panels import downhill_panel
from pages.images.completion import complete_picture, held_by
from pages.images.corruption import corruption_path, random_flips
from pages.images.desk import desk
from pages.images.panel import explanations, readout
from pages.images.repair_panels import completion_panels, corrupted_film
from pages.images.rows import chosen_rows, grey, mean_image
from pages.images.view import View
from pages.images.words import repair as repair_words
from pages.images.words.labels import HELP, LABELS

__all__ = ["show"]

PAINTER_PIXELS = 300
PICTURE_PIXELS = 300
N_CANDIDATES = 40


def show(stage: Stage) -> None:
    """Draw the act.

    Args:
        stage: What it is given.
    """
    view = stage.view
    with stage.row:
        task = segmented("repair_task", "task", repair_words.TASKS)
        label = choose_class(view)
        hold = _hold() if task == "complete" else ""
        n_flips = _n_flips(view) if task == "corrupt" else 0
        _next_button(label)
    rows = chosen_rows(view, label, N_CANDIDATES)
    if rows is None or not len(rows):
        st.info(repair_words.NO_PICTURES)
        return

    @st.fragment
    def bench() -> None:
        """One picture on the bench: painting reruns this part alone."""
        readout(view, stage.recipe)
        number = desk().turns[label] % len(rows)
        picture = (rows[number] >= 0.5).to(rows.dtype)
        name = f"{view.recipe.dataset}-{label}-{number}"
        if task == "complete":
            _complete(view, picture, f"hold-{name}-{hold}", hold)
        else:
            _corrupt(view, picture, f"flip-{name}-{n_flips}", n_flips, number)

    bench()
    explanations(view, "repair")


def _hold() -> str:
    return str(
        st.selectbox(
            LABELS["hold"],
            list(repair_words.HOLDS),
            key="repair_hold",
            format_func=repair_words.HOLDS.__getitem__,
            help=HELP["hold"],
            label_visibility="collapsed",
            width=150,
            persist_state="session",
        )
    )


def _n_flips(view: View) -> int:
    most = view.rbm.n_visible // 3
    return int(
        st.slider(
            LABELS["n_flips"],
            0,
            most,
            most // 3,
            key=f"repair_flips_{most}",
            help=HELP["n_flips"],
            label_visibility="collapsed",
            width=180,
            persist_state="session",
        )
    )


def _next_button(label: int | None) -> None:
    """A button that takes the next picture of the class."""
    st.button(
        LABELS["picture"],
        key="repair_next",
        icon=":material/arrow_forward:",
        help=HELP["picture"],
        on_click=lambda: desk().next_picture(label),
    )


def _paint(
    view: View, picture: Tensor, first: NDArray[np.bool_], key: str, *, flips: bool
) -> NDArray[np.bool_]:
    marks = pixel_painter(
        grey(picture),
        first,
        view.image_shape,
        flips=flips,
        words=repair_words.FLIP_WORDS if flips else repair_words.HOLD_WORDS,
        alt=repair_words.FLIP_ALT if flips else repair_words.HOLD_ALT,
        height=PAINTER_PIXELS,
        key=key,
    )
    n_marked, n_pixels = int(marks.sum()), len(marks)
    said = (
        repair_words.flips_note(n_marked, n_pixels)
        if flips
        else repair_words.held_note(n_pixels - n_marked, n_pixels)
    )
    st.caption(f"{said}. {repair_words.PAINT_HINT}")
    return marks


def _complete(view: View, picture: Tensor, key: str, hold: str) -> None:
    left, right = st.columns([1, 2])
    with left:
        held = _paint(view, picture, held_by(hold, view.image_shape).numpy(), key, flips=False)
    mean = None if view.readings is None else mean_image(view.readings.dataset)
    done = complete_picture(view.rbm, picture, held, mean, view.recipe.seed)
    with right:
        image_board(
            completion_panels(view, done, picture, PICTURE_PIXELS),
            key="repair_board",
            columns="1fr 1fr",
        )
        st.markdown(repair_words.repair_verdict(done.error, done.mean_fill_error, done.n_free))


def _corrupt(view: View, picture: Tensor, key: str, n_flips: int, number: int) -> None:
    left, middle, right = st.columns([1, 1, 1])
    with left:
        first = random_flips(len(picture), n_flips, number)
        flips = _paint(view, picture, first, key, flips=True)
    path = corruption_path(view.rbm, picture, flips, view.recipe.seed)
    with middle:
        film = corrupted_film(view, path, PICTURE_PIXELS)
        image_board([film], key="corrupt_board", columns="1fr")
    with right:
        live_board(
            [downhill_panel(path, PICTURE_PIXELS)],
            key="corrupt_chart",
            columns=1,
            projector=state.session().projector,
        )
    after = float(path.energies[-1].mean())
    st.markdown(
        repair_words.downhill_verdict(path.clean, path.corrupted, after, len(path.energies) - 1)
    )
