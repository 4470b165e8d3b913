"""Take the screenshots that README and docs show: every page, light and dark, at 1280×720.

    .venv/bin/python -m tools.screenshots [PAGE ...] [--folder docs/screenshots]

It serves the dashboard itself, on a free port, and drives the Chromium on the PATH.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tools.browsers import find_browser
from tools.dashboard import BROWSER_FLAGS, serve

ROOT = Path(__file__).resolve().parents[1]
# Page address, button to press when it stands (by its key), and seconds until the picture settles.
PAGES = {
    "flip_a_bit": ("/", "flip_output", 7.0),
    "train_a_gate": ("/train_a_gate", None, 4.0),
    "gibbs_steps": ("/gibbs_steps", None, 4.0),
    "images": ("/images", None, 12.0),
}
SIZE: ViewportSize = {"width": 1280, "height": 720}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def take(browser: Browser, address: str, name: str, scheme: Scheme, folder: Path) -> None:
    """Photograph one page in one colour scheme."""
    path, button, settle = PAGES[name]
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + path, wait_until="networkidle")
    if button is not None:
        # Streamlit keeps a second, hidden copy of a button that has a tooltip.
        page.locator(f".st-key-{button} button:visible").click()
        page.mouse.move(SIZE["width"] - 1, SIZE["height"] - 1)
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
    with serve() as address, sync_playwright() as playwright:
        program = find_browser(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        for name in chosen.pages:
            for scheme in SCHEMES:
                take(browser, address, name, scheme, chosen.folder)
        browser.close()


if __name__ == "__main__":
    main()
