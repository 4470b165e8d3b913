"""*Train a gate* in a real browser: live, steady, repeatable, and all its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.conftest import Traffic

pytestmark = pytest.mark.browser

LEARN_MS = 30_000


def press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.or_(page.get_by_role("radio", name=name, exact=True)).click()


def readout(page: Page) -> str:
    return page.get_by_text(re.compile("fingerprint")).first.inner_text()


def n_drawn(page: Page) -> int:
    return int(page.locator(".board").get_attribute("data-updates") or 0)


def chart(page: Page, name: str) -> str:
    return page.locator(f"[data-panel={name}] [role=img]").get_attribute("aria-label") or ""


def expect_learned_to_the_end(page: Page) -> None:
    """A run counts as learned before it is through; its film comes with its last board."""
    expect(page.locator(".st-key-verdict")).to_contain_text("Learned", timeout=LEARN_MS)
    expect(page.locator(".film input")).to_be_visible(timeout=LEARN_MS)


def box_of(page: Page, selector: str) -> FloatRect:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box


def open_and(page: Page) -> None:
    page.goto("/train_a_gate?preset=and-from-scratch")
    expect(page.get_by_text("untrained")).to_be_visible()
    expect(page.locator(".board .js-plotly-plot")).to_have_count(6, timeout=LEARN_MS)


def drag_a_zoom(page: Page) -> list[float]:
    area = box_of(page, "[data-panel=likelihood] .nsewdrag")
    page.mouse.move(area["x"] + 20, area["y"] + 15)
    page.mouse.down()
    page.mouse.move(area["x"] + 120, area["y"] + 70, steps=5)
    page.mouse.up()
    page.wait_for_timeout(200)
    return zoom(page)


def zoom(page: Page) -> list[float]:
    found: list[float] = page.evaluate(
        "document.querySelector('[data-panel=likelihood] .js-plotly-plot').layout.xaxis.range"
    )
    return found


def test_and_is_trained_paused_rewound_and_gives_the_same_numbers_again(
    page: Page, record_property: Callable[[str, object], None]
) -> None:
    open_and(page)
    press(page, "Slow")
    page.wait_for_timeout(500)
    began, drawn = time.monotonic(), n_drawn(page)
    press(page, "Train")
    page.wait_for_function(
        "n => Number(document.querySelector('.board').dataset.updates) > n"
        " && !document.body.innerText.includes('update 0 of')",
        arg=drawn,
    )
    record_property("train_to_first_move_s", round(time.monotonic() - began, 2))

    before = drag_a_zoom(page)
    drawn = n_drawn(page)
    page.wait_for_function(
        "n => Number(document.querySelector('.board').dataset.updates) > n + 1", arg=drawn
    )
    assert zoom(page) == before

    began = time.monotonic()
    press(page, "Pause")
    expect(page.get_by_text(re.compile("^paused"))).to_be_visible()
    record_property("pause_to_still_s", round(time.monotonic() - began, 2))
    stood = readout(page)
    page.wait_for_timeout(1200)
    assert readout(page) == stood

    press(page, "Fast")
    press(page, "Train")
    expect_learned_to_the_end(page)
    first, numbers = readout(page), chart(page, "mass")
    share = re.search(r"legal rows: ([\d.]+) %", numbers)
    assert share is not None
    assert float(share[1]) >= 95.0

    press(page, "Rewind")
    expect(page.get_by_text("untrained")).to_be_visible()
    press(page, "Train")
    expect_learned_to_the_end(page)
    assert chart(page, "mass") == numbers
    print_of = re.compile(r"fingerprint\s+(\w+)")
    ours, theirs = print_of.search(readout(page)), print_of.search(first)
    assert ours is not None
    assert theirs is not None
    assert ours[1] == theirs[1]


def test_film_plays_in_the_browser_alone(page: Page, traffic: Traffic) -> None:
    page.goto("/train_a_gate")
    expect(page.locator(".film input")).to_be_visible(timeout=LEARN_MS)
    page.wait_for_timeout(1500)
    at_end, sent = chart(page, "distribution"), traffic.frames_sent
    page.locator(".film .play").click()
    page.wait_for_timeout(2000)
    assert chart(page, "distribution") != at_end
    page.locator(".film input").fill("10")
    assert "update 340" in page.locator(".film output").inner_text()
    assert traffic.frames_sent == sent


def test_a_reload_finds_the_run_again(page: Page) -> None:
    open_and(page)
    press(page, "Slow")
    press(page, "Train")
    expect(page.get_by_text(re.compile("^training"))).to_be_visible()
    page.wait_for_timeout(1000)
    page.reload()
    expect(page.get_by_text(re.compile("^training"))).to_be_visible()
    update = re.search(r"update\s+(\d+)", readout(page))
    assert update is not None
    assert int(update[1]) > 50
    press(page, "Pause")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768)])
def test_main_act_fits_without_scrolling(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/train_a_gate")
    expect(page.locator(".film input")).to_be_visible(timeout=LEARN_MS)
    film = box_of(page, ".film")
    assert film["y"] + film["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sidebar = box_of(page, ".st-key-copy_link")
    assert sidebar["y"] + sidebar["height"] <= height
