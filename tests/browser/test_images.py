"""*Images* in a real browser: it dreams before a click, learns within seconds, takes paint."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

# The page's promise is 5 s from Train; a busy machine gets some more.
LEARNED_S = 5.0


def press(page: Page, key: str) -> None:
    # Streamlit draws a button with a tooltip twice, for wide and for narrow screens.
    page.locator(f".st-key-{key} button:visible").click()


def choose(page: Page, key: str, option: str) -> None:
    page.locator(f".st-key-{key} [role=combobox]").click()
    page.get_by_role("option", name=option, exact=True).click()


def act(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


def picture(page: Page, name: str) -> Locator:
    return page.locator(f"[data-panel={name}] canvas").first


def spread(canvas: Locator) -> float:
    """How much the pixels of a canvas differ: nothing was drawn where it is zero."""
    return float(
        canvas.evaluate(
            """c => {
              const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
              let low = 255, high = 0;
              for (let i = 0; i < d.length; i += 4) {
                low = Math.min(low, d[i]); high = Math.max(high, d[i]); }
              return high - low; }"""
        )
    )


def errors(page: Page) -> tuple[float, float]:
    """The reconstruction error and the mean image's, as the board says them."""
    note = page.locator("[data-panel=error] h3 small").inner_text()
    found = re.fullmatch(r"([\d.]+) of ([\d.]+)", note)
    assert found is not None, note
    return float(found[1]), float(found[2])


def test_images_dreams_before_anything_is_clicked(page: Page) -> None:
    page.goto("/images")
    for name in ("filters", "data", "fantasy", "strip"):
        expect(picture(page, name)).to_be_visible()
        assert spread(picture(page, name)) > 100
    expect(page.locator("[data-panel=strip] figure.waits")).to_have_count(0, timeout=60_000)
    expect(page.locator("[data-panel=strip] figure.framed figcaption")).to_contain_text("k")
    height = page.evaluate("document.querySelector('[data-panel=strip]').getBoundingClientRect()")
    assert height["bottom"] <= 720


def test_digits_are_learned_within_five_seconds_of_train(page: Page) -> None:
    page.goto("/images")
    choose(page, "preset", "Small digits")
    expect(page.get_by_text("Small digits, trained beforehand")).to_be_visible()
    began = time.monotonic()
    press(page, "train")
    expect(page.locator("[data-panel=error]")).to_be_visible()
    error, line = errors(page)
    while error >= line / 2:
        assert time.monotonic() - began < LEARNED_S, (error, line)
        page.wait_for_timeout(50)
        error, line = errors(page)
    press(page, "pause")
    expect(page.get_by_text(re.compile("^paused"))).to_be_visible()
    press(page, "rewind")
    expect(page.get_by_text(re.compile(r"^untrained · update\s*0"))).to_be_visible()


def test_a_filter_is_enlarged_by_click_and_by_key(page: Page) -> None:
    page.goto("/images")
    canvas = picture(page, "filters")
    expect(canvas).to_be_visible()
    note = page.locator("[data-panel=filters] small")
    canvas.click(position={"x": 20, "y": 20})
    expect(note).to_contain_text("norm")
    canvas.press("Escape")
    canvas.press("ArrowRight")
    canvas.press("Enter")
    expect(canvas).to_have_attribute("aria-label", re.compile(r"^unit \d+ · norm"))


def test_painting_changes_what_is_held(page: Page) -> None:
    page.goto("/images")
    choose(page, "preset", "Small digits")
    act(page, "Repair")
    painter = page.locator("canvas.painter")
    expect(painter).to_be_visible()
    expect(page.get_by_text("32 of 64 pixels held")).to_be_visible()
    box = painter.bounding_box()
    assert box is not None
    cell = box["width"] / 8
    page.mouse.move(box["x"] + 0.5 * cell, box["y"] + 7.5 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 3.5 * cell, box["y"] + 7.5 * cell, steps=6)
    page.mouse.up()
    expect(page.get_by_text("36 of 64 pixels held")).to_be_visible()
    painter.press(" ")  # the keyboard's own place is still the first pixel, which is held
    expect(page.get_by_text("35 of 64 pixels held")).to_be_visible()


def test_the_chain_plays_and_is_stepped_in_the_browser(page: Page) -> None:
    page.goto("/images")
    choose(page, "preset", "Small digits")
    act(page, "Chain")
    shown = page.locator(".player output")
    expect(shown).to_contain_text(re.compile(r"step [1-9]\d* of 300"))
    page.locator(".player").get_by_role("button", name=re.compile("Pause")).click()
    before = shown.inner_text()
    page.get_by_role("button", name="One step on").click()
    expect(shown).not_to_have_text(before)
