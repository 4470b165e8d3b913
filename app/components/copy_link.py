"""A button that copies the page's full link, and the link itself to read or take by hand."""

from __future__ import annotations

import streamlit as st

__all__ = ["copy_link"]

_HTML = """
<div class="copy-link">
  <button type="button"></button><input type="text" readonly>
  <span role="status" aria-live="polite"></span>
</div>
"""

_CSS = """
.copy-link { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.copy-link button { font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color, #8888); border-radius: 8px; padding: 4px 12px; }
.copy-link button:focus-visible { outline: 2px solid var(--st-primary-color); }
.copy-link input { flex: 1; min-width: 60px; font-size: .75rem; color: inherit; opacity: .8;
  background: transparent; border: 0; border-bottom: 1px solid var(--st-border-color, #8888); }
.copy-link span:empty { display: none; }
.copy-link span { font-size: .75rem; width: 100%; }
"""

# Where the page is not served securely, browsers offer no clipboard: the old way still works.
_JS = """
export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".copy-link");
  const [button, field, status] = root.children;
  const link = location.origin + location.pathname + "?" + data.query;
  button.textContent = data.label;
  field.value = link;
  field.setAttribute("aria-label", "Link with every setting");
  status.textContent = "";
  field.onfocus = () => field.select();
  button.onclick = async () => {
    try { await navigator.clipboard.writeText(link); }
    catch { field.focus(); field.select(); document.execCommand("copy"); button.focus(); }
    status.textContent = "Copied";
    setTimeout(() => { status.textContent = ""; }, 2000);
  };
}
"""

_component = st.components.v2.component(
    "rbm_copy_link", html=_HTML, css=_CSS, js=_JS, isolate_styles=False
)


def copy_link(query: str, *, key: str, label: str) -> None:
    """Draw the button and the link.

    Args:
        query: The link's query, without the question mark; the browser knows the rest.
        key: Name of the control.
        label: The button's text.
    """
    _component(key=key, data={"query": query, "label": label})
