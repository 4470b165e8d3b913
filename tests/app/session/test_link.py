"""A link says everything, survives a round trip, and what is wrong in it is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from app.session import state
from app.session.limits import LIMITS, allowed_here, within
from app.session.link import read_link
from rbm_core import PRESETS, QUERY_NAMES, Preset, Recipe, default_recipe

MAIN = str(Path(__file__).resolve().parents[3] / "app" / "main.py")


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def as_text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else value[0]


def held(app: AppTest) -> state.Session:
    return cast("state.Session", app.session_state["rbm_lab_session"])


def test_link_writes_every_value_and_reads_back_as_the_same_recipe() -> None:
    app = opened(preset="and-from-scratch", lr="0.3", hidden="7", seed="42", k="11")
    assert not app.exception
    recipe = held(app).recipes["gate"]
    written = {name: as_text(app.query_params[name]) for name in app.query_params}
    assert written["v"] == "2"
    assert set(recipe.to_query()) <= set(written)
    back, complaints = Recipe.from_query(written, default_recipe("xor"))
    assert complaints == []
    assert back == recipe
    assert (recipe.n_hidden, recipe.seed) == (7, 42)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"hidden": "-1"}, "n_hidden is -1"),
        ({"hidden": "13"}, "n_hidden is 13"),
        ({"k": "four"}, "four"),
        ({"k": "101"}, "k is 101"),
        ({"lr": "1000"}, "learning_rate is 1000"),
        ({"dataset": "nonsense"}, "nonsense"),
        ({"dataset": "table:0,1,1"}, "3 rows"),
        ({"preset": "nonsense"}, "nonsense"),
        ({"v": "99"}, "99"),
        ({"v": "1"}, "made with version 0.1"),
        ({"epochs": "60", "updates-per-epoch": "1000000"}, "60 epochs of 1000000"),
        ({"order": "shuffle"}, "4 rows"),
        ({"seed": "-5"}, "-5"),
    ],
)
def test_what_is_wrong_in_a_link_is_named_and_falls_back(
    parameters: dict[str, str], named: str
) -> None:
    app = opened(**parameters)
    assert not app.exception
    assert len(app.warning) == 1
    assert named in app.warning[0].value
    recipe = held(app).recipes["gate"]
    assert recipe.start().n_updates <= 60_000
    if "v" not in parameters:
        assert recipe == PRESETS["xor-ready"].recipe


@pytest.mark.parametrize("setting", ["hidden", "k", "lr", "epochs", "batch", "momentum"])
@pytest.mark.parametrize("value", ["-1", "1e9", "99999", "four"])
def test_the_limits_named_are_the_screens(setting: str, value: str) -> None:
    name = QUERY_NAMES[setting]
    (complaint,) = state._from_link({setting: value}).complaints
    assert complaint.endswith(allowed_here(name, "gate"))


def test_complaints_of_any_link_fit_in_three_lines() -> None:
    names = set(QUERY_NAMES) | {"preset", "v"}
    complaints = state._from_link(dict.fromkeys(names, "nonsense" * 40)).complaints
    assert len(complaints) == 3
    assert max(map(len, complaints)) <= 140
    assert "more values" in complaints[-1]


def test_link_hides_controls_and_sets_the_projector() -> None:
    app = opened(hide="k,learning_rate,copy_link", projector="1")
    assert not app.exception
    keys = {slider.key for slider in app.slider}
    assert "n_hidden" in keys
    assert "k" not in keys
    assert held(app).projector
    assert as_text(app.query_params["hide"]) == "copy_link,k,learning_rate"


def test_table_in_a_link_is_the_data_set() -> None:
    app = opened(dataset="table:1,0,0,1")
    assert not app.exception
    assert held(app).recipes["gate"].dataset == "table:1,0,0,1"


def test_link_of_an_image_leaves_the_gates_alone() -> None:
    session = state._from_link({"dataset": "digits", "hidden": "32"})
    assert session.recipes["image"].n_hidden == 32
    assert session.recipes["gate"] == PRESETS["xor-ready"].recipe
    assert session.complaints == []


@pytest.mark.parametrize("entry", list(PRESETS.values()), ids=list(PRESETS))
def test_presets_lie_within_the_screens_ranges(entry: Preset) -> None:
    recipe = entry.recipe
    assert within(recipe, recipe, state.kind_of(recipe)) == (recipe, [])


@pytest.mark.parametrize("entry", list(PRESETS.values()), ids=list(PRESETS))
def test_another_seed_of_a_preset_is_in_its_link(entry: Preset) -> None:
    recipe = entry.recipe.replace(seed=1)
    link = read_link(recipe.to_query())
    assert (link.recipe, link.complaints) == (recipe, ())


LINKS: list[dict[str, str]] = [
    {},
    {"dataset": "table:0,1,1,0", "k": "9", "hidden": "7", "projector": "1"},
    {"preset": "asleep", "hide": "k,seed", "bits": "010", "hold": "0"},
    {"dataset": "half-adder", "lr": "0.3", "momentum": "0.5", "l2": "0.001"},
]


@pytest.mark.parametrize("parameters", LINKS, ids=str)
def test_the_link_to_copy_opens_what_is_on_screen(parameters: dict[str, str]) -> None:
    app = opened(**parameters)
    assert not app.exception
    here = held(app)
    assert here.complaints == []
    links = [
        json.loads(element.proto.json)["query"]
        for element in app.get("bidi_component")
        if element.proto.component_name == "rbm_copy_link"
    ]
    assert len(links) == 1
    copied = dict(parse_qsl(links[0], keep_blank_values=True))
    assert copied == {name: as_text(app.query_params[name]) for name in app.query_params}
    there = held(opened(**copied))
    for name in ("recipes", "presets", "projector", "hidden", "extras", "complaints"):
        assert getattr(there, name) == getattr(here, name), name


def test_the_link_to_copy_is_read_by_people_too_and_holds_no_run() -> None:
    app = opened(dataset="table:0,1,1,0", seed="5")
    app.switch_page("../pages/train_a_gate/page.py").run()
    app.button(key="step").click().run()
    assert not app.exception
    assert "run" in app.query_params
    element = next(
        element
        for element in app.get("bidi_component")
        if element.proto.component_name == "rbm_copy_link"
    )
    link = json.loads(element.proto.json)["query"]
    assert "dataset=table:0,1,1,0" in link
    assert "run=" not in link


def test_a_reload_finds_the_run_on_whichever_page_it_comes_back() -> None:
    app = opened(dataset="and", seed="6", epochs="1")
    app.switch_page("../pages/train_a_gate/page.py").run()
    app.button(key="step").click().run()
    job = app.query_params["run"]
    app.switch_page("../pages/images/page.py").run()
    assert app.query_params["run"] == job


def went_back(app: AppTest, parameters: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the browser's back bring an address."""
    for name in list(app.query_params):
        del app.query_params[name]
    for name, value in parameters.items():
        app.query_params[name] = value
    with monkeypatch.context() as browser:
        browser.setattr(state, "_went_back_or_on", lambda: True)
        app.run()
    assert not app.exception


def test_an_address_that_back_brings_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    first = {name: as_text(app.query_params[name]) for name in app.query_params}
    app.button(key="flip_output").click().run()
    app.slider(key="k").set_value(9).run()
    app.selectbox(key="preset").set_value("too-fast").run()
    went_back(app, first, monkeypatch)
    assert held(app).recipes["gate"] == PRESETS["xor-ready"].recipe
    assert (app.selectbox(key="preset").value, app.slider(key="k").value) == ("xor-ready", 4)
    # What the page does with the link is read as well, and nothing is written over it.
    assert {name: as_text(app.query_params[name]) for name in app.query_params} == first


@pytest.mark.parametrize(("dataset", "page"), [("xor", "images"), ("digits", "train_a_gate")])
def test_a_page_that_cannot_show_what_an_address_names_says_so(
    dataset: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened().switch_page(f"../pages/{page}/page.py").run()
    went_back(app, {"dataset": dataset}, monkeypatch)
    assert [dataset in warning.value for warning in app.warning] == [True]
    app.switch_page("../pages/gibbs_steps/page.py").run()
    assert len(held(app).complaints) == 1


def test_a_click_with_an_address_of_before_takes_nothing_back() -> None:
    app = opened()
    app.slider(key="k").set_value(9).run()
    app.query_params["k"] = "4"  # the browser has not heard of the change yet
    app.run()
    assert held(app).recipes["gate"].training.first_k == 9
    assert as_text(app.query_params["k"]) == "9"


def test_the_screen_ends_where_the_engine_of_gates_does() -> None:
    assert LIMITS["gate"].k == (1, 100)
