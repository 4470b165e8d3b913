"""The landing page: what it says equals what the engine says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rbm_core import CorrectionConfig, correct, expected_correction, make_generator, preset

MAIN = Path(__file__).resolve().parents[3] / "app" / "main.py"


def page(**query: str) -> AppTest:
    at = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def verdict(at: AppTest) -> str:
    return str(at.markdown[0].value)


def component(at: AppTest, name: str) -> dict[str, Any]:
    for element in at.get("bidi_component"):
        if element.proto.component_name == f"rbm_{name}":
            return dict(json.loads(element.proto.json))
    raise AssertionError(f"no component {name} on the page")


@pytest.fixture(scope="module")
def engine() -> dict[bool, tuple[float, float, float]]:
    """P(right) at the end, exact; shares repaired by an input, exact and sampled; by hold."""
    recipe = preset("xor-ready").recipe
    run = recipe.start()
    run.advance(run.n_updates)
    answers = {}
    for held in (True, False):
        config = CorrectionConfig(n_steps=12, clamp_inputs=held, row=3)
        exact = expected_correction(run.rbm, run.dataset, config)
        coins = make_generator(recipe.seed, "correction", 1)
        sampled = correct(run.rbm, run.dataset, config, generator=coins)
        answers[held] = (
            float(exact.p_legal[-1]),
            exact.repaired_by_input,
            sampled.repaired_by_input,
        )
    return answers


def test_landing_is_a_finished_example() -> None:
    at = page()
    assert "1 1 → 0 stays right" in verdict(at)
    assert component(at, "bit_tiles")["chain"][0] == "110"
    assert at.toggle(key="hold_inputs").value is True
    assert component(at, "unit_diagram")["names"] == ["x", "y", "out"]


def test_flip_shows_the_engines_number(engine: dict[bool, tuple[float, float, float]]) -> None:
    at = page()
    at.button(key="flip_output").click().run()
    end, _, _ = engine[True]
    assert f"P(right) is **{end:.2f}** after 12 steps (exact)" in verdict(at)
    tiles = component(at, "bit_tiles")
    assert tiles["exact"][-1] == pytest.approx(end, abs=1e-4)
    assert tiles["chain"][0] == "111"
    assert all(bits[:2] == "11" for bits in tiles["chain"])
    assert f"{end:.2f} at step 12" in component(at, "correction_chart")["alt"]


def test_flip_with_inputs_free_shows_who_repaired(
    engine: dict[bool, tuple[float, float, float]],
) -> None:
    at = page()
    at.toggle(key="hold_inputs").set_value(False).run()
    at.button(key="flip_output").click().run()
    _, exact, sampled = engine[False]
    assert f"repaired by an input: **{exact:.0%}** (exact), {sampled:.0%} (sampled)" in verdict(at)


def test_messages_of_a_playback_send_no_trajectory_again() -> None:
    """What a message of the browser brings about changes nothing that it draws."""
    at = page()
    at.button(key="flip_output").click().run()
    names = ("correction_chart", "bit_tiles", "unit_diagram", "playback_bar")
    before = [component(at, name) for name in names]
    at.run()
    assert [component(at, name) for name in names] == before


def test_same_flips_give_the_same_picture_in_another_session() -> None:
    pictures = []
    for _ in range(2):
        at = page()
        at.button(key="flip_output").click().run()
        pictures.append(component(at, "correction_chart")["figure"])
    assert pictures[0] == pictures[1]


def test_notebooks_measure_comes_with_why_it_is_wrong() -> None:
    at = page()
    at.button(key="flip_output").click().run()
    at.toggle(key="correction_notebook").set_value(True).run()
    names = [trace["name"] for trace in component(at, "correction_chart")["figure"]["data"]]
    assert any("notebook" in name for name in names)
    assert any(
        "columns 1 and 2 instead of columns 0 and 1" in element.value for element in at.markdown
    )


def test_another_table_opens_on_its_own_row_and_lets_the_output_be_chosen() -> None:
    at = page(dataset="half-adder", v="1")
    assert component(at, "bit_tiles")["names"] == ["x", "y", "carry", "sum"]
    at.button_group(key="correction_output").set_value("sum").run()
    at.button(key="flip_output").click().run()
    assert component(at, "bit_tiles")["chain"][0] == "1111"
    assert "the sum" in verdict(at)


def test_hidden_controls_keep_their_readout() -> None:
    at = page(hide="flip_output,hold_inputs,run_correction")
    assert "flip_output" not in {button.key for button in at.button}
    assert list(component(at, "playback_bar")["buttons"]) == ["step", "rewind"]
    assert component(at, "bit_tiles")["held"] is True
    assert "(exact)" in verdict(at)


def test_link_opens_exactly_the_same_animation() -> None:
    """Bits, what is held and the coins travel in the link."""
    first = page()
    first.toggle(key="hold_inputs").set_value(False).run()
    first.button(key="flip_output").click().run()
    first.run()
    link = {
        name: value if isinstance(value, str) else str(value[0])
        for name, value in first.query_params.items()
    }
    assert (link["bits"], link["hold"], link["flips"]) == ("111", "0", "1")
    second = page(**link)
    assert verdict(second) == verdict(first)
    for name in ("correction_chart", "unit_diagram"):
        ours, theirs = component(first, name), component(second, name)
        ours.pop("playback")
        theirs.pop("playback")
        assert ours == theirs


def test_malformed_link_is_named_and_falls_back() -> None:
    at = page(bits="12", hold="maybe", output="7", flips="-1")
    complaints = [element.value for element in at.warning]
    assert len(complaints) == 4
    assert "bits is '12'; it must be 3 digits of 0 and 1" in complaints[0]
    assert component(at, "bit_tiles")["chain"][0] == "110"
