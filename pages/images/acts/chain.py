"""*Chain*: every Gibbs step of a few chains, played in the browser."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.chain_player import chain_player
from pages.images import panel as image_panel
from pages.images import rows as picked
from pages.images.acts.picture_choice import choose_class, choose_shown, choose_start
from pages.images.chain_frames import N_CHAINS, chain_frames
from pages.images.desk import View
from pages.images.words import pictures as picture_words
from rbm_core import RBMError, Recipe

__all__ = ["show"]

POLL_SECONDS = 1.0
PLAYER_PIXELS = 240


def show(view: View, recipe: Recipe, row: DeltaGenerator) -> None:
    """Draw the act; while a run trains, the chains are those of the machine when it was opened.

    Args:
        view: The machine on show.
        recipe: What the controls say.
        row: Where the act's own controls go.
    """
    with row:
        label, start, shown = choose_class(view), choose_start(), choose_shown()

    @st.fragment
    def player() -> None:
        """Nothing polls: every step is in the browser."""
        image_panel.readout(view, recipe)
        try:
            frames = chain_frames(view.rbm, *picked.chain_start(view, start, label, N_CHAINS))
        except RBMError as error:
            st.error(str(error))
            return
        chain_player(
            getattr(frames, shown),
            frames.energies.tolist(),
            view.image_shape,
            bits=shown == "samples",
            alt=picture_words.player_alt(frames.samples.shape[1], start),
            height=PLAYER_PIXELS,
            key="chain_player",
        )

    player()
    image_panel.explanations(view, "chain")
