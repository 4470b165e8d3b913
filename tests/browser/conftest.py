"""A served dashboard and a real Chromium for the tests marked `browser`.

Without a browser these tests fail where RBM_REQUIRE_BROWSER or CI is set, and skip elsewhere.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Quiet: a browser's own housekeeping would look like requests of the page.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE: ViewportSize = {"width": 1280, "height": 720}
START_S = 60
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    options += ["--browser.serverAddress=localhost"]
    server = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_S
        while not _healthy(url):
            assert server.poll() is None, "the dashboard ended at once; see its messages above"
            assert time.monotonic() < deadline, f"the dashboard was not up within {START_S} s"
            time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium on the PATH, else Playwright's own."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        program = program or _own_browser(playwright.chromium.executable_path)
        if program is None:
            message = "no Chromium found; install one (apt-get install chromium)"
            if os.environ.get("RBM_REQUIRE_BROWSER") == "1" or os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
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


def _own_browser(path: str) -> str | None:
    return path if Path(path).exists() else None


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False
