"""White, whatever the viewer's system prefers: a dark page washes out on a projector."""

from __future__ import annotations

import streamlit as st

__all__ = ["white_page"]

# Streamlit takes a theme from the address alone, and only while the page loads.
_JS = """
export default function () {
  const address = new URL(location.href);
  const page = document.querySelector(".stApp");
  if (address.searchParams.has("embed_options") || !page) return;
  if (getComputedStyle(page).colorScheme !== "dark") return;
  address.searchParams.set("embed_options", "light_theme");
  location.replace(address);
}
"""

_component = st.components.v2.component("rbm_white_page", html="<span></span>", js=_JS)


def white_page() -> None:
    """Load the page again in the light theme if it stands in the dark one."""
    _component(key="white_page", height=1)
