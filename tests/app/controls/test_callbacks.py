"""A click that arrives when its page was left does no harm: no callback needs its control's key."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.session.state import Kind

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("flip_a_bit", "train_a_gate", "gibbs_steps", "images")
CONTROLS = (
    "button",
    "multiselect",
    "number_input",
    "segmented_control",
    "select_slider",
    "selectbox",
    "slider",
    "toggle",
)
SESSION = "rbm_lab_session"

P = ParamSpec("P")
T = TypeVar("T")
Callbacks = dict[str, Callable[[], object]]


@pytest.fixture
def callbacks(monkeypatch: pytest.MonkeyPatch) -> Callbacks:
    """Collect the callbacks of all controls drawn, by key."""
    found: Callbacks = {}

    def listening(draw: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(draw)
        def control(*args: P.args, **kwargs: P.kwargs) -> T:
            act = kwargs.get("on_change") or kwargs.get("on_click")
            if callable(act):
                given = kwargs.get("args", ())
                assert isinstance(given, tuple)
                found[str(kwargs["key"])] = functools.partial(act, *given)
            return draw(*args, **kwargs)

        return control

    for name in CONTROLS:
        monkeypatch.setattr(st, name, listening(getattr(st, name)))
    return found


@pytest.fixture
def empty_page() -> Iterator[None]:
    """Outside of a script's run the state holds no control's key."""
    yield
    st.session_state.clear()


@pytest.mark.usefixtures("empty_page")
@pytest.mark.parametrize("page", PAGES)
def test_no_callback_needs_the_key_of_its_control(page: str, callbacks: Callbacks) -> None:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    app.query_params["dataset"] = "digits" if page == "images" else "half-adder"
    app.query_params["epochs"] = "1"
    app.run()
    app.switch_page(f"../pages/{page}/page.py").run()
    assert not app.exception
    before = {"preset", "dataset", "k", "learning_rate", "n_hidden", "scheme", "seed"}
    assert before < set(callbacks)
    session = st.session_state[SESSION] = app.session_state[SESSION]
    kind: Kind = "image" if page == "images" else "gate"
    recipe = session.recipes[kind]
    for act in callbacks.values():
        act()
    # *New start* took the next seed; the settings whose keys were gone stayed what they were.
    assert session.recipes[kind] == recipe.replace(seed=session.recipes[kind].seed)
