"""*Gibbs, step by step* in a real browser: ten steps, a coin by hand, a hold, the keyboard."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Traffic

pytestmark = pytest.mark.browser


def _open(page: Page) -> None:
    page.goto("/gibbs_steps")
    expect(page.locator(".coins .row.open")).to_have_count(4, timeout=30_000)
    expect(page.locator(".board .main-svg").first).to_be_visible(timeout=30_000)
    # A machine that still trains is replaced by the finished one, and the walk begins anew.
    expect(page.get_by_text("The machine trains")).to_have_count(0, timeout=30_000)


def _press(page: Page, name: str) -> float:
    """Press a button of the transport and wait until the coins show the new moment."""
    moment = page.locator(".coins").get_attribute("data-moment")
    began = time.monotonic()
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".coins")).not_to_have_attribute("data-moment", str(moment))
    return time.monotonic() - began


def _told(page: Page) -> str:
    return page.locator(".st-key-last_draw").inner_text()


def test_ten_steps_and_a_coin_by_hand(page: Page, traffic: Traffic) -> None:
    _open(page)
    _press(page, "Rewind")
    expect(page.locator(".st-key-last_draw")).to_contain_text("step 0")
    for number in range(1, 11):
        _press(page, "×1")
        expect(page.locator(".st-key-last_draw")).to_contain_text(f"step {number} drew")
    plain = _walked_on(page, None)

    # The same walk again, but one coin lies as the hand put it.
    _press(page, "Rewind")
    _press(page, "×10")
    coin = page.get_by_role("slider", name="Coin of h1 for the next half-step")
    p = float(_match(r"p = ([0-9.]+)", coin.get_attribute("aria-valuetext")))
    was_one = plain[0] == "1"
    assert 0.02 < p < 0.98 or not was_one
    changed = _walked_on(page, "0.99" if was_one else "0")
    assert changed[0] != plain[0]
    assert changed[1:] == plain[1:]
    assert "h1: p =" in _told(page)
    assert "set by hand to 0.99" in _told(page) or "set by hand to 0.00" in _told(page)
    assert [error for error in traffic.errors if "404" not in error] == []


def _walked_on(page: Page, coin: str | None) -> list[str]:
    """Make a half-step, with h1's coin set or not, and read the hidden layer."""
    if coin is not None:
        slider = page.get_by_role("slider", name="Coin of h1 for the next half-step")
        slider.fill(coin)
        expect(page.locator(".coins .row.hand")).to_have_count(1)
        expect(page.get_by_role("button", name="Leave the coin of h1 to chance")).to_be_visible()
    _press(page, "Half-step")
    return page.locator(".coins section").first.locator(".rows .lamp").all_inner_texts()


def _match(pattern: str, text: str | None) -> str:
    found = re.search(pattern, text or "")
    assert found is not None, text
    return found[1]


def test_held_unit_stays_and_visits_begin_anew(page: Page) -> None:
    _open(page)
    hold = page.get_by_role("button", name=re.compile("^Hold x at"))
    value = _match(r"Hold x at (\d)", hold.get_attribute("aria-label"))
    hold.click()
    expect(hold).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-panel="visits"] h3')).to_contain_text("p(v | held)0 counted")
    _press(page, "×100")
    expect(page.locator('[data-panel="visits"] h3')).to_contain_text("100 counted")
    assert f"x held at {value}" in _told(page)


def test_keyboard_alone_sets_a_coin_and_makes_a_step(page: Page) -> None:
    _open(page)
    coin = page.get_by_role("slider", name="Coin of h2 for the next half-step")
    coin.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(coin).to_have_attribute("aria-valuetext", re.compile(r"coin set to 0\.52, gives [01]"))
    expect(coin).to_be_focused()
    page.wait_for_timeout(700)
    expect(coin).to_be_focused()
    moment = page.locator(".coins").get_attribute("data-moment")
    page.get_by_role("button", name="Half-step", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".coins")).not_to_have_attribute("data-moment", str(moment))
    assert "h2: p = " in _told(page)
    assert "set by hand to 0.52" in _told(page)


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768)])
def test_main_act_fits_without_scrolling(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    _open(page)
    page.wait_for_timeout(500)
    parts = [
        page.get_by_role("button", name="New start"),
        page.locator(".coins"),
        page.locator(".units"),
        page.locator('[data-panel="distance"]'),
        page.locator(".st-key-gibbs_age"),
    ]
    for part in parts:
        box = part.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size[1]
        assert box["x"] + box["width"] <= size[0]


def test_hundred_steps_answer_at_once(page: Page) -> None:
    _open(page)
    _press(page, "×100")
    assert min(_press(page, "×100") for _ in range(3)) < 1.0
