"""Projector mode in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"


def test_a_projector_page_is_white_on_a_dark_system(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark", base_url=address)
    page = context.new_page()
    page.goto("/train_a_gate")
    expect(page.locator(".st-key-train button:visible")).to_be_visible()
    assert page.evaluate(BACKGROUND) != "rgb(255, 255, 255)"
    page.goto("/train_a_gate?projector=1&seed=7")
    page.wait_for_url("**embed_options=light_theme**")
    expect(page.locator(".st-key-train button:visible")).to_be_visible()
    expect(page.get_by_text("seed 7")).to_be_visible()  # the link's other values stay
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    context.close()
