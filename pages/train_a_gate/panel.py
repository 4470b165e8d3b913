"""The parts of *Train a gate* around the board: transport, readout, verdict, explanations."""

from __future__ import annotations

import streamlit as st

from app.controls.transport import Button, transport
from app.gates.runs import PACES, GateJob
from app.jobs.scheduler import scheduler
from app.session import state
from pages.train_a_gate import actions as act
from pages.train_a_gate import words
from pages.train_a_gate.listing import code_of
from pages.train_a_gate.verdicts import Verdict, judge
from rbm_core import Recipe, fingerprint

__all__ = ["controls", "explanations", "readout", "scale", "verdict"]


def controls(job: GateJob, *, busy: bool) -> str:
    """Draw the transport bar; return the speed chosen.

    Args:
        job: The run on show.
        busy: Whether it runs.
    """
    here = state.session()
    mine = here.owns(job)
    can_go_on = mine and not job.done and not act.is_stale(job, here.recipes["gate"])

    def button(key: str, icon: str, action: object, **settings: bool) -> Button:
        return Button(
            key=key,
            label=words.LABELS[key],
            icon=icon,
            help=words.HELP[key],
            action=action,  # type: ignore[arg-type]
            **settings,
        )

    buttons = [
        button(
            "train",
            ":material/play_arrow:",
            lambda: act.train(st.session_state["speed"]),
            enabled=not (busy and mine),
            primary=True,
        ),
        button("pause", ":material/pause:", act.pause, enabled=busy and mine),
        button("step", ":material/skip_next:", act.step, enabled=not busy and can_go_on),
        button("rewind", ":material/replay:", act.rewind),
        button("new_start", ":material/casino:", act.new_start),
    ]
    chosen = transport(
        words.TITLE,
        [entry for entry in buttons if here.shows(entry.key)],
        {"speed": (words.LABELS["speed"], words.SPEEDS, words.HELP["speed"])},
    )
    if busy and mine:
        act.set_speed(chosen["speed"])
    assert chosen["speed"] in PACES  # noqa: S101  (the control offers nothing else)
    return chosen["speed"]


def readout(job: GateJob, recipe: Recipe) -> None:
    """Say where the run is, and what it was made with when the controls say something else.

    Args:
        job: The run on show.
        recipe: What the controls say.
    """
    shot = job.snapshot
    facts = words.readout(
        state=shot.state,
        update=shot.update,
        n_updates=shot.n_updates,
        epoch=shot.epoch,
        seed=job.recipe.seed,
        fingerprint=fingerprint(shot.rbm),
        ms_per_update=shot.ms_per_update,
        updates_per_second=shot.updates_per_second,
        place=scheduler().place_in_line(job),
    )
    st.caption(facts)
    if act.is_stale(job, recipe):
        st.caption(words.stale(job.asked, recipe))
    if shot.error:
        st.error(words.failed(shot.error))


def verdict(job: GateJob) -> None:
    """Judge a run that has ended, and offer to change the one thing at fault."""
    found = judge(job)
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="verdict"):
        st.markdown(words.verdict(found))
        if found.fix and state.session().shows("fix_it"):
            label = words.fix_label(found.fix)
            if st.button(label, key="fix_it", icon=":material/build:"):
                _fix(found)
                st.rerun()  # the controls and the polling stand outside this fragment


def _fix(found: Verdict) -> None:
    state.session().change("gate", **found.fix)
    act.rewind()
    act.train(st.session_state["speed"])


def explanations(job: GateJob) -> None:
    """What is seen, the equations, and the code that gives these numbers."""
    left, middle, right, scale = st.columns([3, 3, 3, 2])
    with left.expander(words.LABELS["paragraph"]):
        st.markdown(words.PARAGRAPH)
    with middle.expander(words.LABELS["equation"]):
        for caption, equation in words.EQUATIONS:
            st.caption(caption)
            st.latex(equation)
    with right.expander(words.LABELS["code"]):
        st.code(code_of(job), language="python")
    scale.segmented_control(
        words.LABELS["scale"],
        list(words.SCALES),
        default="all",
        key="scale",
        format_func=words.SCALES.__getitem__,
        help=words.HELP["scale"],
        required=True,
        persist_state="session",
    )


def scale() -> str:
    """Return the colour scale of the weights; its control stands below the board."""
    chosen: str = st.session_state.get("scale") or "all"
    return chosen
