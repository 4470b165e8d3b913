"""The parts of *Flip a bit*: the strip of tiles and buttons, the stage, the verdict, the words."""

from __future__ import annotations

import streamlit as st

from app.charts.correction import CorrectionCurves, correction_alt, correction_figure
from app.components.bit_tiles import bit_tiles
from app.components.correction_chart import correction_chart
from app.components.playback import Playback
from app.components.playback_bar import BarControl, PlaybackAct, playback_bar
from app.components.unit_diagram import unit_diagram
from app.controls.callbacks import on_value
from app.controls.explanations import explanations as show_explanations
from app.controls.words import SPEEDS
from app.session import state
from pages.flip_a_bit import words
from pages.flip_a_bit.diagram import diagram
from pages.flip_a_bit.experiment import Experiment
from pages.flip_a_bit.listing import flip_code
from pages.flip_a_bit.view import FlipView

__all__ = ["chart", "explanations", "heading", "machine_drawing", "strip", "verdict"]

CHART_PIXELS = 352
DIAGRAM_KEY = "unit_diagram"
TRANSPORT_KEY = "correction_transport"


def heading(note: str) -> None:
    """Draw the page's question and, beside it, which machine answers it.

    Args:
        note: What the machine was made with.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.title(words.LABELS["title"], width="content", anchor=False)
        st.caption(note, width="stretch")


def strip(view: FlipView, shown: Experiment, playback: Playback) -> None:
    """Draw the tiles, the button that flips, and the transport.

    Args:
        view: What the visitor has done.
        shown: The experiment on screen.
        playback: What the components need to play it together.
    """
    tiles, controls = st.columns([1, 2], vertical_alignment="center")
    with tiles:
        machine = shown.machine
        bit_tiles(
            "bit_tiles",
            names=machine.names,
            n_inputs=machine.n_inputs,
            held=shown.flip.hold_inputs,
            legal=diagram(machine, shown.flip.output).legal,
            chain=shown.shown.words,
            exact=[float(value) for value in shown.shown.exact],
            playback=playback,
        )
    with controls.container(gap="xsmall"):
        _acts(view, shown)
        _transport(view, playback)


def chart(view: FlipView, shown: Experiment, playback: Playback, *, projector: bool) -> None:
    """Draw the correction chart and its switches.

    Args:
        view: What the visitor has done.
        shown: The experiment on screen.
        playback: What the components need to play it together.
        projector: Thicker lines and larger type.
    """
    kept, flipped = (
        CorrectionCurves(
            title=title,
            trajectories=side.p_legal,
            exact=side.exact,
            notebook=side.notebook if view.notebook else None,
        )
        for title, side in zip(words.panel_titles(shown), (shown.kept, shown.flipped), strict=True)
    )
    k = shown.machine.k
    correction_chart(
        "correction_chart",
        figure=correction_figure(kept, flipped, k=k, log_steps=view.log_steps),
        alt=correction_alt(kept, flipped, k=k),
        playback=playback,
        height=CHART_PIXELS,
        projector=projector,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _switch(view, "log_steps")
        _switch(view, "notebook")


def machine_drawing(view: FlipView, shown: Experiment, playback: Playback) -> None:
    """Draw the machine in the state of the shown chain.

    Args:
        view: What the visitor has done.
        shown: The experiment on screen.
        playback: What the components need to play it together.
    """
    machine, parts = shown.machine, diagram(shown.machine, shown.flip.output)
    unit_diagram(
        DIAGRAM_KEY,
        names=machine.names,
        weights=parts.weights,
        visible_bias=parts.visible_bias,
        hidden_bias=parts.hidden_bias,
        p_hidden=parts.p_hidden,
        pushes=parts.pushes,
        output=machine.n_inputs + shown.flip.output,
        chain=shown.shown.words,
        playback=playback,
        on_edit=lambda: view.take_edit(DIAGRAM_KEY),
    )


def verdict(shown: Experiment) -> None:
    """Say in one sentence what happened.

    Args:
        shown: The experiment on screen.
    """
    with st.container(key="verdict"):
        st.markdown(words.verdict(shown))


def explanations(view: FlipView, shown: Experiment) -> None:
    """What is seen, the equations, the code, and why the notebook's measure is wrong.

    Args:
        view: What the visitor has done.
        shown: The experiment on screen.
    """
    if view.notebook:
        st.markdown(words.notebook_why(shown))
    show_explanations(words.PARAGRAPH, words.EQUATIONS, flip_code(shown))


def _acts(view: FlipView, shown: Experiment) -> None:
    here = state.session()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if here.shows("flip_output"):
            st.button(
                words.LABELS["flip_output"],
                key="flip_output",
                type="primary",
                icon=":material/swap_vert:",
                help=words.HELP["flip_output"],
                on_click=view.spoil,
            )
        if here.shows("hold_inputs"):
            st.toggle(
                words.LABELS["hold_inputs"],
                shown.flip.hold_inputs,
                key="hold_inputs",
                help=words.HELP["hold_inputs"],
                on_change=on_value("hold_inputs", view.hold),
            )
        if shown.machine.n_outputs > 1:
            names = shown.machine.names[shown.machine.n_inputs :]
            st.segmented_control(
                words.LABELS["output"],
                names,
                default=names[shown.flip.output],
                key="correction_output",
                help=words.HELP["output"],
                label_visibility="collapsed",
                required=True,
                on_change=on_value(
                    "correction_output", lambda name: view.choose_output(names.index(name))
                ),
            )


def _transport(view: FlipView, playback: Playback) -> None:
    here = state.session()
    acts: tuple[PlaybackAct, ...] = ("run", "step", "rewind")
    keys = {act: f"{act}_correction" for act in acts}
    speed = _bar_control("speed", "correction_speed")
    playback_bar(
        TRANSPORT_KEY,
        buttons={act: _bar_control(act, key) for act, key in keys.items() if here.shows(key)},
        pause=words.LABELS["pause"],
        speed=speed if here.shows(speed.key) else None,
        speeds=SPEEDS,
        playback=playback,
        on_event=lambda: view.take_event(TRANSPORT_KEY),
    )


def _bar_control(name: str, key: str) -> BarControl:
    return BarControl(key=key, label=words.LABELS[name], help=words.HELP[name])


def _switch(view: FlipView, name: str) -> None:
    key = f"correction_{name}"
    st.toggle(
        words.LABELS[name],
        getattr(view, name),
        key=key,
        help=words.HELP[name],
        on_change=on_value(key, lambda shown: setattr(view, name, shown)),
    )
