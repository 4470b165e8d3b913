"""Take the screenshots that README and docs show: every page, light and dark, at 1280×720.

    .venv/bin/python tools/screenshots.py [PAGE ...] [--folder docs/screenshots]

It serves the dashboard itself, on a free port, and drives the Chromium on the PATH.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
# Page address, and how long its first picture takes to settle.
PAGES = {
    "flip_a_bit": ("/", 6.0),
    "train_a_gate": ("/train_a_gate", 4.0),
    "gibbs_steps": ("/gibbs_steps", 4.0),
    "images": ("/images", 8.0),
}
SIZE: ViewportSize = {"width": 1280, "height": 720}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_S = 60


@contextlib.contextmanager
def serve() -> Iterator[str]:
    """Serve the dashboard while the block runs, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    options += ["--browser.serverAddress=localhost"]
    server = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_S
        while not _healthy(address):
            if time.monotonic() > deadline or server.poll() is not None:
                sys.exit(f"the dashboard did not start within {START_S} s")
            time.sleep(0.3)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def take(browser: Browser, address: str, name: str, scheme: Scheme, folder: Path) -> None:
    """Photograph one page in one colour scheme."""
    path, settle = PAGES[name]
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + path, wait_until="networkidle")
    page.wait_for_timeout(settle * 1000)
    suffix = "" if scheme == "light" else "_dark"
    page.screenshot(path=folder / f"{name}{suffix}.png")
    context.close()


def main() -> None:
    """Take what the command line asks for."""
    parser = argparse.ArgumentParser(description="Take screenshots of the dashboard's pages.")
    parser.add_argument("pages", nargs="*", default=list(PAGES), help=f"some of {', '.join(PAGES)}")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots")
    chosen = parser.parse_args()
    if unknown := sorted(set(chosen.pages) - set(PAGES)):
        parser.error(f"unknown pages {', '.join(unknown)}; known are {', '.join(PAGES)}")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name in chosen.pages:
            for scheme in SCHEMES:
                take(browser, address, name, scheme, chosen.folder)
        browser.close()


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.read() == b"ok")
    except OSError:
        return False


if __name__ == "__main__":
    main()
