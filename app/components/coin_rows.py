"""Every unit of both layers with its chance and its coin, which can be set by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.charts.theme import PALETTES
from app.components.scripts import STUB, modules

__all__ = ["LayerRows", "Orders", "UnitRow", "coin_rows", "last_orders"]

_COLOURS = "; ".join(
    f"--{name}: {PALETTES['light'][token]}"
    for name, token in (("one", "@positive"), ("hand", "@wrong"), ("line", "@grid"))
)
_DARK_COLOURS = "; ".join(
    f"--{name}: {PALETTES['dark'][token]}"
    for name, token in (("one", "@positive"), ("hand", "@wrong"), ("line", "@grid"))
)
_CSS = (
    f".coins {{ {_COLOURS}; --lit: #FFD54A; }} .coins.dark {{ {_DARK_COLOURS}; }}"
    + """
.coins { container-type: inline-size; font-variant-numeric: tabular-nums; font-size: .8125rem; }
.coins section { border: 1px solid var(--line); border-radius: 8px; padding: 2px 6px 3px;
  margin-bottom: 5px; }
.coins section.next { border: 2px solid var(--one); padding: 1px 5px 2px; }
.coins h3 { font-size: .8125rem; font-weight: 600; margin: 0; padding: 0; line-height: 1.5;
  display: flex; justify-content: space-between; letter-spacing: 0; white-space: nowrap; }
.coins h3 small { font-size: .8125rem; font-weight: 400; opacity: .8; }
.coins .rows { max-height: 12.75rem; overflow-y: auto; }
.coins .row { display: grid; align-items: center; column-gap: .375rem; height: 1.5625rem;
  grid-template-columns: 1.375rem 2.25rem 3rem minmax(3rem, 1fr) 7.4rem 2.875rem; }
.coins .lamp { width: 1.25rem; height: 1.25rem; border-radius: 50%;
  border: 1.5px solid currentColor;
  display: grid; place-items: center; font-weight: 700; line-height: 1; }
.coins .lamp.lit { background: var(--lit); color: #1F2933; }
.coins .name { font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.coins .field { text-align: right; opacity: .85; }
.coins .track { position: relative; height: 14px; border-radius: 7px; border: 1px solid #8887;
  background: linear-gradient(to right, var(--one) 0 var(--p), transparent var(--p) 100%); }
.coins .mark { position: absolute; top: 50%; left: var(--u); width: 11px; height: 11px;
  border-radius: 50%; transform: translate(-50%, -50%); background: var(--st-background-color);
  border: 3px solid var(--st-text-color); pointer-events: none; }
.coins .row.hand .mark { border-color: var(--hand); width: 13px; height: 13px; }
.coins .row.open .mark { width: 15px; height: 15px; border-width: 1.5px; display: grid;
  place-items: center; font-size: 10px; font-weight: 700; line-height: 1; }
.coins .mark[hidden] { display: none !important; }
.coins .heads { height: 1rem; white-space: nowrap; font-size: .75rem; opacity: .75; }
.coins .heads .scale { display: flex; justify-content: space-between; }
.coins .track input { position: absolute; inset: -5px -6px; width: calc(100% + 12px); margin: 0;
  opacity: 0; cursor: pointer; height: 24px; }
.coins .track:has(input:focus-visible) { outline: 2px solid var(--hand); outline-offset: 3px; }
.coins .words { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.coins i { font-style: normal; }
.coins .row.hand .words { font-weight: 600; }
.coins button { font: inherit; font-size: .75rem; color: inherit; background: transparent;
  cursor: pointer; border: 1px solid #8888; border-radius: 6px; padding: 0 4px; line-height: 1.45;
  white-space: nowrap; }
.coins button[aria-pressed="true"] { background: var(--one); color: var(--st-background-color);
  border-color: var(--one); }
.coins button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
@container (max-width: 23.75rem) {
  .coins .row { column-gap: .2rem;
    grid-template-columns: 1.3rem 1.65rem 2.25rem minmax(1.9rem, 1fr) 5.5rem 2.3rem; }
  .coins button { padding: 0 2px; }
  .coins i { display: none; }
}
"""
)

_component = st.components.v2.component(
    "rbm_coin_rows",
    html='<div class="coins" role="group"></div>',
    css=_CSS,
    js=STUB,
    isolate_styles=False,
)


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
            "modules": modules("coin_rows.js", theme="live_board.js"),
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
