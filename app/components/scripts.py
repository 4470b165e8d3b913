"""How a component's script reaches the browser: a stub that loads modules of our own origin."""

from __future__ import annotations

from app.assets import asset_url

__all__ = ["STUB", "modules"]

# The text of a component travels with each update, so it is this alone. The first module draws;
# the others are handed to it by name. A module is loaded once per page, whoever asks for it.
STUB = """
export default function (component) {
  const entries = Object.entries(component.data.modules);
  Promise.all(entries.map(([, url]) => import(new URL(url, document.baseURI).href)))
    .then((loaded) => {
      const modules = Object.fromEntries(entries.map(([name], i) => [name, loaded[i]]));
      return modules.main.draw(component, modules);
    })
    .catch((error) => {
      console.error(error);
      const note = component.parentElement.querySelector(".undrawn") ??
        component.parentElement.appendChild(document.createElement("p"));
      note.className = "undrawn";
      note.textContent = "This part of the page cannot be drawn: " + error.message;
    });
}
"""


def modules(main: str, **others: str) -> dict[str, str]:
    """Return where a component's modules are served.

    Args:
        main: File that draws, in app/components.
        others: Files it needs, by the name it knows them by.
    """
    return {"main": asset_url(main)} | {name: asset_url(file) for name, file in others.items()}
