"""In a real browser, a click that comes before the answer to the last one takes nothing back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser


def hold_answers(page: Page) -> tuple[Callable[[], None], Callable[[], None]]:
    """Give the means to hold what the server says back, and to let it come."""
    held: list[Callable[[], None]] = []
    holding = False

    def between(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def answer(message: str | bytes) -> None:
            held.append(lambda: browser.send(message))
            if not holding:
                flush()

        browser.on_message(server.send)
        server.on_message(answer)

    def flush() -> None:
        while held:
            held.pop(0)()

    def hold() -> None:
        nonlocal holding
        holding = True

    def release() -> None:
        nonlocal holding
        holding = False
        flush()

    page.route_web_socket(lambda _url: True, between)
    return hold, release


def test_a_click_right_after_a_preset_leaves_the_preset(page: Page) -> None:
    hold, release = hold_answers(page)
    page.goto("/train_a_gate")
    k = page.locator(".st-key-k input[type=range]")
    expect(k).to_have_value("4")
    page.wait_for_timeout(500)
    page.locator(".st-key-preset [role=combobox]").click()
    hold()
    page.get_by_role("option", name="Notebook: AND, long", exact=True).click()
    page.wait_for_timeout(1500)  # the server has filled the controls; the browser has not heard
    page.get_by_role("radio", name="Fast", exact=True).click()
    page.wait_for_timeout(1500)
    release()
    expect(k).to_have_value("30")
    expect(page.locator(".st-key-n_hidden input[type=range]")).to_have_value("3")
    expect(page.locator(".st-key-preset [role=combobox]")).to_have_value("Notebook: AND, long")
    # What the visitor sets from here on counts.
    k.press("ArrowLeft")
    expect(page.locator(".st-key-preset [role=combobox]")).to_have_value("Your own settings")
    expect(k).to_have_value("29")
