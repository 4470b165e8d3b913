"""A served dashboard and a real Chromium for the tests marked `browser`.

Without a browser these tests fail where RBM_REQUIRE_BROWSER or CI is set, and skip elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tools.browsers import find_browser
from tools.dashboard import BROWSER_FLAGS, serve

SIZE: ViewportSize = {"width": 1280, "height": 720}
ACTION_MS = 15_000
# Cores may be busy with everything else.
expect.set_options(timeout=ACTION_MS)


@dataclass
class Traffic:
    """What a page did behind the scenes.

    Attributes:
        foreign: Addresses it asked of other hosts; each was refused.
        errors: Errors on its console.
        frames_sent: Websocket frames it sent.
    """

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    frames_sent: int = 0


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Serve the dashboard on a free port and give its address."""
    with serve() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium on the PATH, else Playwright's own."""
    with sync_playwright() as playwright:
        program = find_browser(playwright.chromium.executable_path)
        if program is None:
            message = "no Chromium found: python tools/install.py --dev --browser provides one"
            if os.environ.get("RBM_REQUIRE_BROWSER") == "1" or os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        running = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        yield running
        running.close()


@pytest.fixture
def traffic() -> Traffic:
    """What the test's page does behind the scenes."""
    return Traffic()


@pytest.fixture
def page(browser: Browser, address: str, traffic: Traffic) -> Iterator[Page]:
    """Open a fresh session of 1280×720 that can reach the dashboard and nothing else.

    When the test ends, the page must have asked nothing of other hosts.
    """
    context = browser.new_context(viewport=SIZE, base_url=address, color_scheme="light")
    here = urlparse(address).netloc

    def is_foreign(url: str) -> bool:
        parts = urlparse(url)
        return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != here

    def note(url: str) -> None:
        if is_foreign(url):
            traffic.foreign.append(url)

    context.route(is_foreign, lambda route: route.abort())
    context.on("request", lambda request: note(request.url))
    opened = context.new_page()
    opened.set_default_timeout(ACTION_MS)
    opened.on(
        "console",
        lambda message: traffic.errors.append(message.text) if message.type == "error" else None,
    )

    def count(_payload: object) -> None:
        traffic.frames_sent += 1

    opened.on("websocket", lambda socket: socket.on("framesent", count))
    yield opened
    context.close()
    assert traffic.foreign == []
