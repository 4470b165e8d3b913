"""Every unit of both layers with its chance and its coin, which can be set by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.components.mounting import component

__all__ = ["LayerRows", "Orders", "UnitRow", "coin_rows", "last_orders"]

_component = component("coin_rows")


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """One unit.

    Attributes:
        name: Its name.
        state: 0 or 1, or None before its first draw.
        field: Its input; NaN before its first draw.
        probability: Its chance of a 1; NaN before its first draw.
        uniform: The number drawn or set, NaN while it is left to chance.
        by_hand: Whether the number was set by hand.
        held: Whether the unit keeps its value whatever is drawn.
    """

    name: str
    state: int | None
    field: float
    probability: float
    uniform: float
    by_hand: bool = False
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class LayerRows:
    """One layer.

    Attributes:
        title: Heading.
        note: What happens to it, beside the heading.
        is_next: Whether the next half-step draws it, so that its coins can be set.
        can_hold: Whether its units can be held.
        units: Its units.
    """

    title: str
    note: str
    is_next: bool
    can_hold: bool
    units: tuple[UnitRow, ...]


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the user set by hand.

    Attributes:
        moment: The moment it was meant for.
        coins: Numbers by unit, of the layer drawn next.
        held: Visible units to hold.
    """

    moment: str
    coins: dict[int, float]
    held: tuple[int, ...]


def coin_rows(
    key: str,
    layers: Sequence[LayerRows],
    *,
    moment: str,
    words: dict[str, str],
    on_change: Callable[[], None],
) -> None:
    """Draw the units; coins of the next layer are sliders, visible units can be held.

    Args:
        key: Name of the rows in the page; constant over updates.
        layers: The hidden layer, then the visible one.
        moment: Names this moment of the walk; coins set by hand are forgotten when it changes.
        words: Tooltips of the coin, of leaving it to chance, and of holding: "coin", "chance",
            "hold".
        on_change: Called when something was set; `last_orders` then says what.
    """
    _component(
        key=key,
        data={
            "moment": moment,
            "words": words,
            "layers": [_layer(layer) for layer in layers],
        },
        on_orders_change=on_change,
    )


def last_orders(key: str) -> Orders | None:
    """Read what the user set by hand in this run of the script, or None.

    Args:
        key: Name of the rows.
    """
    orders = getattr(st.session_state.get(key), "orders", None)
    if not isinstance(orders, dict):
        return None
    return Orders(
        moment=str(orders.get("moment")),
        coins={int(unit): float(number) for unit, number in orders.get("coins", {}).items()},
        held=tuple(int(unit) for unit in orders.get("held", [])),
    )


def _layer(layer: LayerRows) -> dict[str, Any]:
    return {
        "title": layer.title,
        "note": layer.note,
        "next": layer.is_next,
        "can_hold": layer.can_hold,
        "units": [
            {
                "name": unit.name,
                "state": unit.state,
                "field": _number(unit.field),
                "p": _number(unit.probability),
                "u": _number(unit.uniform),
                "hand": unit.by_hand,
                "held": unit.held,
            }
            for unit in layer.units
        ],
    }


def _number(value: float) -> float | None:
    """JSON has no NaN; four digits are more than the screen shows."""
    return None if math.isnan(value) else round(value, 4)
