"""*Images* runs with no data and no network, and says what the engine says."""

from __future__ import annotations

import contextlib
import io
import json
import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.shared_results import SharedResults
from pages.images import data as image_data
from pages.images import view as image_view
from pages.images.acts.choice import ACTS as SHOWABLE
from pages.images.words.labels import ACTS, HELP, STARTS
from rbm_core import RBM, fingerprint, load_pretrained, preset, pretrained_names

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The data folder is empty, and the system keeps nothing either."""
    monkeypatch.setenv("RBM_DATA", str(tmp_path))
    monkeypatch.setattr(image_data, "find_image_set", lambda _name: None)
    monkeypatch.setattr(image_data, "_opened", SharedResults(64))
    monkeypatch.setattr(image_data, "_downloads", {})


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=60).run()
    return app.switch_page(str(ROOT / "pages" / "images" / "page.py")).run()


def said(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.caption, *app.markdown])


def quiet(app: AppTest) -> AppTest:
    assert not app.exception, [entry.stack_trace for entry in app.exception]
    assert not app.error, [entry.value for entry in app.error]
    return app


def choose(app: AppTest, slug: str) -> AppTest:
    return app.selectbox(key="preset").select(slug).run()


def wait_for(app: AppTest, state: str) -> AppTest:
    deadline = time.monotonic() + 60
    while f"**{state}**" not in said(app):
        assert time.monotonic() < deadline, said(app)
        time.sleep(0.1)
        app.run()
    return app


def test_page_opens_dreaming_without_data_and_names_what_is_missing(page: AppTest) -> None:
    quiet(page)
    machine = load_pretrained("mnist-pcd")
    assert machine.fingerprint in said(page)
    missing = [part.value for part in page.caption if "MNIST is not on this server" in part.value]
    assert len(missing) == 1
    assert "\n" not in missing[0]


def test_every_act_runs_on_a_finished_machine_without_data(page: AppTest) -> None:
    for act in ACTS:
        page.segmented_control(key="act").set_value(act).run()
        quiet(page)


@pytest.mark.slow
def test_every_act_runs_on_every_finished_machine(page: AppTest) -> None:
    for slug in pretrained_names():
        choose(page, slug)
        for act in ACTS:
            page.segmented_control(key="act").set_value(act).run()
            quiet(page)


def test_acts_on_screen_are_all_there() -> None:
    assert set(SHOWABLE) | {"data"} == set(ACTS)


def test_a_run_without_data_says_so_in_one_line_and_stays_up(page: AppTest) -> None:
    page.button(key="rewind").click().run()
    assert not page.exception
    assert len(page.error) == 1
    assert "MNIST is not on this server" in page.error[0].value
    assert "\n" not in page.error[0].value
    quiet(choose(page, "small-digits"))


def test_train_is_offered_only_where_the_data_set_is(page: AppTest) -> None:
    for slug, offered in (("mnist-pcd", False), ("small-digits", True)):
        choose(page, slug)
        for key in ("train", "step"):
            assert page.button(key=key).disabled is not offered


def test_machine_in_training_shows_what_it_dreams_from_and_no_empty_column(page: AppTest) -> None:
    choose(page, "small-digits")
    page.segmented_control(key="image_start").set_value("probe").run()
    page.segmented_control(key="speed").set_value("slow").run()
    page.button(key="train").click().run()
    quiet(wait_for(page, "training"))
    start = page.segmented_control(key="image_start_training")
    assert (start.value, start.disabled) == ("noise", True)
    strip = _panel(page, "image_strip", "strip")
    assert "from noise" in strip["note"]
    assert len(strip["steps"]) == strip["ready"]
    page.button(key="pause").click().run()
    quiet(wait_for(page, "paused"))
    assert page.segmented_control(key="image_start").value == "probe"
    assert "from probes" in _panel(page, "image_strip", "strip")["note"]


def test_trained_digits_have_the_engines_fingerprint(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    choose(page, "small-digits")
    page.slider(key="epochs").set_value(2).run()
    page.segmented_control(key="speed").set_value("fast").run()
    page.button(key="train").click().run()
    wait_for(page, "trained")
    quiet(page)
    run = preset("small-digits").recipe.replace(epochs=2).start()
    run.advance(run.n_updates)
    code = page.code[0].value
    assert f"run.advance({run.n_updates})" in code
    page.segmented_control(key="act").set_value("filters").run()
    quiet(page)
    assert _run(code).startswith(f"fingerprint {fingerprint(run.rbm)}")


def test_run_that_stands_still_is_named_once_however_often_it_is_shown(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(page, "small-digits")
    page.button(key="step").click().run()
    wait_for(page, "paused")
    named = []

    def counting(rbm: RBM) -> str:
        named.append(rbm)
        return fingerprint(rbm)

    monkeypatch.setattr(image_view, "fingerprint", counting)
    page.button(key="rewind").click().run()
    for _ in range(3):
        quiet(page.run())
    assert len(named) == 1


def test_rewind_keeps_the_seed_and_new_start_changes_it(page: AppTest) -> None:
    choose(page, "small-digits")
    page.button(key="step").click().run()
    wait_for(page, "paused")
    assert re.search(r"update \*\*1\*\*", said(page))
    page.button(key="rewind").click().run()
    assert re.search(r"update \*\*0\*\*", said(page))
    assert page.number_input(key="seed").value == 0
    page.button(key="new_start").click().run()
    assert page.number_input(key="seed").value == 1
    quiet(page)


def test_the_finished_machine_comes_back_on_request(page: AppTest) -> None:
    choose(page, "small-digits")
    page.button(key="step").click().run()
    name = load_pretrained("small-digits").fingerprint
    assert name not in said(page)
    page.button(key="finished").click().run()
    assert name in said(quiet(page))


def test_a_run_stays_when_the_controls_move_on_and_is_found_again(page: AppTest) -> None:
    choose(page, "small-digits")
    page.button(key="step").click().run()
    wait_for(page, "paused")
    page.slider(key="n_hidden").set_value(32).run()
    assert re.search(r"update \*\*1\*\*", said(quiet(page)))
    assert "Hidden units 64 (now 32)" in said(page)
    page.button(key="start_anew").click().run()
    page.button(key="pause").click().run()
    wait_for(page, "paused")
    assert "Shown: made with" not in said(quiet(page))
    page.selectbox(key="dataset").select("bars-and-stripes-3x3").run()
    assert "Digits 8×8 (now " in said(quiet(page))
    choose(page, "small-digits")
    assert re.search(r"update \*\*1\*\*", said(quiet(page)))
    page.button(key="finished").click().run()
    assert load_pretrained("small-digits").fingerprint in said(quiet(page))


def test_code_of_a_finished_machine_runs_as_it_stands(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(page, "small-digits")
    monkeypatch.chdir(tmp_path)
    name = load_pretrained("small-digits").fingerprint
    assert _run(page.code[0].value).startswith(f"fingerprint {name}")
    assert (tmp_path / "strip.png").read_bytes().startswith(b"\x89PNG")


def test_a_broken_upload_is_named_and_the_page_stays_up(page: AppTest) -> None:
    page.segmented_control(key="act").set_value("data").run()
    page.file_uploader(key="image_upload").set_value(("bad.npz", b"PK broken", "")).run()
    assert not page.exception
    assert ["bad.npz" in entry.value for entry in page.error] == [True]
    quiet(page.file_uploader(key="image_upload").set_value(("ok.npz", _pictures(), "")).run())
    page.button(key="use_upload").click().run()
    quiet(page)
    assert str(page.selectbox(key="dataset").value).startswith("upload:ok-")
    page.segmented_control(key="act").set_value("dream").run()
    page.button(key="step").click().run()
    quiet(wait_for(page, "paused"))


def test_data_sets_without_pictures_or_tiny_ones_do_not_break_the_page(page: AppTest) -> None:
    for name in ("bars-and-stripes-3x3", "shifter-11", "digits"):
        page.selectbox(key="dataset").select(name).run()
        quiet(page)


def test_what_chains_start_from_is_no_name_of_an_act() -> None:
    assert set(STARTS.values()).isdisjoint(ACTS.values())


def test_tooltips_have_at_most_twenty_words() -> None:
    for text in HELP.values():
        assert len(text.split()) <= 20, text


def _panel(app: AppTest, board: str, name: str) -> dict[str, Any]:
    """What the browser is told of a panel, besides the pixels."""

    def nodes(block: Any) -> Iterator[Any]:  # noqa: ANN401  (AppTest's own tree)
        for child in block.children.values():
            yield child
            if hasattr(child, "children"):
                yield from nodes(child)

    (found,) = (
        node.proto
        for node in nodes(app._tree.main)
        if getattr(node, "type", "") == "bidi_component" and node.proto.id.endswith(board)
    )
    content: bytes = found.bytes
    (size,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + size])
    (panel,) = (entry for entry in header["panels"] if entry["name"] == name)
    return dict(panel)


def _pictures() -> bytes:
    buffer = io.BytesIO()
    draw = np.random.default_rng(0)
    np.savez(buffer, images=draw.integers(0, 2, (100, 6, 5)), labels=np.arange(100) % 3)
    return buffer.getvalue()


def _run(code: str) -> str:
    spoken = io.StringIO()
    with contextlib.redirect_stdout(spoken):
        exec(compile(code, "shown", "exec"), {})  # noqa: S102  (the page's own code)
    return spoken.getvalue()
