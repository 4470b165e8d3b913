"""The pictures of *Images*: a view in, panels of the boards out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.charts import image_curves, image_histograms
from app.charts.filters import activity_kinds, mosaic, unit_order
from app.components.image_board import Film, Filters, Pictures, Strip
from app.components.live_board import Panel
from app.dreams import LAST_STEP, DreamRequest, DreamSnapshot
from app.image_desk import View
from app.repair import CorruptionPath, Repaired
from app.wording import images as words
from rbm_core import Dataset
from rbm_core.chain_strip import StripFrame, strip_steps

__all__ = [
    "chain_start",
    "chosen_rows",
    "corrupted_film",
    "downhill_panel",
    "dream_panels",
    "filter_panel",
    "grey",
    "histogram_panels",
    "path_panel",
    "picture_panels",
    "preview_panel",
    "repair_panels",
    "run_panels",
    "strip_chains",
    "strip_panel",
]

# Twelve pictures in three columns are large enough to be seen from the back row.
N_PICTURES = 12
N_COLUMNS = 3
N_TILES = 100
N_STRIP = 4
Grey = NDArray[np.uint8]


def filter_panel(view: View, order: str, scale: str, height: int, page: int = 0) -> Filters:
    """Draw up to a hundred receptive fields.

    Args:
        view: The machine on show.
        order: How units are sorted.
        scale: What full colour means.
        height: Pixels on screen.
        page: Which hundred.
    """
    weights = view.rbm.weights.numpy()
    use = None if view.measures is None else view.measures.use.double().numpy()
    units = unit_order(weights, use, order)[page * N_TILES : (page + 1) * N_TILES]
    n_hidden = view.rbm.n_hidden
    shown = f"{len(units)} of {n_hidden}" if len(units) < n_hidden else f"{n_hidden} units"
    return Filters(
        name="filters",
        title=words.LABELS["filters"],
        note=shown,
        alt=words.filters_alt(shown, order),
        shape=view.image_shape,
        height=height,
        tiles=int(np.ceil(np.sqrt(len(units)))),
        fields=mosaic(weights, units, scale),
        uses=None if use is None else use[units],
    )


def chosen_rows(view: View, label: int | None, n_rows: int = N_PICTURES) -> Tensor | None:
    """Return held-out pictures of a class, always the same ones.

    Args:
        view: The machine on show.
        label: The class, or None for pictures of every class.
        n_rows: At most this many.
    """
    data = view.pictures
    return None if data is None else _pick(data.name, label, n_rows, data)


@st.cache_resource(max_entries=64, show_spinner=False)
def _pick(
    name: str,  # noqa: ARG001  (the data's name in the cache; uploads are named by their content)
    label: int | None,
    n_rows: int,
    _data: Dataset,
) -> Tensor:
    held_out = _data.test is not None
    rows = _data.test if _data.test is not None else _data.train
    labels = _data.test_labels if held_out else _data.train_labels
    if label is not None and labels is not None:
        return rows[labels == label][:n_rows].clone()
    if labels is None:
        return rows[:n_rows].clone()
    # The k-th picture of each class in turn: a fair share of all, in an order that can be read.
    turns = [torch.nonzero(labels == c).flatten()[:n_rows] for c in labels.unique()]
    picked = [int(turn[i]) for i in range(n_rows) for turn in turns if i < len(turn)]
    return rows[picked[:n_rows]]


def chain_start(
    view: View, start: str, label: int | None, n_chains: int
) -> tuple[DreamRequest, Tensor | None]:
    """Return what chains start from, and the rows they start from where those are data.

    Args:
        view: The machine on show.
        start: "noise", "data" or "probe".
        label: Class of the data, or None for all.
        n_chains: How many chains, as far as there are rows.
    """
    rows = None
    if start == "data":
        rows = chosen_rows(view, label, n_chains)
        n_chains = n_chains if rows is None else min(n_chains, len(rows))
    origin = view.pictures.name if view.pictures is not None else ""
    request = DreamRequest(
        start=start,
        k=view.k,
        image_shape=view.image_shape,
        n_chains=n_chains,
        seed=view.recipe.seed,
        label=f"{origin} {label}" if start == "data" else "",
    )
    return request, rows


def picture_panels(view: View, rows: Tensor | None, name: str, height: int) -> list[Pictures]:
    """Draw data beside their reconstructions.

    Args:
        view: The machine on show.
        rows: What `chosen_rows` returned.
        name: The class, as said on screen.
        height: Pixels on screen.
    """
    if rows is None or not len(rows):
        return []
    rebuilt = view.rbm.mean_v_given_h(view.rbm.mean_h_given_v(rows))
    error = float((rebuilt - rows).square().mean())
    common = {"shape": view.image_shape, "height": height, "tiles": N_COLUMNS}
    return [
        Pictures(
            name="data",
            title=words.LABELS["data"],
            note=words.held_out(name, _is_held_out(view)),
            alt=words.data_alt(len(rows), name),
            grid=grey(rows),
            **common,  # type: ignore[arg-type]
        ),
        Pictures(
            name="reconstruction",
            title=words.LABELS["reconstruction"],
            note=words.reconstruction_note(error),
            alt=words.reconstruction_alt(error),
            grid=grey(rebuilt),
            **common,  # type: ignore[arg-type]
        ),
    ]


def preview_panel(view: View, rows: Tensor) -> Pictures:
    """Draw a handful of data.

    Args:
        view: The machine on show.
        rows: What `chosen_rows` returned.
    """
    return Pictures(
        name="preview",
        title=words.LABELS["data"],
        note=words.held_out(words.LABELS["every_class"], _is_held_out(view)),
        alt=words.data_alt(len(rows), words.LABELS["every_class"]),
        shape=view.image_shape,
        height=150,
        tiles=20,
        grid=grey(rows),
    )


def dream_panels(view: View, dream: DreamSnapshot, shown: str, start: str, height: int) -> Film:
    """Draw a dream: as far as it is, or as a film once it is complete.

    Args:
        view: The machine on show.
        dream: The chains so far.
        shown: "probabilities" or "samples".
        start: What the chains started from.
        height: Pixels on screen.
    """
    frames = [dream.frames[step] for step in sorted(dream.frames)]
    complete = dream.step >= LAST_STEP
    frames = frames if complete else frames[-1:]
    return _film(view, frames, shown, start, height, loops=complete)


def short_dream(view: View, frames: Sequence[StripFrame], shown: str, height: int) -> Film:
    """Draw the last moment of the short dream that a machine in training has at each measure.

    Args:
        view: The machine on show.
        frames: The dream.
        shown: "probabilities" or "samples".
        height: Pixels on screen.
    """
    return _film(view, frames[-1:], shown, "noise", height, loops=False)


def _film(
    view: View, frames: Sequence[StripFrame], shown: str, start: str, height: int, *, loops: bool
) -> Film:
    steps = [frame.step for frame in frames]
    return Film(
        name="fantasy",
        title=words.LABELS["fantasy"],
        alt=words.dream_alt(min(N_PICTURES, len(frames[-1].samples)), steps[-1], start),
        shape=view.image_shape,
        height=height,
        tiles=N_COLUMNS,
        grids=np.stack([grey(getattr(frame, shown))[:N_PICTURES] for frame in frames]),
        labels=[words.step_alt(step) for step in steps],
        loops=loops,
    )


def strip_chains(n_chains: int) -> list[int]:
    """Return which chains the strip shows: two of each half, which probes start differently."""
    half = (n_chains + 1) // 2
    return [0, 1, half, half + 1]


def strip_panel(
    view: View, frames: Mapping[int, StripFrame], shown: str, start: str, height: int
) -> Strip:
    """Draw the chain strip as far as it is.

    Args:
        view: The machine on show.
        frames: What was looked at, by step.
        shown: "probabilities" or "samples".
        start: What the chains started from.
        height: Pixels on screen.
    """
    steps = strip_steps(view.k)
    ready = [step for step in steps if step in frames]
    chains = strip_chains(len(frames[0].samples))
    columns = np.stack([grey(getattr(frames[step], shown)[chains]) for step in ready])
    return Strip(
        name="strip",
        title=words.LABELS["strip"],
        note=words.strip_note(view.k, start, ready[-1]),
        alt=words.strip_alt(len(chains), start),
        shape=view.image_shape,
        height=height,
        tiles=2,
        columns=columns,
        steps=[words.step_label(step, view.k) for step in steps],
        framed=steps.index(view.k),
    )


def run_panels(view: View, height: int) -> list[Panel]:
    """Draw the curves of a run.

    Args:
        view: The machine on show; it has a run.
        height: Pixels of each panel.
    """
    shot, m = view.shot, view.measures
    assert shot is not None  # noqa: S101  (asked for runs alone)
    assert m is not None  # noqa: S101  (a run is measured)
    curves = image_curves.thin(shot.measured)
    figures = {
        "free_energy": (
            image_curves.free_energy_curves(curves),
            words.free_energy_note(m.free_energy_train, m.free_energy_test),
        ),
        "error": (
            image_curves.reconstruction_curve(curves, view.mean_image_error),
            words.error_note(m.reconstruction_error, view.mean_image_error),
        ),
        "pseudo": (
            image_curves.pseudo_likelihood_curve(curves),
            words.pseudo_note(m.pseudo_log_likelihood),
        ),
    }
    return [
        Panel(
            name=name,
            title=words.LABELS[name],
            note=note,
            alt=words.curve_alt(name, note),
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
    lines = {} if view.measures is None else {"data": view.measures.free_energy_test}
    lines = {name: level for name, level in lines.items() if np.isfinite(level)}
    note = words.path_note(float(paths[-1].mean()), lines.get("data"))
    return Panel(
        name="path",
        title=words.LABELS["path"],
        note=note,
        alt=words.curve_alt("path", note),
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
    note = words.weights_note(float(np.abs(weights).max()), float(weights.std()))
    panels = [
        Panel(
            name="weights",
            title=words.LABELS["weights"],
            note=note,
            alt=words.curve_alt("weights", note),
            figure=image_histograms.weight_histogram(weights),
            height=height,
        )
    ]
    if view.measures is not None:
        use = view.measures.use.double().numpy()
        dead, always = activity_kinds(use)
        note = words.activity_note(len(dead), len(always))
        panels.append(
            Panel(
                name="activity",
                title=words.LABELS["activity"],
                note=note,
                alt=words.curve_alt("activity", note),
                figure=image_histograms.hidden_activity(use),
                height=height,
            )
        )
    return panels


def repair_panels(
    view: View, done: Repaired, picture: Tensor, height: int
) -> list[Film | Pictures]:
    """Draw the completions on their way, and what they come to on average.

    Args:
        view: The machine on show.
        done: The completions.
        picture: The picture before the hole.
        height: Pixels on screen.
    """
    frames = done.frames
    return [
        Film(
            name="completed",
            title=words.LABELS["completed"],
            alt=words.repaired_alt(len(frames[0].samples)),
            shape=view.image_shape,
            height=height,
            tiles=N_COLUMNS,
            grids=np.stack([grey(frame.samples) for frame in frames]),
            labels=[words.step_alt(frame.step) for frame in frames],
            loops=done.n_free > 0,
        ),
        Pictures(
            name="estimate",
            title=words.LABELS["estimate"],
            note=words.estimate_note(),
            alt=words.estimate_alt(),
            shape=view.image_shape,
            height=height,
            tiles=2,
            grid=grey(torch.stack([done.estimate, picture])),
        ),
    ]


def corrupted_film(view: View, path: CorruptionPath, height: int) -> Film:
    """Draw the chains that start at a corrupted picture.

    Args:
        view: The machine on show.
        path: The chains.
        height: Pixels on screen.
    """
    return Film(
        name="chains",
        title=words.LABELS["chains"],
        alt=words.path_alt(len(path.frames) - 1),
        shape=view.image_shape,
        height=height,
        tiles=N_COLUMNS,
        grids=np.stack([grey(frame.samples) for frame in path.frames]),
        labels=[words.step_alt(frame.step) for frame in path.frames],
        loops=True,
    )


def downhill_panel(path: CorruptionPath, height: int) -> Panel:
    """Draw the free energy of chains that start at a corrupted picture.

    Args:
        path: The chains.
        height: Pixels of the panel.
    """
    steps = np.arange(len(path.energies))
    lines = {"as it was": path.clean, "corrupted": path.corrupted}
    note = words.downhill_note(float(path.energies[-1].mean()))
    return Panel(
        name="downhill",
        title=words.LABELS["downhill"],
        note=note,
        alt=words.curve_alt("downhill", note),
        figure=image_curves.free_energy_path(steps, path.energies, lines),
        height=height,
    )


def _is_held_out(view: View) -> bool:
    """Whether the pictures shown were kept from training; the examples were."""
    return view.dataset is None or view.dataset.test is not None


def grey(values: Tensor) -> Grey:
    """Return pictures as bytes of fifty greys, which look like 256 and travel in half the space.

    Args:
        values: Levels in [0, 1], or bytes.
    """
    share = values / 255 if values.dtype == torch.uint8 else values.clamp(0, 1)
    values = ((share * 51).round() * 5).to(torch.uint8)
    levels: Grey = values.numpy()
    return levels
