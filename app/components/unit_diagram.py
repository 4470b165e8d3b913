"""The unit diagram: the machine drawn with its weights, whose visible units can be flipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.components.mounting import component
from app.components.playback import Playback

__all__ = ["Edit", "last_edit", "unit_diagram", "unit_state"]

_component = component("unit_diagram")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Visible units set by hand.

    Attributes:
        v: The whole visible state.
        n_flips: Bits flipped so far, in all.
    """

    v: tuple[int, ...]
    n_flips: int


def unit_diagram(
    key: str,
    *,
    names: Sequence[str],
    weights: NDArray[np.floating[Any]],
    visible_bias: NDArray[np.floating[Any]],
    hidden_bias: NDArray[np.floating[Any]],
    p_hidden: NDArray[np.floating[Any]],
    pushes: NDArray[np.floating[Any]],
    output: int,
    chain: Sequence[str],
    playback: Playback,
    on_edit: Callable[[], None],
) -> None:
    """Draw a machine in the state of the shown chain.

    Args:
        key: Name of the diagram in the page; constant over updates.
        names: Name of each visible unit.
        weights: W, shape (n_visible, n_hidden).
        visible_bias: Shape (n_visible,).
        hidden_bias: Shape (n_hidden,).
        p_hidden: p(h given v) of every visible state, shape (2**n_visible, n_hidden).
        pushes: Pushes on the output, the bias last, shape (2**n_visible, n_hidden + 1).
        output: Index of the visible unit that is pushed.
        chain: State of the shown chain at each step, as a word of bits.
        playback: The experiment.
        on_edit: Called when a unit was flipped; `last_edit` then says what is on screen.
    """
    _component(
        key=key,
        data=_machine(names, weights, visible_bias, hidden_bias)
        | {
            "moving": {
                "p_hidden": _plain(p_hidden),
                "pushes": _plain(pushes),
                "push_scale": max(1.0, float(np.abs(pushes).max())),
                "output": output,
                "chain": list(chain),
            },
            "playback": playback.to_dict(),
        },
        on_edit_change=on_edit,
    )


def unit_state(
    key: str,
    *,
    heading: str,
    names: Sequence[str],
    weights: NDArray[np.floating[Any]],
    visible_bias: NDArray[np.floating[Any]],
    hidden_bias: NDArray[np.floating[Any]],
    v: Sequence[int],
    h: Sequence[int] | None,
    sender: str,
) -> None:
    """Draw a machine in one joint state, to look at.

    Args:
        key: Name of the diagram in the page; constant over updates.
        heading: What is drawn.
        names: Name of each visible unit.
        weights: W, shape (n_visible, n_hidden).
        visible_bias: Shape (n_visible,).
        hidden_bias: Shape (n_hidden,).
        v: The visible state.
        h: The hidden state, or None where there is none yet.
        sender: "visible" or "hidden": the layer whose lit units' edges stand out.
    """
    _component(
        key=key,
        data=_machine(names, weights, visible_bias, hidden_bias)
        | {
            "given": {
                "heading": heading,
                "v": list(v),
                "h": None if h is None else list(h),
                "sender": sender,
            },
        },
    )


def last_edit(key: str, n_visible: int) -> Edit | None:
    """Read which state the user last set by hand.

    Args:
        key: Name of the diagram.
        n_visible: Bits of a state.

    Returns:
        The edit, or None when there is none or it belongs to a machine of another size.
    """
    edit = getattr(st.session_state.get(key), "edit", None)
    if not isinstance(edit, dict):
        return None
    v, flips = edit.get("v"), edit.get("flips")
    if not isinstance(v, str) or not isinstance(flips, int) or len(v) != n_visible:
        return None
    if not set(v) <= {"0", "1"}:
        return None
    return Edit(v=tuple(int(bit) for bit in v), n_flips=flips)


def _machine(
    names: Sequence[str],
    weights: NDArray[np.floating[Any]],
    visible: NDArray[np.floating[Any]],
    hidden: NDArray[np.floating[Any]],
) -> dict[str, Any]:
    return {
        "names": list(names),
        "weights": _plain(weights),
        "visible_bias": _plain(visible),
        "hidden_bias": _plain(hidden),
    }


def _plain(values: NDArray[np.floating[Any]]) -> Any:  # noqa: ANN401  (nested lists of floats)
    return np.round(values.astype(np.float64), 4).tolist()
