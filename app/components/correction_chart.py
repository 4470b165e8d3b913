"""The correction chart in the page: a figure that the playback uncovers step by step."""

from __future__ import annotations

from app.charts.theme import Figure
from app.components.mounting import component
from app.components.playback import Playback

__all__ = ["correction_chart"]

_component = component("correction_chart")


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
            "figure": figure,
            "alt": alt,
            "playback": playback.to_dict(),
            "height": height,
            "projector": projector,
        },
    )
