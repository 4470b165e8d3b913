"""The landing page in a real browser: playback, clicks, keyboard, and nobody else's servers."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Traffic

pytestmark = pytest.mark.browser

# Plotly.js is 5 MB to read; a busy test machine takes its time.
OPENING_MS = 30_000
PLAYBACK_MS = 15_000
SAYS_RIGHT = re.compile(r"P\(right\) is 0\.9\d after 12 steps \(exact\)")


def open_landing(page: Page, query: str = "") -> None:
    page.goto(f"/{query}")
    for drawn in (
        ".st-key-verdict strong",
        ".st-key-correction_chart .main-svg",
        ".st-key-unit_diagram .visible",
    ):
        expect(page.locator(drawn).first).to_be_visible(timeout=OPENING_MS)


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button:visible").first.click()


def tiles(page: Page, name: str) -> str | None:
    return page.locator(".tiles").get_attribute(f"data-{name}")


def expect_tiles(page: Page, timeout: int = 10_000, **state: str) -> None:
    for name, value in state.items():
        expect(page.locator(".tiles")).to_have_attribute(f"data-{name}", value, timeout=timeout)


def test_flip_is_two_clicks_from_a_verdict_and_plays_back(page: Page, traffic: Traffic) -> None:
    """Landing → Flip output → verdict in at most ten seconds; the tile turns wrong, then right."""
    open_landing(page)
    expect_tiles(page, bits="110", step="12", state="right")
    began = time.monotonic()
    press(page, "flip_output")
    expect_tiles(page, state="wrong")
    expect(page.locator(".st-key-verdict")).to_contain_text(SAYS_RIGHT)
    assert time.monotonic() - began < 10
    expect_tiles(page, PLAYBACK_MS, step="12", bits="110", state="right")
    assert traffic.errors == []


def test_page_does_not_scroll_for_its_main_act(page: Page) -> None:
    open_landing(page)
    for key in ("flip_output", "correction_chart", "unit_diagram", "verdict"):
        box = page.locator(f".st-key-{key}").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720, key
    wide = "document.querySelector('.stMain')"
    assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")


def test_playback_asks_nothing_of_the_server(page: Page, traffic: Traffic) -> None:
    open_landing(page)
    press(page, "flip_output")
    expect(page.locator(".st-key-verdict")).to_contain_text("repairs the output", timeout=10_000)
    sent = traffic.frames_sent
    expect_tiles(page, PLAYBACK_MS, step="12")
    assert traffic.frames_sent == sent


def test_transport_rewinds_steps_and_runs(page: Page) -> None:
    open_landing(page)
    press(page, "flip_output")
    expect_tiles(page, PLAYBACK_MS, step="12")
    press(page, "rewind_correction")
    expect_tiles(page, step="0", bits="111", state="wrong")
    press(page, "step_correction")
    expect_tiles(page, step="1")
    press(page, "step_correction")
    expect_tiles(page, step="2")
    press(page, "run_correction")
    expect_tiles(page, PLAYBACK_MS, step="12", state="right")


def test_stepping_rewinding_and_speed_ask_nothing_of_the_server(
    page: Page, traffic: Traffic
) -> None:
    open_landing(page)
    sent = traffic.frames_sent
    press(page, "rewind_correction")
    expect_tiles(page, step="0")
    for step in range(1, 13):
        press(page, "step_correction")
        expect_tiles(page, step=str(step))
    page.locator(".st-key-correction_speed").get_by_text("Fast").click()
    expect(page.get_by_role("radio", name="Fast")).to_be_checked()
    page.wait_for_timeout(1000)
    assert traffic.frames_sent == sent


def test_start_pause_and_end_tell_the_server_once_each(page: Page, traffic: Traffic) -> None:
    open_landing(page)
    run = page.locator(".st-key-run_correction button")
    speed = page.locator(".st-key-correction_speed")
    speed.get_by_text("Slow").click()
    sent = traffic.frames_sent

    def expect_told(n: int) -> None:
        """Wait for what must come, and a while for what must not."""
        for _ in range(50):
            if traffic.frames_sent >= sent + n:
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(1200)  # more than a step
        assert traffic.frames_sent == sent + n

    press(page, "run_correction")
    expect(run).to_have_text("Pause")
    expect_told(1)
    expect_tiles(page, step="2")  # the answers of the server do not disturb it
    press(page, "run_correction")
    expect(run).to_have_text("Run")
    expect_told(2)
    assert int(tiles(page, "step") or 0) < 12
    speed.get_by_text("Fast").click()
    press(page, "run_correction")
    expect_tiles(page, PLAYBACK_MS, step="12", state="right")
    expect(run).to_have_text("Run")
    expect_told(4)
    press(page, "run_correction")
    press(page, "rewind_correction")  # stops what plays
    expect_tiles(page, step="0")
    expect_told(6)


def test_a_playback_left_behind_tells_the_server_nothing(page: Page, traffic: Traffic) -> None:
    open_landing(page)
    press(page, "run_correction")
    page.get_by_role("link", name="Train a gate").click()
    expect(page.locator(".st-key-train button:visible")).to_be_visible()
    expect(page.locator(".tiles")).to_have_count(0)
    sent = traffic.frames_sent
    page.wait_for_timeout(4500)  # longer than a whole playback
    assert traffic.frames_sent == sent
    assert traffic.errors == []


def test_a_part_that_cannot_be_drawn_says_so_alone(page: Page) -> None:
    page.route("**/bit_tiles.js", lambda route: route.abort())
    page.goto("/")
    expect(page.locator(".st-key-bit_tiles")).to_contain_text("cannot be drawn")
    expect(page.locator(".st-key-unit_diagram .visible").first).to_be_visible()
    expect(page.locator(".st-key-run_correction button")).to_be_visible()


def test_transport_works_from_the_keyboard(page: Page) -> None:
    open_landing(page)
    page.locator(".st-key-rewind_correction button").focus()
    page.keyboard.press("Enter")
    expect_tiles(page, step="0")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect_tiles(page, step="1")
    page.get_by_role("radio", name="Normal").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Fast")).to_be_checked()


def test_a_link_hides_buttons_of_the_transport(page: Page) -> None:
    open_landing(page, "?hide=run_correction,correction_speed&v=1")
    expect(page.locator(".st-key-step_correction button")).to_be_visible()
    expect(page.locator(".st-key-run_correction")).to_have_count(0)
    expect(page.locator(".st-key-correction_speed")).to_have_count(0)


def test_five_fast_clicks_on_a_unit_all_count(page: Page) -> None:
    open_landing(page)
    # In one go: after a pause the machine moves, and a click flips what it has come to.
    page.locator(".st-key-unit_diagram .visible").nth(2).click(click_count=5)
    expect_tiles(page, bits="111", state="wrong")
    expect(page.locator(".units")).to_have_attribute("data-flips", "5")
    expect(page.locator(".st-key-verdict")).to_contain_text("repairs the output")
    expect_tiles(page, PLAYBACK_MS, step="12", state="right")


def test_units_are_flipped_from_the_keyboard(page: Page) -> None:
    open_landing(page)
    first = page.locator(".st-key-unit_diagram .visible").first
    first.focus()
    page.keyboard.press("Space")
    expect_tiles(page, bits="010")
    expect(first).to_have_attribute("aria-label", re.compile("x is 0"))
    page.keyboard.press("Enter")
    expect_tiles(page, bits="110")
    page.keyboard.press("Tab")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("y is 1")


def test_inputs_held_stay_as_they_are_at_every_step(page: Page) -> None:
    open_landing(page)
    press(page, "flip_output")
    expect_tiles(page, PLAYBACK_MS, step="12")
    press(page, "rewind_correction")
    expect_tiles(page, step="0")
    for step in range(1, 13):
        press(page, "step_correction")
        expect_tiles(page, step=str(step))
        assert (tiles(page, "bits") or "").startswith("11")


def test_charts_tell_their_numbers_to_who_cannot_see_them(page: Page) -> None:
    open_landing(page)
    chart = page.locator(".st-key-correction_chart [role=img]")
    expect(chart).to_have_attribute("aria-label", re.compile(r"exact, 1\.00 at step 0"))
    units = page.locator(".st-key-unit_diagram svg")
    expect(units).to_have_attribute("aria-label", re.compile(r"x = 1, y = 1, out = 0.*Together"))


def test_another_table_and_its_outputs_can_be_flipped(page: Page) -> None:
    open_landing(page, "?dataset=half-adder&v=2")
    page.locator(".st-key-correction_output").get_by_text("sum", exact=True).click()
    press(page, "flip_output")
    expect(page.locator(".st-key-verdict")).to_contain_text("the sum")
    expect(page.locator(".tile")).to_have_count(4)
