"""What the run on show was made with where the controls say something else, and a way on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.controls.words import LABELS, MADE_WITH, dataset_label
from app.session import state
from rbm_core import Recipe

__all__ = ["differences", "show_made_with"]


def show_made_with(shown: Recipe, wanted: Recipe, train: Callable[[], None]) -> None:
    """Say what the run was made with, beside a button that trains what the controls say.

    Args:
        shown: What the run on show was asked for with.
        wanted: What the controls say.
        train: Starts the controls' settings.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="made_with"):
        st.caption(MADE_WITH["note"].format(differences(shown, wanted)), width="content")
        if state.session().shows("start_anew") and st.button(
            MADE_WITH["start_anew"],
            key="start_anew",
            type="tertiary",
            icon=":material/restart_alt:",
            help=MADE_WITH["start_anew_help"],
        ):
            train()
            st.rerun()  # the controls and the polling may stand outside this part of the page


def differences(shown: Recipe, wanted: Recipe) -> str:
    """List the settings in which two recipes differ.

    Args:
        shown: The one whose values come first.
        wanted: The one whose values are in force now.
    """
    before, after = _flat(shown), _flat(wanted)
    return ", ".join(
        f"{LABELS.get(name, name)} {_plain(name, before[name])} (now {_plain(name, after[name])})"
        for name in after
        if after[name] != before[name]
    )


def _flat(recipe: Recipe) -> dict[str, object]:
    values = recipe.to_dict()
    training = values.pop("training")
    return {**values, **training} if isinstance(training, dict) else values


def _plain(name: str, value: object) -> str:
    if name == "dataset":
        return dataset_label(str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)
