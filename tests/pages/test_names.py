"""The same unit has the same name on every page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "half-adder": ["x", "y", "carry", "sum"],
    "majority": ["x", "y", "z", "out"],
    "table:00,01,01,10": ["x", "y", "out 1", "out 2"],
    "table:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1": ["x", "y", "z", "w", "out"],
}


def opened(dataset: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    app.query_params["dataset"] = dataset
    app.query_params["epochs"] = "2"
    app.run()
    assert not app.exception
    return app


def turn_to(app: AppTest, page: str) -> None:
    app.switch_page(f"../pages/{page}/page.py").run()
    assert not app.exception


def component(app: AppTest, name: str) -> dict[str, Any]:
    for element in app.get("bidi_component"):
        if element.proto.component_name == f"rbm_{name}":
            return dict(json.loads(element.proto.json))
    raise AssertionError(f"no component {name} on the page")


@pytest.mark.parametrize("dataset", NAMES)
def test_the_same_unit_has_the_same_name_on_every_page(dataset: str) -> None:
    wanted = NAMES[dataset]
    app = opened(dataset)
    assert component(app, "bit_tiles")["names"] == wanted
    assert component(app, "unit_diagram")["names"] == wanted

    turn_to(app, "train_a_gate")
    panels = {panel["name"]: panel["figure"] for panel in component(app, "live_board")["panels"]}
    heatmap = panels["weights"]["data"][0]
    n_hidden = app.session_state["rbm_lab_session"].recipes["gate"].n_hidden
    hidden = [f"h{j + 1}" for j in range(n_hidden)]
    assert (heatmap["y"], heatmap["x"]) == ([*wanted, "bias"], [*hidden, "bias"])

    turn_to(app, "gibbs_steps")
    layers = component(app, "coin_rows")["layers"]
    drawn = {unit["name"] for layer in layers for unit in layer["units"]}
    assert drawn == {*wanted, *hidden}


@pytest.mark.parametrize("dataset", NAMES)
def test_the_table_editor_names_bits_as_the_pages_do(dataset: str) -> None:
    app = opened(dataset)
    app.selectbox(key="dataset").set_value("…").run()
    assert not app.exception
    table = app.dataframe[0].value
    assert [*str(table.index.name).split(), *table.columns] == NAMES[dataset]
