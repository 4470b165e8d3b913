"""The correction chart in the page: a figure that the playback uncovers step by step."""

from __future__ import annotations

import streamlit as st

from app.assets import asset_url
from app.charts.theme import PALETTES, Figure
from app.components.playback import Playback
from app.components.scripts import STUB, modules

__all__ = ["correction_chart"]

_component = st.components.v2.component(
    "rbm_correction_chart",
    html='<div class="correction"><div role="img"></div></div>',
    css=".correction { width: 100%; }\n",
    js=STUB,
    isolate_styles=False,
)


def correction_chart(
    key: str,
    *,
    figure: Figure,
    alt: str,
    playback: Playback,
    height: int,
    projector: bool = False,
) -> None:
    """Draw a figure of two panels over Gibbs steps; a call with the same key updates it in place.

    Args:
        key: Name of the chart in the page; constant over updates.
        figure: A figure of `app.charts.correction`.
        alt: What it shows with its current numbers, for who cannot see it.
        playback: The experiment.
        height: Pixels.
        projector: Thicker lines and larger type.
    """
    _component(
        key=key,
        data={
            "modules": modules(
                "correction_chart.js", playback="runtime/playback.js", board="live_board.js"
            ),
            "plotly": asset_url("plotly.min.js"),
            "palettes": PALETTES,
            "figure": figure,
            "alt": alt,
            "playback": playback.to_dict(),
            "height": height,
            "projector": projector,
        },
    )
