"""*Train a gate* through Streamlit's own test harness: the numbers on screen are the engine's."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from app.gates.desk import GateDesk
from app.gates.runs import GateJob
from app.session import state
from app.session.state import Session
from pages.train_a_gate import actions
from rbm_core import PRESETS, Recipe, fingerprint, measure

ROOT = Path(__file__).resolve().parents[3]
PAGE = "../pages/train_a_gate/page.py"
PATIENCE = 60.0


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(PAGE).run()


def session(app: AppTest) -> Session:
    return cast("Session", app.session_state["rbm_lab_session"])


def job(app: AppTest) -> GateJob:
    found = session(app).of_pages[GateDesk]
    assert isinstance(found, GateDesk)
    assert found.job is not None
    return found.job


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def until(app: AppTest, *states: str) -> AppTest:
    patience = time.monotonic() + PATIENCE
    while job(app).snapshot.state not in states:
        assert time.monotonic() < patience, job(app).snapshot.state
        time.sleep(0.02)
    return app.run()


def trained(app: AppTest) -> AppTest:
    app.segmented_control(key="speed").set_value("fast").run()
    return until(press(app, "train"), "done")


def readout(app: AppTest) -> str:
    return app.caption[0].value


def board(app: AppTest) -> dict[str, Any]:
    for element in app.get("bidi_component"):
        data = json.loads(element.proto.json or "{}") if element.proto.json else {}
        if "panels" in data:
            return cast("dict[str, Any]", data)
    raise AssertionError("there is no board")


def library(recipe: Recipe) -> str:
    run = recipe.start()
    run.advance(run.n_updates)
    return fingerprint(run.rbm)


def test_first_paint_of_a_preset_is_its_trained_machine() -> None:
    app = until(opened(), "done")
    assert not app.exception
    assert library(PRESETS["xor-ready"].recipe) in readout(app)
    assert len(board(app)["panels"]) == 6
    assert len(board(app)["film"]["frames"]) == 60
    assert "Learned" in app.markdown[0].value


def test_first_paint_from_scratch_is_the_untrained_machine() -> None:
    app = opened(preset="and-from-scratch")
    recipe = PRESETS["and-from-scratch"].recipe
    assert fingerprint(recipe.fresh_rbm(recipe.load_dataset())) in readout(app)
    assert "untrained" in readout(app)
    assert all(panel["figure"]["data"] for panel in board(app)["panels"])


def test_asleep_opens_untrained_so_that_a_class_sees_nothing_happen() -> None:
    app = opened(preset="asleep")
    assert "untrained" in readout(app)
    assert "Asleep" in trained(app).markdown[0].value


@pytest.mark.parametrize(
    ("dataset", "name"), [("half-adder", "Half adder"), ("table:0,1,0,0", "Table 0,1,0,0")]
)
def test_readout_names_the_gate_and_its_machine_whatever_is_hidden(dataset: str, name: str) -> None:
    app = opened(dataset=dataset, hidden="5", lr="0.3", hide="dataset,n_hidden,learning_rate")
    for told in (f"**{name}**", "5 hidden units", "rate 0.3"):
        assert told in readout(app)


def test_app_run_equals_the_library_bit_for_bit() -> None:
    app = trained(opened(preset="and-from-scratch", hidden="5", lr="0.3", seed="9"))
    recipe = session(app).recipes["gate"]
    assert (recipe.n_hidden, recipe.seed) == (5, 9)
    assert library(recipe) in readout(app)
    exact = measure(job(app).snapshot.rbm, job(app).dataset)
    assert exact.valid_mass is not None
    mass = next(panel for panel in board(app)["panels"] if panel["name"] == "mass")
    assert f"{100 * float(exact.valid_mass):.1f} %" in mass["note"]


def test_rewind_repeats_the_run_and_new_start_does_not() -> None:
    app = trained(opened(preset="and-from-scratch", epochs="3"))
    first = readout(app)
    press(app, "rewind")
    assert "untrained" in readout(app)
    again = readout(trained(app))
    assert fingerprint(job(app).snapshot.rbm) in first
    assert fingerprint(job(app).snapshot.rbm) in again
    press(app, "new_start")
    assert session(app).recipes["gate"].seed == 1
    other = readout(trained(app))
    assert "seed 1" in other
    assert fingerprint(job(app).snapshot.rbm) not in first


def test_step_makes_one_update_and_train_goes_on_from_it() -> None:
    app = opened(preset="and-from-scratch", epochs="2")
    for made in (1, 2):
        until(press(app, "step"), "paused")
        assert f"update **{made}** of 200" in readout(app)
    recipe = session(app).recipes["gate"]
    assert library(recipe) in readout(trained(app))


def test_pause_stands_still_and_train_goes_on() -> None:
    app = opened(preset="and-from-scratch")
    press(app, "train")
    until(press(app, "pause"), "paused")
    stood = readout(app)
    time.sleep(0.2)
    assert readout(app.run()) == stood
    assert library(session(app).recipes["gate"]) in readout(trained(app))


def test_changed_setting_keeps_the_run_on_show_and_says_so() -> None:
    app = trained(opened(preset="and-from-scratch", epochs="2"))
    shown = readout(app)
    app.slider(key="k").set_value(30).run()
    assert readout(app) == shown
    assert "4 (now 30)" in app.caption[1].value
    assert app.selectbox(key="preset").value == ""
    trained(app)
    assert job(app).recipe.training.k_schedule.values == (30.0,)


def test_other_data_set_shows_its_untrained_machine_at_once() -> None:
    app = until(opened(), "done")
    app.selectbox(key="dataset").set_value("majority").run()
    assert not app.exception
    assert "untrained" in readout(app)
    bars = next(panel for panel in board(app)["panels"] if panel["name"] == "distribution")
    assert len(bars["figure"]["data"][0]["x"]) == 16


def test_and_or_and_finds_the_first_run() -> None:
    app = trained(opened(dataset="and", epochs="2"))
    first = readout(app)
    app.selectbox(key="dataset").set_value("or").run()
    assert readout(app) == first
    assert "Data set AND (now OR)" in app.caption[1].value
    until(press(app, "start_anew"), "done")
    assert "**OR**" in readout(app)
    app.selectbox(key="dataset").set_value("and").run()
    assert readout(app) == first


def test_a_fork_brings_the_controls_back_to_the_machine_it_goes_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = trained(opened(dataset="and", hidden="3", epochs="2"))
    parent = job(app)
    app.selectbox(key="dataset").set_value("or").run()
    app.slider(key="n_hidden").set_value(5).run()
    app.slider(key="k").set_value(9).run()
    here = session(app)
    monkeypatch.setattr(state, "session", lambda: here)
    moment = parent.snapshot.frames[2]
    actions.fork_from(2)
    assert here.recipes["gate"] == parent.recipe.replace(k=9)
    until(app, "done")
    assert [left for _, left in job(app).lineage] == [moment.state.update]
    app.slider(key="k").set_value(4).run()
    assert job(app) is parent


def test_fix_it_changes_the_setting_at_fault_and_trains() -> None:
    app = until(opened(preset="too-few-hidden"), "done")
    assert "Too few hidden units" in app.markdown[0].value
    app.segmented_control(key="speed").set_value("fast").run()
    until(press(app, "fix_it"), "done")
    assert session(app).recipes["gate"].n_hidden == 3
    assert "Learned" in app.markdown[0].value


def test_preset_sets_every_control() -> None:
    app = opened()
    app.selectbox(key="preset").set_value("notebook-and-long").run()
    assert not app.exception
    assert app.slider(key="k").value == 30
    assert app.slider(key="n_hidden").value == 3
    assert app.select_slider(key="learning_rate").value == 0.1
    assert app.select_slider(key="weight_std").value == 0.01
    assert app.selectbox(key="gradient").value == "plain"
    assert app.slider(key="epochs").value == 15


def test_settings_survive_a_page_switch() -> None:
    app = opened()
    app.slider(key="n_hidden").set_value(9).run()
    app.switch_page("../pages/flip_a_bit/page.py").run()
    assert app.slider(key="n_hidden").value == 9
    app.switch_page(PAGE).run()
    assert app.slider(key="n_hidden").value == 9


def test_hidden_transport_button_leaves_its_readout() -> None:
    app = opened(hide="new_start,step,k")
    assert {button.key for button in app.button} >= {"train", "rewind"}
    assert "new_start" not in {button.key for button in app.button}
    assert "seed 0" in readout(app)


def test_every_control_has_a_tooltip_of_at_most_twenty_words() -> None:
    app = opened()
    controls = [*app.button, *app.slider, *app.select_slider, *app.selectbox, *app.number_input]
    assert len(controls) >= 15
    assert [c.key for c in controls if not c.help or len(c.help.split()) > 20] == []
