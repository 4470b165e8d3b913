"""How a component reaches the browser: a few words that load its script of our own origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.assets import asset_url

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["component"]

# The text of a component travels with each of its updates, so it is this alone; script and styles
# are loaded once per page, whoever asks for them.
_STUB = """export default (call) => import(new URL("{loader}", document.baseURI).href)
  .then((loader) => loader.draw(call, "{name}"))
"""


def component(name: str) -> ComponentRenderer:
    """Register a component that `app/components/NAME.js` draws.

    Args:
        name: Name of its script, without the ending.

    Raises:
        KeyError: If there is no such script.
    """
    asset_url(f"{name}.js")
    stub = _STUB.format(loader=asset_url("runtime/loader.js"), name=name)
    return st.components.v2.component(f"rbm_{name}", js=stub, isolate_styles=False)
