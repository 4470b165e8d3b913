"""Small choices that several acts of *Images* share: class, start, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from pages.images.rows import Shown, Start
from pages.images.view import View
from pages.images.words.labels import HELP, LABELS, SHOWN, STARTS

__all__ = ["choose_class", "choose_shown", "choose_start", "class_name", "only_noise", "segmented"]

EVERY = -1
T = TypeVar("T", bound=str)


def choose_class(view: View) -> int | None:
    """Ask for a class of pictures; None means all.

    Args:
        view: The machine on show.
    """
    names = view.pictures.class_names if view.pictures is not None else ()
    options = [EVERY, *range(len(names))]
    label = st.selectbox(
        LABELS["class"],
        options,
        key="image_class",
        format_func=lambda number: class_name(view, None if number == EVERY else number),
        help=HELP["class"],
        label_visibility="collapsed",
        disabled=not names,
        width=136,
        persist_state="session",
    )
    return None if label is None or label == EVERY else int(label)


def class_name(view: View, label: int | None) -> str:
    """Name a class as it is said on screen.

    Args:
        view: The machine on show.
        label: The class, or None for all.
    """
    names = view.pictures.class_names if view.pictures is not None else ()
    if label is None or label >= len(names):
        return LABELS["every_class"]
    name = names[label]
    return f"{LABELS['class'].lower()} {name}" if name.isdigit() else name


def choose_start() -> Start:
    """Ask what chains start from."""
    return segmented("image_start", "start", STARTS)


def only_noise() -> Start:
    """Show where choose_start stands that a machine in training dreams from noise alone."""
    st.segmented_control(
        LABELS["start"],
        ["noise"],
        key="image_start_training",
        default="noise",
        format_func=lambda _: STARTS["noise"],
        help=HELP["start_training"],
        label_visibility="collapsed",
        disabled=True,
    )
    return "noise"


def choose_shown() -> Shown:
    """Ask for probabilities or samples."""
    return segmented("image_shown", "shown", SHOWN)


def segmented(key: str, name: str, options: Mapping[T, str]) -> T:
    """Draw one of the small choices; the first option is chosen at first.

    Args:
        key: Key of the control.
        name: Its name in the wording.
        options: Texts by value.
    """
    return st.segmented_control(
        LABELS[name],
        list(options),
        key=key,
        default=next(iter(options)),
        format_func=options.__getitem__,
        help=HELP[name],
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
