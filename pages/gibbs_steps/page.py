"""Gibbs, step by step: what is a Gibbs step?"""

import streamlit as st

from app.controls import sidebar
from app.gates.machines import job_for
from app.jobs.job import ACTIVE
from app.session import state
from pages.gibbs_steps import panel as gibbs_panel
from pages.gibbs_steps import words
from pages.gibbs_steps.view import gibbs_view

POLL_SECONDS = 0.5

recipe = sidebar.show("gate")
here = state.session()
job = job_for(recipe, here.gate_job)
busy = job.state in ACTIVE


@st.fragment(run_every=POLL_SECONDS if busy else None)
def walk() -> None:
    """Poll while the machine trains; one rerun of the page when it is done."""
    still_busy = job.state in ACTIVE
    view = gibbs_view(job, busy=still_busy)
    gibbs_panel.controls(view)
    gibbs_panel.last_draw(view)
    gibbs_panel.stage(view, projector=here.projector)
    if still_busy:
        st.caption(words.training(job.snapshot.update, job.snapshot.n_updates))
    gibbs_panel.explanations(view)
    if busy and not still_busy:
        st.rerun()


walk()
