"""Who repaired the row: an exact and a sampled bar, with their numbers."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path

import streamlit as st

from pages.flip_a_bit.experiment import RepairShares, Side

__all__ = ["repair_shares"]

# Narrower parts have no room for words, or for a number.
ROOM_FOR_WORDS, ROOM_FOR_NUMBER = 0.3, 0.08

_STYLE = Path(__file__).with_suffix(".css")
_PARTS = (("output", "by the output"), ("input", "by an input"))


def repair_shares(title: str, side: Side) -> None:
    """Draw who repaired the row.

    Args:
        title: Heading.
        side: The run that started wrong.
    """
    bars = _bar("exact", side.expected) + _bar("sampled", side.sampled)
    st.html(_STYLE)
    st.html(
        f"<div class='shares' role='group' aria-label='{escape(title)}'>"
        f"<b>{escape(title)}</b>{bars}</div>"
    )


def _bar(label: str, shares: RepairShares) -> str:
    if math.isnan(shares.by_output):
        return f"<div class='row'><span>{label}</span><span>no chain was repaired</span></div>"
    values = {"output": shares.by_output, "input": shares.by_input}
    parts = "".join(
        f"<span class='{who}' style='flex: {values[who]:.4f} 0 0' title='{words}: "
        f"{values[who]:.1%}'>{_inside(words, values[who])}</span>"
        for who, words in _PARTS
    )
    text = ", ".join(f"{words} {values[who]:.0%}" for who, words in _PARTS)
    return (
        f"<div class='row'><span>{label}</span>"
        f"<span class='bar' role='img' aria-label='{label}: {text}'>{parts}</span></div>"
    )


def _inside(words: str, share: float) -> str:
    if share >= ROOM_FOR_WORDS:
        return f"{words} {share:.0%}"
    return f"{share:.0%}" if share >= ROOM_FOR_NUMBER else ""
