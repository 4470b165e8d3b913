"""The charts of *Images*: a view in, panels of the live board out."""

from __future__ import annotations

import numpy as np

from app.charts import image_curves, image_histograms
from app.charts.filters import activity_kinds
from app.components.live_board import Panel
from pages.images.corruption import CorruptionPath
from pages.images.dreams import DreamSnapshot
from pages.images.view import RunView, View
from pages.images.words import charts as chart_words
from pages.images.words import repair as repair_words
from pages.images.words.labels import LABELS

__all__ = ["downhill_panel", "histogram_panels", "path_panel", "run_panels"]


def run_panels(view: RunView, height: int) -> list[Panel]:
    """Draw the curves of a run.

    Args:
        view: The run on show.
        height: Pixels of each panel.
    """
    m, line = view.shot.measures, view.readings.mean_image_error
    curves = view.shot.measured
    updates = curves["update"]
    figures = {
        "free_energy": (
            image_curves.free_energy_curves(
                updates, curves["free_energy_train"], curves["free_energy_test"]
            ),
            chart_words.free_energy_note(m.free_energy_train, m.free_energy_test),
        ),
        "error": (
            image_curves.reconstruction_curve(updates, curves["reconstruction_error"], line),
            chart_words.error_note(m.reconstruction_error, line),
        ),
        "pseudo": (
            image_curves.pseudo_likelihood_curve(updates, curves["pseudo_log_likelihood"]),
            chart_words.pseudo_note(m.pseudo_log_likelihood),
        ),
    }
    return [
        Panel(
            name=name,
            title=LABELS[name],
            note=note,
            alt=chart_words.curve_alt(name, note),
            figure=figure,
            height=height,
        )
        for name, (figure, note) in figures.items()
    ]


def path_panel(view: View, dream: DreamSnapshot, height: int) -> Panel:
    """Draw the free energy of the dreams against that of the data.

    Args:
        view: The machine on show.
        dream: The chains so far.
        height: Pixels of the panel.
    """
    steps = [step for step in sorted(dream.energies) if step > 0]
    paths = np.stack([dream.energies[step] for step in steps or [0]])
    readings = view.readings
    lines = {} if readings is None else {"data": readings.measures.free_energy_test}
    lines = {name: level for name, level in lines.items() if np.isfinite(level)}
    note = chart_words.path_note(float(paths[-1].mean()), lines.get("data"))
    return Panel(
        name="path",
        title=LABELS["path"],
        note=note,
        alt=chart_words.curve_alt("path", note),
        figure=image_curves.free_energy_path(steps or [1], paths, lines, log=True),
        height=height,
    )


def histogram_panels(view: View, height: int) -> list[Panel]:
    """Draw the weights' histogram, and the hidden units' activity where data tell it.

    Args:
        view: The machine on show.
        height: Pixels of each panel.
    """
    weights = view.rbm.weights.numpy()
    note = chart_words.weights_note(float(np.abs(weights).max()), float(weights.std()))
    panels = [
        Panel(
            name="weights",
            title=LABELS["weights"],
            note=note,
            alt=chart_words.curve_alt("weights", note),
            figure=image_histograms.weight_histogram(weights),
            height=height,
        )
    ]
    if view.readings is not None:
        use = view.readings.measures.use.double().numpy()
        dead, always = activity_kinds(use)
        note = chart_words.activity_note(len(dead), len(always))
        panels.append(
            Panel(
                name="activity",
                title=LABELS["activity"],
                note=note,
                alt=chart_words.curve_alt("activity", note),
                figure=image_histograms.hidden_activity(use),
                height=height,
            )
        )
    return panels


def downhill_panel(path: CorruptionPath, height: int) -> Panel:
    """Draw the free energy of chains that start at a corrupted picture.

    Args:
        path: The chains.
        height: Pixels of the panel.
    """
    steps = np.arange(len(path.energies))
    lines = {"as it was": path.clean, "corrupted": path.corrupted}
    note = repair_words.downhill_note(float(path.energies[-1].mean()))
    return Panel(
        name="downhill",
        title=LABELS["downhill"],
        note=note,
        alt=chart_words.curve_alt("downhill", note),
        figure=image_curves.free_energy_path(steps, path.energies, lines),
        height=height,
    )
