"""The browser's back and forward in a real browser: one press does one thing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def entries(page: Page) -> int:
    found: int = page.evaluate("history.length")
    return found


def k_of(page: Page) -> Locator:
    return page.locator(".st-key-k input[type=range]")


def written(page: Page, text: str) -> None:
    page.wait_for_url(lambda url: text in url)


def test_each_press_of_back_and_forward_undoes_and_does_one_thing(page: Page) -> None:
    before = entries(page)
    page.goto("/")
    written(page, "k=4&")
    assert entries(page) == before + 1
    page.get_by_role("link", name="Train a gate").click()
    written(page, "train_a_gate?")
    page.wait_for_timeout(500)
    assert entries(page) == before + 2
    for k in ("5", "6"):
        k_of(page).press("ArrowRight")
        written(page, f"k={k}&")
    assert entries(page) == before + 4

    for k in ("5", "4"):
        page.go_back(wait_until="commit")
        expect(k_of(page)).to_have_value(k)
        written(page, f"k={k}&")
    page.go_back(wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_contain_text("repair")
    page.go_forward(wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Train")
    page.go_forward(wait_until="commit")
    expect(k_of(page)).to_have_value("5")
    assert entries(page) == before + 4


def test_back_undoes_a_flip_and_a_preset(page: Page) -> None:
    page.goto("/")
    written(page, "bits=110")
    page.locator(".st-key-flip_output button:visible").click()
    written(page, "bits=111")
    page.locator(".st-key-preset [role=combobox]").click()
    page.get_by_role("option", name="Too fast", exact=True).click()
    written(page, "preset=too-fast")
    page.go_back(wait_until="commit")
    expect(page.locator(".st-key-preset [role=combobox]")).to_have_value("XOR, ready to play")
    page.go_back(wait_until="commit")
    written(page, "bits=110")
