"""Train a gate: what changes while a machine learns a truth table?"""

import streamlit as st

from app.components.live_board import live_board
from app.controls import sidebar
from app.controls.polling import follow
from app.gates.desk import shown_now
from app.session import state
from pages.train_a_gate import actions as act
from pages.train_a_gate import panel as gate_panel
from pages.train_a_gate.board import film, panels

PANEL_PIXELS = 205

recipe = sidebar.show("gate")
here = state.session()
job = shown_now(recipe)
busy = job.busy

gate_panel.controls(job, busy=busy)


def board() -> None:
    """Draw the run as it is now."""
    gate_panel.readout(job, recipe)
    fork = live_board(
        panels(job, gate_panel.scale(), PANEL_PIXELS),
        key="live_board",
        film=None if busy or job.snapshot.state != "done" else film(job, gate_panel.scale()),
        projector=here.projector,
    )
    gate_panel.verdict(job)
    if fork is not None:
        act.fork_from(fork)
        st.rerun()


follow(board, lambda: job.busy)
gate_panel.explanations(job)
