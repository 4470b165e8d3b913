"""*Chain*: every Gibbs step of a few chains, played in the browser."""

from __future__ import annotations

import streamlit as st

from app.components.chain_player import chain_player, player_bytes
from pages.images.acts.picture_choice import choose_class, choose_shown, choose_start
from pages.images.acts.stage import Stage
from pages.images.chain_frames import N_CHAINS, chain_frames
from pages.images.panel import explanations, readout
from pages.images.rows import chain_start
from pages.images.words.pictures import player_alt
from rbm_core import RBMError

__all__ = ["show"]

PLAYER_PIXELS = 240


def show(stage: Stage) -> None:
    """Draw the act; while a run trains, the chains are those of the machine when it was opened.

    Args:
        stage: What it is given.
    """
    view = stage.view
    with stage.row:
        label, start, shown = choose_class(view), choose_start(), choose_shown()

    @st.fragment
    def player() -> None:
        """Nothing polls: every step is in the browser."""
        readout(view, stage.recipe)
        try:
            frames = chain_frames(view.rbm, *chain_start(view, start, label, N_CHAINS))
        except RBMError as error:
            st.error(str(error))
            return
        bits = shown == "samples"
        content = player_bytes(
            frames.samples if bits else frames.probabilities,
            frames.energies.tolist(),
            view.image_shape,
            bits=bits,
            alt=player_alt(frames.samples.shape[1], start),
            height=PLAYER_PIXELS,
        )
        chain_player(content, key="chain_player")

    player()
    explanations(view, "chain")
