"""Gibbs, step by step: what is a Gibbs step?"""

import streamlit as st

from app.controls import sidebar
from app.controls.polling import follow
from app.gates.machines import job_for
from app.session import state
from pages.gibbs_steps import panel as gibbs_panel
from pages.gibbs_steps import words
from pages.gibbs_steps.view import gibbs_view

recipe = sidebar.show("gate")
here = state.session()
job = job_for(recipe)


def walk() -> None:
    """Draw the walk of the machine as it is now."""
    busy = job.busy
    view = gibbs_view(job, busy=busy)
    gibbs_panel.controls(view)
    gibbs_panel.last_draw(view)
    gibbs_panel.stage(view, projector=here.projector)
    if busy:
        st.caption(words.training(job.snapshot.update, job.snapshot.n_updates))
    gibbs_panel.explanations(view)


follow(walk, lambda: job.busy)
