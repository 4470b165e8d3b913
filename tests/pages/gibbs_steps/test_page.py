"""*Gibbs, step by step* on screen says what the engine says for the same seed."""

from __future__ import annotations

import contextlib
import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from app.gates import gallery
from pages.gibbs_steps import words
from pages.gibbs_steps.view import GibbsView
from pages.gibbs_steps.visit_laws import chance_bounds
from pages.gibbs_steps.walk import set_coins
from rbm_core import (
    RBM,
    half_step_hidden,
    half_step_visible,
    make_generator,
    noise,
    number_text,
    preset,
    state_index,
    visible_distribution,
)

ROOT = Path(__file__).resolve().parents[3]
RECIPE = preset("xor-ready").recipe


@pytest.fixture(scope="module", autouse=True)
def examples() -> None:
    """The landing page's machine is trained before a page is opened."""
    job = gallery.example(RECIPE)
    assert job is not None
    deadline = time.monotonic() + 30
    while job.snapshot.state != "done":
        assert time.monotonic() < deadline, job.snapshot
        time.sleep(0.02)


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=60).run()
    app.switch_page("../pages/gibbs_steps/page.py").run()
    assert not app.exception
    return app


def _view(app: AppTest) -> GibbsView:
    found = app.session_state["rbm_lab_session"].of_pages[GibbsView]
    assert isinstance(found, GibbsView)
    return found


def _engine_machine(update: int) -> RBM:
    run = RECIPE.start()
    run.advance(update)
    return run.rbm


def _component(app: AppTest, key: str) -> dict[str, Any]:
    """Data that a component was given."""

    def nodes(block: Any) -> Iterator[Any]:  # noqa: ANN401  (AppTest's own tree)
        for child in block.children.values():
            yield child
            if hasattr(child, "children"):
                yield from nodes(child)

    found = [
        node.proto
        for node in nodes(app._tree.main)
        if getattr(node, "type", "") == "bidi_component" and node.proto.id.endswith(key)
    ]
    data: dict[str, Any] = json.loads(found[0].json)
    return data


def test_last_draw_on_screen_is_the_engines_for_the_same_seed(page: AppTest) -> None:
    page.button(key="walk_rewind").click().run()
    for _ in range(3):
        page.button(key="half_step").click().run()
    rbm = _engine_machine(_view(page).machine.update)
    generator = make_generator(RECIPE.seed, "walk", 0)
    v = noise(rbm, 1, generator)
    before = half_step_hidden(rbm, v, generator).outcome
    v = half_step_visible(rbm, before, generator).outcome
    step = half_step_hidden(rbm, v, generator)
    told = page.markdown[0].value
    for unit in range(3):
        wanted = f"h{unit + 1}: p = {float(step.probability[0, unit]):.2f}, "
        if wanted not in told:
            continue  # a sentence tells the least certain three
        drew = re.search(re.escape(wanted) + r"drew ([0-9.]+) → \*\*(\d)\*\*", told)
        assert drew is not None
        assert float(drew[1]) == pytest.approx(float(step.uniform[0, unit]), abs=0.006)
        assert int(drew[2]) == int(step.outcome[0, unit])
    energies = [float(rbm.energy(v, h)) for h in (before, step.outcome)]
    assert f"E {number_text(energies[0], 2)} → {number_text(energies[1], 2)}" in told
    rows = _component(page, "coin_rows")["layers"][0]["units"]
    for name, values in (("field", step.field), ("p", step.probability), ("u", step.uniform)):
        assert [row[name] for row in rows] == pytest.approx(values[0].tolist(), abs=6e-5)
    assert [row["state"] for row in rows] == step.outcome[0].tolist()


def test_panels_show_the_exact_law_and_the_visits_of_the_walk(page: AppTest) -> None:
    board = {panel["name"]: panel for panel in _component(page, "gibbs_board")["panels"]}
    view = _view(page)
    law = visible_distribution(view.machine.rbm)
    shares = view.walk.visits / view.walk.visits.sum()
    for number, name in ((0b011, "011"), (0b111, "111")):
        assert f"{name} {shares[number]:.3f}, exact {law[number]:.3f}" in board["visits"]["alt"]
    distance = 0.5 * abs(torch.from_numpy(shares) - law).sum()
    assert board["distance"]["note"].startswith(f"{distance:.3f} ")
    here = format(int(state_index(torch.from_numpy(view.walk.v))), "03b")
    assert board["landscape"]["note"].startswith(f"at {here}, ")


def test_distance_is_set_beside_a_bound_that_it_may_stay_under(page: AppTest) -> None:
    """What chance explains is bounded from above, so nothing on screen calls it a floor."""
    board = {panel["name"]: panel for panel in _component(page, "gibbs_board")["panels"]}
    found = re.fullmatch(r"([0-9.]+) · chance ≤ ([0-9.]+)", board["distance"]["note"])
    assert found is not None, board["distance"]["note"]
    view = _view(page)
    at = chance_bounds(view.walk.law, view.walk.n_counted)
    assert at.walk is not None
    assert float(found[2]) == pytest.approx(at.walk[-1], abs=6e-4)
    told = json.dumps(board) + words.PARAGRAPH + "".join(text for text, _ in words.EQUATIONS)
    assert "floor" not in told.lower()


def test_rewind_gives_the_same_walk_and_new_start_another(page: AppTest) -> None:
    def walked() -> tuple[str, list[int]]:
        page.button(key="x100").click().run()
        return page.markdown[0].value, _view(page).walk.visits.tolist()

    page.button(key="walk_rewind").click().run()
    first = walked()
    page.button(key="walk_rewind").click().run()
    assert walked() == first
    page.button(key="walk_new_start").click().run()
    assert walked()[1] != first[1]
    assert "of walk 2" in page.markdown[0].value


def test_steps_end_whole_wherever_they_begin(page: AppTest) -> None:
    page.button(key="walk_rewind").click().run()
    page.button(key="half_step").click().run()
    assert page.markdown[0].value.startswith("**step 0½** drew the **hidden** layer")
    page.button(key="x10").click().run()
    assert page.markdown[0].value.startswith("**step 10** drew the **visible** layer")


def test_code_on_screen_runs_and_gives_the_walk_on_screen(page: AppTest) -> None:
    page.button(key="walk_rewind").click().run()
    view = _view(page)
    view.walk = set_coins(view.walk, view.machine.rbm, {2: 0.25})
    page.button(key="half_step").click().run()
    page.button(key="x10").click().run()
    page.button(key="half_step").click().run()
    code = page.code[0].value
    assert "by_hand = {1: {2: 0.25}}" in code
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, space)  # noqa: S102  (running it is the test)
    walk = _view(page).walk
    assert walk.h is not None
    assert space["v"][0].tolist() == walk.v.tolist()
    assert space["h"][0].tolist() == walk.h.tolist()
    assert space["visits"].tolist() == walk.visits.tolist()


def test_young_machine_is_the_runs_own_at_that_update(page: AppTest) -> None:
    page.select_slider(key="gibbs_age").set_value(2).run()
    view = _view(page)
    assert 0 < view.machine.update < 2000
    rbm = _engine_machine(view.machine.update)
    for ours, theirs in zip(view.machine.rbm.parameters(), rbm.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_page_opens_on_a_machine_that_moves(page: AppTest) -> None:
    view = _view(page)
    assert view.ages[view.age].relaxation_time <= 20
    assert view.ages[-1].machine.update == 2000
    assert (view.walk.visits > 0).sum() == 8


def test_every_tooltip_is_short() -> None:
    for text in (*words.HELP.values(), *words.COIN_WORDS.values()):
        assert len(text.split()) <= 20, text
