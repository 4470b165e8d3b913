"""The parts of *Gibbs, step by step*: transport, units with their coins, board, explanations."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.components.coin_rows import coin_rows
from app.components.live_board import live_board
from app.components.unit_diagram import unit_state
from app.controls.callbacks import on_value
from app.controls.explanations import explanations as show_explanations
from app.controls.transport import Button, transport
from app.session import state
from pages.gibbs_steps import words
from pages.gibbs_steps.board import layer_rows, panels, unit_names
from pages.gibbs_steps.listing import gibbs_code
from pages.gibbs_steps.view import GibbsView
from pages.gibbs_steps.walk import HIDDEN, VISIBLE

__all__ = ["controls", "explanations", "last_draw", "stage"]

COINS_KEY = "coin_rows"
PANEL_PIXELS = 182


def controls(view: GibbsView) -> None:
    """Draw the transport bar.

    Args:
        view: The walk on screen.
    """

    def steps(n_steps: int) -> Callable[[], None]:
        def act() -> None:
            # A coin set just before the press may come with it.
            view.take_orders(COINS_KEY)
            view.steps(n_steps)

        return act

    def half_step() -> None:
        view.take_orders(COINS_KEY)
        view.half_step()

    acts = {
        "half_step": half_step,
        **{f"x{n_steps}": steps(n_steps) for n_steps in (1, 10, 100, 1000)},
        "walk_rewind": view.rewind,
        "walk_new_start": view.new_start,
    }
    icons = {"half_step": ":material/skip_next:"}
    buttons = [
        Button(
            key=key,
            label=words.LABELS[key],
            icon=icons.get(key),
            help=words.HELP[key],
            action=act,
            primary=key == "half_step",
        )
        for key, act in acts.items()
    ]
    transport(words.TITLE, buttons)


def last_draw(view: GibbsView) -> None:
    """Say the last half-step in words.

    Args:
        view: The walk on screen.
    """
    draw = view.walk.last_draw
    names = unit_names(view.machine, draw.layer) if draw else ()
    with st.container(key="last_draw"):
        st.markdown(words.last_draw(view.walk, names))


def stage(view: GibbsView, *, projector: bool) -> None:
    """Draw the units at the left, the panels at the right.

    Args:
        view: The walk on screen.
        projector: Thicker lines and larger type.
    """
    left, right = st.columns([5, 7])
    with left:
        coin_rows(
            COINS_KEY,
            layer_rows(view.machine, view.walk),
            moment=view.moment,
            words=words.COIN_WORDS,
            on_change=lambda: view.take_orders(COINS_KEY),
        )
        _diagram(view)
    with right:
        live_board(
            panels(view.machine, view.walk, PANEL_PIXELS),
            key="gibbs_board",
            columns=2,
            projector=projector,
        )
        _age(view)


def _age(view: GibbsView) -> None:
    if len(view.ages) < 2 or not state.session().shows("gibbs_age"):
        return
    # Said on every run: when training ends, the ages change and the run that says so is cut short.
    st.session_state["gibbs_age"] = view.age
    st.select_slider(
        words.LABELS["age"],
        range(len(view.ages)),
        key="gibbs_age",
        format_func=lambda age: words.age(view.ages[age].epoch, view.ages[age].relaxation_time),
        help=words.HELP["age"],
        on_change=on_value("gibbs_age", view.choose_age),
    )


def _diagram(view: GibbsView) -> None:
    rbm, walk = view.machine.rbm, view.walk
    unit_state(
        "gibbs_diagram",
        heading=words.DIAGRAM[walk.next_layer],
        names=unit_names(view.machine, VISIBLE),
        weights=rbm.weights.numpy(),
        visible_bias=rbm.visible_bias.numpy(),
        hidden_bias=rbm.hidden_bias.numpy(),
        v=[int(bit) for bit in walk.v],
        h=None if walk.h is None else [int(bit) for bit in walk.h],
        sender=VISIBLE if walk.next_layer == HIDDEN else HIDDEN,
    )


def explanations(view: GibbsView) -> None:
    """What is seen, the equations, and the code that gives these numbers.

    Args:
        view: The walk on screen.
    """
    show_explanations(words.PARAGRAPH, words.EQUATIONS, gibbs_code(view.machine, view.walk))
