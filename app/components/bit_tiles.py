"""The row as large tiles that follow the playback, and whether it is right."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.components.playback import Playback
from app.components.scripts import STUB, modules

__all__ = ["bit_tiles"]

_CSS = """
.tiles { container-type: inline-size; }
.tiles-row { display: flex; gap: 8px; }
.tile { flex: 0 1 68px; min-width: 40px; text-align: center; border: 2px solid #8886;
  border-radius: 10px; padding: 1px 0 2px; line-height: 1.1; }
.tile small { display: block; font-size: .8125rem; opacity: .85; white-space: nowrap; }
.tile b { display: block; font-size: 2.35rem; font-weight: 700; line-height: 1.05;
  font-variant-numeric: tabular-nums; }
.tile i { display: block; font-style: normal; font-size: .8125rem; white-space: nowrap;
  opacity: .85; }
.tile-out { flex-basis: 86px; }
.tile-out i { opacity: 1; font-weight: 600; }
.tile[data-state="held"] { border-style: dashed; }
.tile[data-state="wrong"] { color: #fff; background: #D55E00; border-color: #D55E00; }
.tile[data-state="right"] { color: #fff; background: #0072B2; border-color: #0072B2; }
.tiles-readout { margin: 3px 0 0 !important; font-size: .8125rem !important; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
"""

_component = st.components.v2.component(
    "rbm_bit_tiles",
    html='<div class="tiles" role="group"></div>',
    css=_CSS,
    js=STUB,
    isolate_styles=False,
)


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
            "modules": modules("bit_tiles.js", playback="runtime/playback.js"),
            "names": list(names),
            "n_inputs": n_inputs,
            "held": held,
            "legal": list(legal),
            "chain": list(chain),
            "exact": [round(value, 4) for value in exact],
            "playback": playback.to_dict(),
        },
    )
