"""The parts of *Images* around its acts: transport, readout, explanations."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.controls.explanations import explanations as show_explanations
from app.controls.made_with import show_made_with
from app.controls.transport import Button, Enabled, run_transport
from app.controls.words import run_failed
from app.jobs.scheduler import scheduler
from app.session import state
from pages.images import actions as act
from pages.images.data import is_here
from pages.images.desk import desk
from pages.images.gallery import finished
from pages.images.listing import code_of
from pages.images.view import FinishedView, RunView, View
from pages.images.words import run as run_words
from pages.images.words import theory
from pages.images.words.labels import ACTS, HELP, LABELS, TITLE
from rbm_core import Recipe

__all__ = ["choose_act", "complain", "controls", "explanations", "readout"]


def choose_act() -> str:
    """Draw the choice of what to do; return the act chosen."""
    chosen = st.segmented_control(
        LABELS["act"],
        list(ACTS),
        key="act",
        default="dream",
        format_func=ACTS.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    return str(chosen)


def controls(view: View | None, recipe: Recipe) -> None:
    """Draw the transport bar.

    Args:
        view: The machine on show.
        recipe: What the controls say.
    """
    here = state.session()
    job = view.job if isinstance(view, RunView) else None
    at_work = isinstance(view, RunView) and view.busy
    can_step = job is None or not (job.done or act.is_stale(job, recipe))

    slug, more = here.presets.get("image"), []
    if job is not None and slug and finished(slug) is not None:
        more.append(
            Button(
                key="finished",
                label=LABELS["finished"],
                icon=":material/auto_awesome:",
                help=HELP["finished"],
                action=act.show_finished,
            )
        )
    can_train = not at_work and is_here(recipe.dataset)
    enabled = Enabled(train=can_train, pause=at_work, step=can_train and can_step)
    run_transport(TITLE, act, enabled, more=more)


def readout(view: View, recipe: Recipe) -> None:
    """Say what is on show and where its run is.

    Args:
        view: The machine on show.
        recipe: What the controls say.
    """
    if isinstance(view, FinishedView):
        st.caption(run_words.finished(view))
    else:
        _run_readout(view, recipe)
    complain()


def _run_readout(view: RunView, recipe: Recipe) -> None:
    job, shot = view.job, view.shot
    st.caption(run_words.readout(view, scheduler().place_in_line(job)))
    if act.is_stale(job, recipe):
        show_made_with(job.recipe, recipe, act.train)
    if shot.error:
        st.error(run_failed(shot.error))


def complain() -> None:
    """Say in a line why a run could not be made."""
    if problem := desk().problem:
        st.error(problem)


def explanations(view: View, chosen: str, downloads: Callable[[], None] | None = None) -> None:
    """What is seen, the equations, the code that gives these numbers, and files to take away.

    Args:
        view: The machine on show.
        chosen: The act.
        downloads: Draws the download buttons, where there are any.
    """

    def files() -> None:
        if downloads is not None:
            with st.expander(LABELS["downloads"]):
                downloads()

    paragraph, code = theory.PARAGRAPHS[chosen], code_of(view)
    show_explanations(
        paragraph, theory.EQUATIONS, code, beside=None if downloads is None else files
    )
