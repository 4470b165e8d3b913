"""The parts of *Train a gate* around the board: transport, readout, verdict, explanations."""

from __future__ import annotations

import streamlit as st

from app.charts.theme import Scale
from app.controls.explanations import explanations as show_explanations
from app.controls.made_with import show_made_with
from app.controls.transport import Enabled, run_transport
from app.controls.words import run_failed
from app.gates.desk import desk
from app.gates.runs import GateJob
from app.jobs.scheduler import scheduler
from app.session import state
from pages.train_a_gate import actions as act
from pages.train_a_gate.listing import code_of
from pages.train_a_gate.verdicts import Verdict, judge
from pages.train_a_gate.words import labels, theory
from pages.train_a_gate.words import run as run_words
from pages.train_a_gate.words import verdicts as verdict_words
from rbm_core import Recipe, fingerprint

__all__ = ["controls", "explanations", "readout", "scale", "verdict"]


def controls(job: GateJob, *, busy: bool) -> None:
    """Draw the transport bar.

    Args:
        job: The run on show.
        busy: Whether it runs.
    """
    here = state.session()
    mine = desk().owns(job)
    can_go_on = mine and not job.done and not act.is_stale(job, here.recipes["gate"])
    enabled = Enabled(train=not (busy and mine), pause=busy and mine, step=not busy and can_go_on)
    run_transport(labels.TITLE, act, enabled)


def readout(job: GateJob, recipe: Recipe) -> None:
    """Say where the run is, and what it was made with when the controls say something else.

    Args:
        job: The run on show.
        recipe: What the controls say.
    """
    shot = job.snapshot
    facts = run_words.readout(
        shot,
        job.recipe,
        fingerprint=fingerprint(shot.rbm),
        place=scheduler().place_in_line(job),
    )
    st.caption(facts)
    if act.is_stale(job, recipe):
        show_made_with(job.asked, recipe, act.train)
    if shot.error:
        st.error(run_failed(shot.error))


def verdict(job: GateJob) -> None:
    """Judge a run that has ended, and offer to change the one thing at fault."""
    found = judge(job)
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="verdict"):
        st.markdown(verdict_words.verdict(found))
        if found.fix and state.session().shows("fix_it"):
            label = verdict_words.fix_label(found.fix)
            if st.button(label, key="fix_it", icon=":material/build:"):
                _fix(job, found)
                st.rerun()  # the controls and the polling stand outside this fragment


def _fix(job: GateJob, found: Verdict) -> None:
    """Mend what is judged: the run on show, whatever the controls say meanwhile."""
    state.session().take("gate", job.asked.replace(**found.fix))
    act.rewind()
    act.train()


def explanations(job: GateJob) -> None:
    """What is seen, the equations, the code, and the scale of the weights' colours."""
    show_explanations(
        theory.PARAGRAPH, theory.EQUATIONS, code_of(job), beside=_choose_scale, width=2 / 3
    )


def _choose_scale() -> None:
    st.segmented_control(
        labels.SCALE,
        list(labels.SCALES),
        default="all",
        key="scale",
        format_func=labels.SCALES.__getitem__,
        help=labels.SCALE_HELP,
        required=True,
        persist_state="session",
    )


def scale() -> Scale:
    """Return the colour scale of the weights; its control stands below the board."""
    chosen: Scale = st.session_state.get("scale") or "all"
    return chosen
