"""The pictures of *Images*: a view in, panels of the picture board out."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from app.charts.filters import Order, mosaic, unit_order
from app.charts.theme import Scale
from app.components.image_board import Film, Filters, Pictures, Strip
from pages.images.dreams import LAST_STEP, DreamSnapshot
from pages.images.rows import N_PICTURES, Shown, Start, grey, is_held_out, levels
from pages.images.view import View
from pages.images.words import pictures as picture_words
from pages.images.words.labels import LABELS
from rbm_core import strip_steps

__all__ = [
    "N_COLUMNS",
    "N_TILES",
    "dream_panel",
    "filter_panel",
    "picture_panels",
    "preview_panel",
    "strip_panel",
]

N_COLUMNS = 3
N_TILES = 100


def filter_panel(view: View, order: Order, scale: Scale, height: int, page: int = 0) -> Filters:
    """Draw up to a hundred receptive fields.

    Args:
        view: The machine on show.
        order: How units are sorted.
        scale: What full colour means.
        height: Pixels on screen.
        page: Which hundred.
    """
    weights = view.rbm.weights.numpy()
    readings = view.readings
    use = None if readings is None else readings.measures.use.double().numpy()
    units = unit_order(weights, use, order)[page * N_TILES : (page + 1) * N_TILES]
    n_hidden = view.rbm.n_hidden
    shown = f"{len(units)} of {n_hidden}" if len(units) < n_hidden else f"{n_hidden} units"
    return Filters(
        name="filters",
        title=LABELS["filters"],
        note=shown,
        alt=picture_words.filters_alt(shown, order),
        shape=view.image_shape,
        height=height,
        tiles=int(np.ceil(np.sqrt(len(units)))),
        fields=mosaic(weights, units, scale),
        uses=None if use is None else use[units],
    )


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
            title=LABELS["data"],
            note=picture_words.held_out(name, is_held_out(view)),
            alt=picture_words.data_alt(len(rows), name),
            grid=grey(rows),
            **common,  # type: ignore[arg-type]
        ),
        Pictures(
            name="reconstruction",
            title=LABELS["reconstruction"],
            note=picture_words.reconstruction_note(error),
            alt=picture_words.reconstruction_alt(error),
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
        title=LABELS["data"],
        note=picture_words.held_out(LABELS["every_class"], is_held_out(view)),
        alt=picture_words.data_alt(len(rows), LABELS["every_class"]),
        shape=view.image_shape,
        height=150,
        tiles=20,
        grid=grey(rows),
    )


def dream_panel(view: View, dream: DreamSnapshot, shown: Shown, start: Start, height: int) -> Film:
    """Draw a dream: as far as it is, or as a film once it is complete.

    Args:
        view: The machine on show.
        dream: The chains so far.
        shown: What is drawn of them.
        start: What the chains started from.
        height: Pixels on screen.
    """
    complete = dream.step >= LAST_STEP
    steps = sorted(dream.frames)[0 if complete else -1 :]
    frames = [dream.frames[step] for step in steps]
    return Film(
        name="fantasy",
        title=LABELS["fantasy"],
        alt=picture_words.dream_alt(min(N_PICTURES, len(frames[-1].samples)), steps[-1], start),
        shape=view.image_shape,
        height=height,
        tiles=N_COLUMNS,
        grids=np.stack([grey(levels(frame, shown)[:N_PICTURES]) for frame in frames]),
        labels=[picture_words.step_alt(step) for step in steps],
        loops=complete,
    )


def strip_panel(view: View, dream: DreamSnapshot, shown: Shown, start: Start, height: int) -> Strip:
    """Draw the chain strip as far as it is.

    Args:
        view: The machine on show.
        dream: The chains so far.
        shown: What is drawn of the chains.
        start: What the chains started from.
        height: Pixels on screen.
    """
    steps = [step for step in strip_steps(view.k) if step <= dream.last_step]
    ready = [step for step in steps if step in dream.frames]
    # Two chains of each half: probes start differently there.
    half = (len(dream.frames[0].samples) + 1) // 2
    chains = [0, 1, half, half + 1]
    columns = np.stack([grey(levels(dream.frames[step], shown)[chains]) for step in ready])
    return Strip(
        name="strip",
        title=LABELS["strip"],
        note=picture_words.strip_note(view.k, start, ready[-1]),
        alt=picture_words.strip_alt(len(chains), start),
        shape=view.image_shape,
        height=height,
        tiles=2,
        columns=columns,
        steps=[picture_words.step_label(step, view.k) for step in steps],
        framed=steps.index(view.k),
    )
