"""The row as large tiles that follow the playback, and whether it is right."""

from __future__ import annotations

from collections.abc import Sequence

from app.components.mounting import component
from app.components.playback import Playback

__all__ = ["bit_tiles"]

_component = component("bit_tiles")


def bit_tiles(
    key: str,
    *,
    names: Sequence[str],
    n_inputs: int,
    held: bool,
    legal: Sequence[int],
    chain: Sequence[str],
    exact: Sequence[float],
    playback: Playback,
) -> None:
    """Draw the tiles of one experiment.

    Args:
        key: Name of the tiles in the page; constant over updates.
        names: Name of each bit, inputs first.
        n_inputs: How many of them are inputs.
        held: Whether the inputs are held.
        legal: Numbers of the legal states.
        chain: State of the shown chain at each step, as a word of bits.
        exact: Exact P(row is right) at each step.
        playback: The experiment.
    """
    _component(
        key=key,
        data={
            "names": list(names),
            "n_inputs": n_inputs,
            "held": held,
            "legal": list(legal),
            "chain": list(chain),
            "exact": [round(value, 4) for value in exact],
            "playback": playback.to_dict(),
        },
    )
