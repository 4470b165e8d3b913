"""The dialog in which any truth table of up to four inputs and two outputs is written."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.controls.words import TABLE_DIALOG
from app.gates.names import input_names, output_names
from app.session import state
from rbm_core import load_dataset

__all__ = ["edit_table"]


@st.dialog(TABLE_DIALOG["title"], width="small")
def edit_table(dataset: str) -> None:
    """Ask for a truth table; on *Use this table* it becomes the data set.

    Args:
        dataset: The truth table to begin with.
    """
    known = load_dataset(dataset)
    n_inputs = known.n_inputs or 2
    st.caption(TABLE_DIALOG["intro"])
    left, right = st.columns(2)
    inputs = left.segmented_control(
        TABLE_DIALOG["n_inputs"], [1, 2, 3, 4], default=n_inputs, required=True, key="table_inputs"
    )
    outputs = right.segmented_control(
        TABLE_DIALOG["n_outputs"],
        [1, 2],
        default=known.n_visible - n_inputs,
        required=True,
        key="table_outputs",
    )
    answers = _known_answers(dataset, int(inputs), int(outputs))
    same_sizes = (int(inputs), int(outputs)) == (known.n_inputs, known.n_visible - n_inputs)
    names = output_names(int(outputs), dataset if same_sizes else "")
    rows = [format(row, f"0{inputs}b") for row in range(2 ** int(inputs))]
    index = pd.Index(rows, name=" ".join(input_names(int(inputs))))
    table = pd.DataFrame(answers, columns=list(names), index=index)
    edited = st.data_editor(table, key=f"table_{inputs}_{outputs}", height="content")
    if st.button(TABLE_DIALOG["use"], type="primary", key="table_use"):
        words = ["".join("1" if bit else "0" for bit in row) for row in edited.to_numpy()]
        state.session().change("gate", dataset="table:" + ",".join(words))
        st.rerun()


def _known_answers(dataset: str, n_inputs: int, n_outputs: int) -> list[list[bool]]:
    """The current table's outputs where its sizes fit, else all zero."""
    known = load_dataset(dataset)
    if known.n_inputs == n_inputs and known.n_visible - n_inputs == n_outputs:
        return [[bool(bit) for bit in row] for row in known.train[:, n_inputs:].tolist()]
    return [[False] * n_outputs for _ in range(2**n_inputs)]
