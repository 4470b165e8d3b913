"""The correction figure: it holds the arrays it was given, and says them in words."""

from __future__ import annotations

import numpy as np
import pytest

from app.charts.correction import CorrectionCurves, correction_alt, correction_figure
from tests.app.charts.plotly_arrays import numbers

N_STEPS, N_CHAINS = 13, 7


def curves(title: str, *, notebook: bool = False) -> CorrectionCurves:
    draw = np.random.default_rng(5)
    return CorrectionCurves(
        title=title,
        trajectories=draw.random((N_STEPS + 1, N_CHAINS)),
        exact=np.linspace(0, 1, N_STEPS + 1),
        notebook=np.full(N_STEPS + 1, 0.25) if notebook else None,
    )


@pytest.mark.parametrize("log_steps", [False, True])
def test_figure_holds_the_curves_it_was_given(log_steps: bool) -> None:
    kept, flipped = curves("kept"), curves("flipped")
    first = 1 if log_steps else 0
    figure = correction_figure(kept, flipped, k=4, log_steps=log_steps)
    for number, side in (("", kept), ("2", flipped)):
        chains, exact, mean = [t for t in figure["data"] if t["xaxis"] == "x" + number]
        np.testing.assert_allclose(numbers(exact["y"]), side.exact[first:], atol=1e-6)
        np.testing.assert_allclose(numbers(mean["y"]), side.trajectories[first:].mean(1), atol=1e-6)
        lines = numbers(chains["y"]).reshape(N_CHAINS, -1)
        assert np.isnan(lines[:, -1]).all()
        np.testing.assert_allclose(lines[:, :-1].T, side.trajectories[first:], atol=1e-6)
        steps = numbers(chains["x"]).reshape(N_CHAINS, -1)[:, :-1]
        assert (steps == np.arange(first, N_STEPS + 1)).all()


def test_figure_marks_k_in_both_panels() -> None:
    layout = correction_figure(curves("kept"), curves("flipped"), k=4)["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == [4, 4]
    assert sum(note["text"] == "k = 4" for note in layout["annotations"]) == 2


def test_figure_shows_the_notebooks_measure_only_when_asked() -> None:
    def names(notebook: bool) -> list[str]:
        side = curves("side", notebook=notebook)
        return [trace["name"] for trace in correction_figure(side, side, k=4)["data"]]

    assert not any("notebook" in name for name in names(False))
    assert sum("notebook" in name for name in names(True)) == 2


def test_alternative_text_carries_the_numbers() -> None:
    kept, flipped = curves("Output kept"), curves("Output flipped")
    text = correction_alt(kept, flipped, k=4)
    assert f"{kept.exact[4]:.2f} at step 4" in text
    assert f"sampled chains at step 13: {flipped.trajectories[-1].mean():.2f}" in text
