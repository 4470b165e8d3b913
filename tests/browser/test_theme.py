"""A change of theme reaches every component at once, whoever makes it and without a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.charts.theme import PALETTES

pytestmark = pytest.mark.browser

OPENING_MS = 30_000
# Each page, and for its components: where a colour can be seen, how it is read, and which it is.
COMPUTED = "(e, name) => getComputedStyle(e)[name]"
CORNER = """(e) => {
  const [r, g, b] = e.getContext("2d").getImageData(0, 0, 1, 1).data;
  return `rgb(${r}, ${g}, ${b})`;
}"""
SEEN = {
    "/": [
        (".correction .xtick text", "fill", "@ink"),
        (".units .legend .positive", "backgroundColor", "@positive"),
    ],
    "/train_a_gate": [(".board .xtick text", "fill", "@ink")],
    "/gibbs_steps": [
        (".coins section.next", "borderTopColor", "@positive"),
        (".units .legend .negative", "backgroundColor", "@negative"),
        (".board .xtick text", "fill", "@ink"),
    ],
    "/images": [
        ('[data-panel="filters"] canvas', "corner", "@grid"),
        ('[data-panel="data"] canvas', "corner", "@grid"),
        (".pix .strip canvas", "corner", "@grid"),
    ],
}


def by_system(page: Page, mode: str) -> None:
    page.emulate_media(color_scheme="dark" if mode == "dark" else "light")


def by_menu(page: Page, mode: str) -> None:
    page.locator('[data-testid="stMainMenu"] button').click()
    page.get_by_role("menuitemradio", name=mode.capitalize()).click()
    page.keyboard.press("Escape")


def rgb(hexadecimal: str) -> str:
    red, green, blue = (int(hexadecimal[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def expect_theme(page: Page, path: str, mode: str) -> None:
    for selector, what, token in SEEN[path]:
        script, wanted = CORNER if what == "corner" else COMPUTED, rgb(PALETTES[mode][token])
        page.wait_for_function(
            f"([selector, name, wanted]) => ({script})"
            "(document.querySelector(selector), name) === wanted",
            arg=[selector, what, wanted],
        )
    modes = page.locator(".rbm").evaluate_all("(all) => all.map((e) => e.dataset.theme)")
    assert set(modes) == {mode}


@pytest.mark.parametrize("change", [by_system, by_menu])
@pytest.mark.parametrize("path", SEEN)
def test_every_component_follows_the_theme(
    page: Page, path: str, change: Callable[[Page, str], None]
) -> None:
    page.goto(path)
    for selector, _, _ in SEEN[path]:
        expect(page.locator(selector).first).to_be_visible(timeout=OPENING_MS)
    expect_theme(page, path, "light")
    page.evaluate("window.stays = true")
    change(page, "dark")
    expect_theme(page, path, "dark")
    change(page, "light")
    expect_theme(page, path, "light")
    assert page.evaluate("window.stays") is True  # it was not loaded again
