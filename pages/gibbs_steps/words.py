"""Words of *Gibbs, step by step*: the last draw, tooltips, the paragraph, the equations."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pages.gibbs_steps.walk import Draw, Layer, Walk
from rbm_core import number_text

__all__ = [
    "COIN_WORDS",
    "DIAGRAM",
    "EQUATIONS",
    "HELP",
    "LABELS",
    "PARAGRAPH",
    "TITLE",
    "TITLES",
    "age",
    "distance_note",
    "energy_note",
    "landscape_note",
    "last_draw",
    "layer_note",
    "training",
    "visits_note",
    "where",
]

TITLE = "Gibbs, step by step"

LABELS = {
    "half_step": "Half-step",
    "x1": "×1",
    "x10": "×10",
    "x100": "×100",
    "x1000": "×1000",
    "walk_rewind": "Rewind",
    "walk_new_start": "New start",
    "age": "Machine of this run at",
}

HELP = {
    "half_step": "Draws one layer given the other. Set its coins first, if you like.",
    "x1": "One Gibbs step: hidden units, then visible ones.",
    "x10": "Ten Gibbs steps.",
    "x100": "A hundred Gibbs steps. The distance falls only as fast as the walk forgets.",
    "x1000": "A thousand Gibbs steps, for machines that forget slowly.",
    "walk_rewind": "Back to the first state, same seed. Coins and holds set by hand are forgotten.",
    "walk_new_start": "Another first state and other coins: the next random stream of the seed.",
    "age": "Younger machines have softer weights: coins matter, walks forget within τ steps.",
}

COIN_WORDS = {
    "coin": "The uniform this unit will draw. Left of the fill’s end it gives 1, right of it 0.",
    "chance": "Leaves this coin to chance again.",
    "hold": "The unit keeps its value, whatever is drawn. Visits are then counted anew.",
}

TITLES = {
    "landscape": "Landscape F(v)",
    "trace": "Energy E(v, h)",
    "visits": "Visits against p(v)",
    "visits_held": "Visits against p(v | held)",
    "distance": "Distance to p(v)",
}

DIAGRAM = {
    "hidden": "What the hidden units see next",
    "visible": "What the visible units see next",
}

LAYERS = {"hidden": "Hidden layer", "visible": "Visible layer"}

PARAGRAPH = """
A **Gibbs step** has two halves. First every hidden unit looks at the visible ones: its *field* is
its bias plus the weights of the units that are on, and the logistic function turns the field into
its probability **p** of being 1. Each unit then throws a coin, a uniform number between 0 and 1,
and becomes 1 if the number is **below p**: if the dot falls on the filled part of its bar. The
second half does the same for the visible units, given the hidden ones. No unit asks for low energy,
yet the walker on the landscape (edges join states one flip apart) mostly stays in the valleys: deep
blue states. Set a coin of the framed layer by hand and see what one number changes. The filled bars
count where the walker has been, the outlines are the **exact** p(v), ✓ marks the rows of the table.
The distance between the two (total variation) falls towards zero, but a walk that forgets slowly
needs more steps than independent draws would. Chance alone keeps them apart: on average by no more
than the dashed line for a walk of this machine, than the dotted one for independent draws. The
page opens with the oldest machine of the run whose walk forgets within 20 steps; the fully trained
one, at the slider’s right end, is sharper and may hardly move: τ says how long it takes to forget.
"""

EQUATIONS = (
    (
        "Field, chance and outcome of a hidden unit; the visible units likewise with rows of W",
        r"f_j = b_j + \sum_i v_i W_{ij},\qquad p_j = \frac{1}{1 + e^{-f_j}},\qquad "
        r"h_j = [\,u_j < p_j\,],\quad u_j \sim U(0, 1)",
    ),
    (
        "Joint energy, and the free energy of a visible state",
        r"E(v, h) = -b_v \cdot v - b_h \cdot h - v W h,\qquad "
        r"F(v) = -\log \sum_h e^{-E(v, h)},\qquad p(v) = e^{-F(v)} / \sum_{v'} e^{-F(v')}",
    ),
    (
        "Total-variation distance, and a bound of its mean for n independent draws (dotted)",
        r"d = \tfrac12 \sum_v \left|\frac{n_v}{n} - p(v)\right|,\qquad "
        r"\langle d \rangle \le \tfrac12 \sum_v \sqrt{p(v)\,(1 - p(v)) / n}",
    ),
    (
        "The bound for one walk at equilibrium (dashed): draws k steps apart are correlated by T",
        r"\tfrac12 \sum_v \sqrt{\frac{p(v)}{n} \Big[1 - p(v) + 2 \sum_{k=1}^{n-1} "
        r"\big(1 - \tfrac{k}{n}\big) \big((T^k)_{vv} - p(v)\big)\Big]}",
    ),
)

# A sentence on more units than this is not read; the least certain ones are told.
MAX_TOLD = 3


def where(walk: Walk) -> str:
    """Say how far the walk is."""
    half = "½" if walk.n_half_steps % 2 else ""
    again = f" of walk {walk.n_restarts + 1}" if walk.n_restarts else ""
    return f"step {walk.n_steps}{half}{again}"


def last_draw(walk: Walk, names: Sequence[str]) -> str:
    """Say the last half-step in words.

    Args:
        walk: The walk.
        names: Names of the units of the layer drawn last.
    """
    draw = walk.last_draw
    if draw is None:
        return (
            f"**{where(walk)}** · The visible units were thrown with fair coins. "
            "Press Half-step: every hidden unit draws."
        )
    told = sorted(
        sorted(range(len(names)), key=lambda i: abs(float(draw.probability[i]) - 0.5))[:MAX_TOLD]
    )
    # A unit with a coin by hand is always told.
    told = sorted({*told, *draw.by_hand}) if draw.by_hand else told
    parts = [_told(draw, i, names[i]) for i in told]
    more = f" · {len(names) - len(told)} more" if len(told) < len(names) else ""
    return (
        f"**{where(walk)}** drew the **{draw.layer}** layer: "
        f"{' · '.join(parts)}{more} · {energy_note(draw)}"
    )


def _told(draw: Draw, unit: int, name: str) -> str:
    outcome = f"**{draw.outcome[unit]:.0f}**"
    if unit in draw.held:
        return f"{name} held at {outcome}"
    p, u = float(draw.probability[unit]), float(draw.uniform[unit])
    digits = 2 if abs(p - u) >= 0.01 else 4
    how = "set by hand to" if unit in draw.by_hand else "drew"
    return f"{name}: p = {number_text(p, digits)}, {how} {number_text(u, digits)} → {outcome}"


def energy_note(draw: Draw | None) -> str:
    """Say the joint energy before and after a half-step, in nats."""
    if draw is None or draw.energy_after is None:
        return ""
    before = "=" if draw.energy_before is None else f"{number_text(draw.energy_before, 2)} →"
    return f"E {before} {number_text(draw.energy_after, 2)}"


def layer_note(walk: Walk, layer: Layer) -> str:
    """Say what happens to a layer now."""
    if walk.next_layer == layer:
        return "draws next: set a coin"
    if walk.n_half_steps == 0:
        return "thrown with fair coins"
    return f"drawn by half-step {walk.n_half_steps}" if walk.last_draw else ""


def landscape_note(name: str, free_energy: float) -> str:
    """Say where the walker stands."""
    return f"at {name}, F = {number_text(free_energy, 2)}"


def visits_note(walk: Walk) -> str:
    """Say how much is counted."""
    return f"{walk.n_counted} counted"


def distance_note(distance: float, bound: float) -> str:
    """Say the distance of now, and what chance alone comes to at most, on average."""
    if math.isnan(distance):
        return "nothing counted yet"
    return f"{number_text(distance, 3)} · chance ≤ {number_text(min(bound, 1.0), 3)}"


def age(epoch: float, relaxation_time: float) -> str:
    """Name the machine of an epoch, with the steps its walk takes to forget."""
    return f"epoch {epoch:.1f}, τ = {number_text(relaxation_time, 1)}"


def training(update: int, n_updates: int) -> str:
    """Say that the machine still trains."""
    return (
        f"The machine trains: update {update} of {n_updates}. "
        "The walk begins anew on the finished machine."
    )
