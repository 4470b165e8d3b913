"""What every act of *Images* is given, and how it follows a machine that changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.images.desk import shown_now
from pages.images.panel import readout
from pages.images.view import View
from rbm_core import Recipe

__all__ = ["Stage", "follow"]

POLL_SECONDS = 0.5


@dataclass(frozen=True, eq=False, kw_only=True)
class Stage:
    """What an act is given.

    Attributes:
        view: The machine on show when the page was run.
        recipe: What the controls say.
        row: Where the act's own controls go.
    """

    view: View
    recipe: Recipe
    row: DeltaGenerator


def follow(stage: Stage, draw: Callable[[View], bool], *, moves: bool) -> None:
    """Draw, again and again while something moves; one rerun of the page when it has stopped.

    Args:
        stage: What the act was given.
        draw: Draws the machine of now; tells whether there will be something else in a moment.
        moves: Whether there is anything to wait for at first.
    """

    @st.fragment(run_every=POLL_SECONDS if moves else None)
    def board() -> None:
        now = shown_now(stage.recipe)
        if now is None:
            st.rerun()
            return
        readout(now, stage.recipe)
        if not draw(now) and moves:
            st.rerun()

    board()
