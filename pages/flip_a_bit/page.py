"""Flip a bit: does the machine repair a wrong output?"""

import streamlit as st

from app.controls import sidebar
from app.controls.polling import follow
from app.gates.machines import job_for, machine_of, settle
from app.session import state
from pages.flip_a_bit import panel as flip_panel
from pages.flip_a_bit import words
from pages.flip_a_bit.experiment import experiment
from pages.flip_a_bit.repair_shares import repair_shares
from pages.flip_a_bit.view import flip_view

recipe = sidebar.show("gate")
here = state.session()
job = job_for(recipe)
settle(job)


def stage() -> None:
    """Draw everything for the machine as it is now."""
    machine = machine_of(job)
    view = flip_view(machine)
    shown = experiment(machine, view.flip)
    playback = view.playback(shown)
    for complaint in view.complaints:
        st.warning(complaint)
    with st.container(gap="xsmall"):
        flip_panel.heading(words.training(machine) if job.busy else words.made_with(machine))
        flip_panel.strip(view, shown, playback)
        left, right = st.columns([3, 2])
        with left.container(gap="xsmall"):
            flip_panel.chart(view, shown, playback, projector=here.projector)
        with right.container(gap="xsmall"):
            flip_panel.machine_drawing(view, shown, playback)
            repair_shares(words.LABELS["who"], shown.flipped)
        flip_panel.verdict(shown)
        flip_panel.explanations(view, shown)


# Where nothing trains a click runs the whole page, link and all.
follow(stage, lambda: job.busy, alone_when_idle=False)
