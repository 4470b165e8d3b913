"""The sidebar: preset, settings, and the link that holds them all."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.components.copy_link import copy_link
from app.controls.callbacks import on_value
from app.controls.table_editor import edit_table
from app.controls.words import HELP, LABELS, OPTIONS, dataset_label
from app.session import state
from app.session.limits import GATE_NAMES, LIMITS, image_names, ladder
from app.session.state import Kind, kind_of
from rbm_core import BINARISATIONS, PRESETS, RBMError, Recipe

__all__ = ["show", "show_link"]

OWN = ""  # what the preset control shows once a setting was changed
TABLE = "…"


def show(kind: Kind = "gate") -> Recipe:
    """Draw the sidebar and return the recipe it holds.

    Args:
        kind: Which settings the page works with.
    """
    here = state.session()
    here.kind, recipe = kind, here.recipes[kind]
    with st.sidebar:
        _preset(kind)
        _dataset(kind, recipe)
        _main_settings(kind, recipe)
        if here.shows("more"):
            with st.expander(LABELS["more"]):
                _more_settings(kind, recipe)
    return recipe


def show_link() -> None:
    """Draw the link below the settings: last, when the page has settled all that it says."""
    here = state.session()
    if here.shows("copy_link"):
        with st.sidebar:
            copy_link(state.link_text(here.kind), key="copy_link", label=LABELS["copy_link"])


def _fill(key: str, value: object) -> None:
    """Put the true value into a control before it is drawn.

    Each time, even where the key holds it: on another page a control of the same key is a new one,
    and would start from its own default.
    """
    st.session_state[key] = value


def _write(kind: Kind, key: str) -> Callable[[], None]:
    here = state.session()

    def change(value: object) -> None:
        try:
            here.change(kind, **{key: value})
        except RBMError as error:
            here.complaints.append(str(error))

    return on_value(key, change)


def _preset(kind: Kind) -> None:
    here = state.session()
    if not here.shows("preset"):
        return
    slugs = [slug for slug, entry in PRESETS.items() if kind_of(entry.recipe) == kind]
    chosen = here.presets.get(kind) or OWN
    options = slugs if chosen else [OWN, *slugs]

    def choose(slug: str) -> None:
        if slug != OWN:
            here.choose_preset(kind, slug)

    _fill("preset", chosen)
    st.selectbox(
        LABELS["preset"],
        options,
        key="preset",
        format_func=lambda slug: PRESETS[slug].title if slug else LABELS["own_settings"],
        help=HELP["preset"],
        on_change=on_value("preset", choose),
    )


def _dataset(kind: Kind, recipe: Recipe) -> None:
    here = state.session()
    if not here.shows("dataset"):
        return
    names = list(GATE_NAMES if kind == "gate" else image_names())
    if recipe.dataset not in names:
        names.append(recipe.dataset)

    def choose(name: str) -> None:
        if name == TABLE:
            edit_table(recipe.dataset)
        elif kind == "gate":
            here.change(kind, dataset=name)
        else:
            here.choose_images(name)

    _fill("dataset", recipe.dataset)
    st.selectbox(
        LABELS["dataset"],
        [*names, TABLE] if kind == "gate" else names,
        key="dataset",
        format_func=lambda name: LABELS["table"] if name == TABLE else dataset_label(name),
        help=_help(kind, "dataset"),
        on_change=on_value("dataset", choose),
    )


def _main_settings(kind: Kind, recipe: Recipe) -> None:
    here, limits, training = state.session(), LIMITS[kind], recipe.training
    if here.shows("k"):
        _slider(kind, "k", limits.k, training.first_k)
    if here.shows("learning_rate"):
        rate = training.learning_rate_schedule.values[0]
        _ladder(kind, "learning_rate", limits.learning_rates, rate)
    if here.shows("n_hidden"):
        _slider(kind, "n_hidden", limits.n_hidden, recipe.n_hidden)


def _more_settings(kind: Kind, recipe: Recipe) -> None:
    limits, training = LIMITS[kind], recipe.training
    _choice(kind, "scheme", ["cd", "pcd", "rdm"], training.scheme)
    _choice(kind, "gradient", ["centred", "plain"], training.gradient)
    if kind == "image":
        _choice(kind, "binarisation", list(BINARISATIONS), training.binarisation)
    _slider(kind, "epochs", limits.epochs, training.epochs)
    _ladder(kind, "weight_std", limits.weight_stds, recipe.weight_std)
    left, right = st.columns(2)
    with left:
        _number(kind, "batch_size", limits.batch_size, training.batch_size)
    with right:
        _number(kind, "seed", (0, 2**53 - 1), recipe.seed)
    momentum = ladder((0.0, 0.5, 0.7, 0.9, 0.95), training.momentum_schedule.values[0])
    _ladder(kind, "momentum", tuple(momentum), training.momentum_schedule.values[0])
    _ladder(kind, "l2", limits.l2s, training.l2)


def _help(kind: Kind, key: str) -> str:
    """The tooltip of a setting; some mean something else for images."""
    return HELP.get(f"{kind}_{key}", HELP[key])


def _slider(kind: Kind, key: str, span: tuple[int, int], value: int) -> None:
    _fill(key, value)
    st.slider(LABELS[key], *span, key=key, help=_help(kind, key), on_change=_write(kind, key))


def _ladder(kind: Kind, key: str, rungs: tuple[float, ...], value: float) -> None:
    _fill(key, value)
    st.select_slider(
        LABELS[key],
        ladder(rungs, value),
        key=key,
        format_func=lambda rung: f"{rung:g}",
        help=_help(kind, key),
        on_change=_write(kind, key),
    )


def _choice(kind: Kind, key: str, options: list[str], value: str) -> None:
    _fill(key, value)
    st.selectbox(
        LABELS[key],
        options,
        key=key,
        format_func=lambda option: OPTIONS[option],
        help=_help(kind, key),
        on_change=_write(kind, key),
    )


def _number(kind: Kind, key: str, span: tuple[int, int], value: int) -> None:
    _fill(key, value)
    st.number_input(LABELS[key], *span, key=key, help=_help(kind, key), on_change=_write(kind, key))
