"""What a page says about itself below its board: a paragraph, the equations, the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.controls.words import EXPLANATIONS

__all__ = ["Equations", "explanations"]

# Pairs of what an equation says, in words, and the equation.
Equations = Sequence[tuple[str, str]]


def explanations(
    paragraph: str,
    equations: Equations,
    code: str,
    *,
    beside: Callable[[], None] | None = None,
    width: float = 1.0,
) -> None:
    """Draw what is seen, the equations, and the code that gives these numbers.

    Args:
        paragraph: What is seen.
        equations: The equations with their captions.
        code: The lines of Python.
        beside: Draws what stands at the right of them, where there is something.
        width: Its width; each of the three has 1.
    """
    columns = st.columns([1.0, 1.0, 1.0] if beside is None else [1.0, 1.0, 1.0, width])
    with columns[0].expander(EXPLANATIONS["paragraph"]):
        st.markdown(paragraph)
    with columns[1].expander(EXPLANATIONS["equations"]):
        for caption, equation in equations:
            st.caption(caption)
            st.latex(equation)
    with columns[2].expander(EXPLANATIONS["code"]):
        st.code(code, language="python")
    if beside is not None:
        with columns[3]:
            beside()
