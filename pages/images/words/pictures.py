"""Notes and text alternatives of the pictures: filters, data, dreams, strip, player."""

from __future__ import annotations

from app.charts.filters import Order
from pages.images.dreams import Start
from pages.images.words.labels import ORDERS, STARTS
from rbm_core import count_text, number_text

__all__ = [
    "data_alt",
    "dream_alt",
    "filters_alt",
    "held_out",
    "player_alt",
    "reconstruction_alt",
    "reconstruction_note",
    "step_alt",
    "step_label",
    "strip_alt",
    "strip_note",
]


def step_label(step: int, k: int) -> str:
    """Name a column of the strip, and what it has to do with k."""
    times = {k: "k", 2 * k: "2k", 10 * k: "10k"}.get(step)
    return f"{count_text(step)} = {times}" if times and times != str(step) else count_text(step)


def step_alt(step: int) -> str:
    """Name a moment of a dream."""
    return f"step {count_text(step)}"


def held_out(name: str, has_test: bool) -> str:
    """Say which pictures are shown."""
    return f"{'held out' if has_test else 'training'} · {name}"


def filters_alt(shown: str, order: Order) -> str:
    """Describe the mosaic."""
    return (
        f"Receptive fields as pictures, {shown}, sorted by {ORDERS[order].lower()}. Arrow keys "
        "choose one, Enter enlarges it, Escape returns."
    )


def data_alt(n: int, name: str) -> str:
    """Describe the data grid."""
    return f"{n} pictures of the data, class: {name}."


def reconstruction_note(error: float) -> str:
    """Say the error of the pictures shown."""
    return f"error {number_text(error, 4)}"


def reconstruction_alt(error: float) -> str:
    """Describe the reconstructions."""
    return (
        f"The same pictures after one pass through the hidden layer; error {number_text(error, 4)}."
    )


def dream_alt(n: int, step: int, start: Start) -> str:
    """Describe the dreams."""
    return (
        f"{n} pictures dreamt from {STARTS[start].lower()}, after {count_text(step)} Gibbs steps."
    )


def strip_note(k: int, start: Start, reached: int) -> str:
    """Say what the strip shows."""
    return (
        f"Gibbs steps from {STARTS[start].lower()}; k = {k} framed; reached {count_text(reached)}"
    )


def strip_alt(n: int, start: Start) -> str:
    """Describe one column of the strip."""
    return f"{n} chains from {STARTS[start].lower()}."


def player_alt(n: int, start: Start) -> str:
    """Describe the player."""
    return f"{n} chains side by side, from {STARTS[start].lower()}."
