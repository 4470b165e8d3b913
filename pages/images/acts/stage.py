"""What every act of *Images* is given, and how it follows a machine that changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.controls.polling import follow
from pages.images.desk import shown_now
from pages.images.panel import readout
from pages.images.view import View
from rbm_core import Recipe

__all__ = ["Stage", "follow_machine"]


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


def follow_machine(
    stage: Stage, draw: Callable[[View], None], moves: Callable[[View], bool]
) -> None:
    """Draw the machine of now under its readout, again and again while something moves.

    Args:
        stage: What the act was given.
        draw: Draws the machine.
        moves: Whether there will be something else to see in a moment.
    """
    now: View | None = stage.view

    def moving() -> bool:
        nonlocal now
        now = shown_now(stage.recipe)
        return now is not None and moves(now)

    def part() -> None:
        # `follow` has just asked whether it moves, so this is the machine of now.
        if now is None:
            st.rerun()
            return
        readout(now, stage.recipe)
        draw(now)
        if stage.view is not None and stage.view.busy and not now.busy:
            st.rerun()  # the run stands still: its buttons need not wait for its dream

    follow(part, moving)
