"""The sidebar: preset, settings, and the link that holds them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app.components.copy_link import copy_link
from app.controls.fills import draw_mark, fill, offered, on_filled
from app.controls.table_editor import edit_table
from app.controls.words import HELP, LABELS, OPTIONS, dataset_label
from app.session import state
from app.session.limits import GATE_NAMES, LIMITS, Limits, image_names
from app.session.state import Kind, Session, preset_slugs
from rbm_core import BINARISATIONS, PRESETS, RBMError, Recipe

__all__ = ["show", "show_link"]

OWN = ""  # what the preset control shows once a setting was changed
TABLE = "…"
MOMENTA = (0.0, 0.5, 0.7, 0.9, 0.95)


def show(kind: Kind = "gate") -> Recipe:
    """Draw the sidebar and return the recipe it holds.

    Args:
        kind: Which settings the page works with.
    """
    here = state.session()
    here.open_page(kind)
    recipe = here.recipes[kind]
    settings = _Settings(here=here, kind=kind, recipe=recipe, limits=LIMITS[kind])
    with st.sidebar:
        _preset(here, kind)
        _dataset(here, kind, recipe)
        settings.main()
        if here.shows("more"):
            with st.expander(LABELS["more"]):
                settings.more()
        draw_mark()
    return recipe


def show_link(link: str) -> None:
    """Draw the link below the settings: last, when the page has settled all that it says.

    Args:
        link: The link's query.
    """
    if state.session().shows("copy_link"):
        with st.sidebar:
            copy_link(link, key="copy_link", label=LABELS["copy_link"])


def _help(kind: Kind, key: str) -> str:
    """The tooltip of a setting; some mean something else for images."""
    return HELP.get(f"{kind}_{key}", HELP[key])


def _preset(here: Session, kind: Kind) -> None:
    if not here.shows("preset"):
        return
    slugs = preset_slugs(kind)
    chosen = here.presets.get(kind) or OWN

    def choose(slug: str) -> None:
        # A label that a busy server offers no more comes as it is.
        if slug in PRESETS:
            here.choose_preset(kind, slug)

    fill("preset", chosen)
    st.selectbox(
        LABELS["preset"],
        slugs if chosen else (OWN, *slugs),
        key="preset",
        format_func=lambda slug: PRESETS[slug].title if slug else LABELS["own_settings"],
        help=HELP["preset"],
        on_change=on_filled("preset", choose),
    )


def _dataset(here: Session, kind: Kind, recipe: Recipe) -> None:
    if not here.shows("dataset"):
        return
    names = list(GATE_NAMES if kind == "gate" else image_names())
    if recipe.dataset not in names:
        names.append(recipe.dataset)

    def choose(name: str) -> None:
        if name == TABLE:
            edit_table(recipe.dataset)
        elif name in names and kind == "gate":
            here.change(kind, dataset=name)
        elif name in names:
            here.choose_images(name)

    fill("dataset", recipe.dataset)
    st.selectbox(
        LABELS["dataset"],
        [*names, TABLE] if kind == "gate" else names,
        key="dataset",
        format_func=lambda name: LABELS["table"] if name == TABLE else dataset_label(name),
        help=_help(kind, "dataset"),
        on_change=on_filled("dataset", choose),
    )


@dataclass(frozen=True, kw_only=True)
class _Settings:
    """The controls of a recipe's settings; a key is the name of its setting."""

    here: Session
    kind: Kind
    recipe: Recipe
    limits: Limits

    def main(self) -> None:
        limits, training = self.limits, self.recipe.training
        if self.here.shows("k"):
            self._slider("k", limits.k, training.first_k)
        if self.here.shows("learning_rate"):
            rate = training.learning_rate_schedule.values[0]
            self._steps("learning_rate", limits.learning_rates, rate)
        if self.here.shows("n_hidden"):
            self._slider("n_hidden", limits.n_hidden, self.recipe.n_hidden)

    def more(self) -> None:
        limits, training = self.limits, self.recipe.training
        self._options("scheme", ["cd", "pcd", "rdm"], training.scheme)
        self._options("gradient", ["centred", "plain"], training.gradient)
        if self.kind == "image":
            self._options("binarisation", list(BINARISATIONS), training.binarisation)
        self._slider("epochs", limits.epochs, training.epochs)
        self._steps("weight_std", limits.weight_stds, self.recipe.weight_std)
        left, right = st.columns(2)
        with left:
            self._number("batch_size", limits.batch_size, training.batch_size)
        with right:
            self._number("seed", (0, 2**53 - 1), self.recipe.seed)
        self._steps("momentum", MOMENTA, training.momentum_schedule.values[0])
        self._steps("l2", limits.l2s, training.l2)

    def _slider(self, key: str, span: tuple[int, int], value: int) -> None:
        fill(key, value)
        st.slider(LABELS[key], *span, key=key, help=self._help(key), on_change=self._write(key))

    def _steps(self, key: str, choices: tuple[float, ...], value: float) -> None:
        fill(key, value)
        st.select_slider(
            LABELS[key],
            offered(key, choices, value),
            key=key,
            format_func=lambda choice: f"{choice:g}",
            help=self._help(key),
            on_change=self._write(key),
        )

    def _options(self, key: str, options: list[str], value: str) -> None:
        fill(key, value)
        st.selectbox(
            LABELS[key],
            options,
            key=key,
            format_func=lambda option: OPTIONS[option],
            help=self._help(key),
            on_change=self._write(key),
        )

    def _number(self, key: str, span: tuple[int, int], value: int) -> None:
        fill(key, value)
        st.number_input(
            LABELS[key], *span, key=key, help=self._help(key), on_change=self._write(key)
        )

    def _help(self, key: str) -> str:
        return _help(self.kind, key)

    def _write(self, key: str) -> Callable[[], None]:
        def change(value: object) -> None:
            try:
                self.here.change(self.kind, **{key: value})
            except RBMError as error:
                self.here.complaints.append(str(error))

        return on_filled(key, change)
