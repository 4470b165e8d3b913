"""A click that a busy server answers late brings old values along, and they change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from app.session.state import Session
from rbm_core import PRESETS, Recipe

MAIN = str(Path(__file__).resolve().parents[3] / "app" / "main.py")


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60)
    for name, value in {"epochs": "1", **parameters}.items():
        app.query_params[name] = value
    return app.run()


def held(app: AppTest) -> Recipe:
    return cast("Session", app.session_state["rbm_lab_session"]).recipes["gate"]


def on_screen(app: AppTest) -> WidgetStates:
    """What a browser that shows this page sends with its next click."""
    return app._tree.get_widget_states()


def clicked(app: AppTest, shown: WidgetStates) -> None:
    """Let a click arrive from a browser that showed an earlier page."""
    app._run(shown)
    assert not app.exception


@pytest.mark.parametrize("slug", ["notebook-and-long", "too-few-hidden", "too-fast"])
def test_a_click_before_the_preset_is_on_screen_takes_none_of_it_back(slug: str) -> None:
    app = opened()
    before = on_screen(app)
    app.selectbox(key="preset").set_value(slug).run()
    for _ in range(2):  # an impatient visitor clicks again
        clicked(app, before)
        assert held(app) == PRESETS[slug].recipe


def test_a_setting_moved_after_the_preset_came_is_the_visitors() -> None:
    app = opened()
    app.selectbox(key="preset").set_value("notebook-and-long").run()
    app.slider(key="k").set_value(4).run()  # where it stood before the preset
    assert held(app) == PRESETS["notebook-and-long"].recipe.replace(k=4)


def test_a_slider_away_and_back_at_once_is_back_at_the_preset() -> None:
    app = opened(epochs="20")
    first = held(app)
    app.slider(key="k").set_value(9).run()
    away = on_screen(app)
    app.slider(key="k").set_value(first.training.first_k).run()
    assert app.selectbox(key="preset").value == "xor-ready"
    # The browser has not yet heard that the settings are the preset's again.
    for widget in away.widgets:
        if widget.id.endswith("-k"):
            widget.double_array_value.data[:] = [float(first.training.first_k)]
    clicked(app, away)
    assert held(app) == first
    assert app.selectbox(key="preset").value == "xor-ready"


def test_a_rate_of_a_link_can_be_returned_to() -> None:
    app = opened(lr="0.02")
    away = on_screen(app)
    app.select_slider(key="learning_rate").set_value(1.0).run()
    clicked(app, away)
    assert held(app).training.learning_rate_schedule.values == (0.02,)


def test_a_table_that_is_offered_no_more_is_not_taken_for_another_one() -> None:
    app = opened(dataset="table:1,0,0,1")
    table = on_screen(app)
    app.selectbox(key="dataset").set_value("and").run()
    clicked(app, table)
    assert held(app).dataset == "and"
