"""What a link says: a recipe, what is hidden, and what single pages keep in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.session import limits
from rbm_core import (
    PRESETS,
    QUERY_NAMES,
    RBMError,
    Recipe,
    default_recipe,
    names_truth_table,
)

__all__ = [
    "LANDING",
    "RUN_NAMES",
    "Kind",
    "Link",
    "kind_of",
    "preset_of",
    "preset_slugs",
    "read_link",
]

Kind = Literal["gate", "image"]

LANDING: dict[Kind, str] = {"gate": "xor-ready", "image": "mnist-pcd"}
# Query names besides a recipe's.
OWN_NAMES = ("v", "preset", "projector", "hide")
# Query names under which a reload finds its runs again.
RUN_NAMES = ("run", "image-run")
# A warning of three lines at 1280 pixels.
MOST_LINES, MOST_LETTERS = 3, 130
NO_SETTING = ("", "0", "false", "off", "no")


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a link says, whatever was wrong in it replaced.

    Attributes:
        kind: Whose settings it holds.
        recipe: The settings.
        preset: The preset whose settings they are, or None.
        projector: Whether it is for a lecture hall.
        hidden: Keys of controls that it hides.
        extras: Query parameters that pages keep in it, by name.
        complaints: What was wrong, a line each.
    """

    kind: Kind
    recipe: Recipe
    preset: str | None
    projector: bool
    hidden: frozenset[str]
    extras: Mapping[str, str]
    complaints: tuple[str, ...]


def kind_of(recipe: Recipe) -> Kind:
    """Return which pages a recipe belongs to."""
    return "gate" if names_truth_table(recipe.dataset) else "image"


@lru_cache(maxsize=2)
def preset_slugs(kind: Kind) -> tuple[str, ...]:
    """Return the presets of a kind of page."""
    return tuple(slug for slug, entry in PRESETS.items() if kind_of(entry.recipe) == kind)


def preset_of(kind: Kind, recipe: Recipe) -> str | None:
    """Return the preset that says what a recipe says, or None.

    Args:
        kind: Whose settings.
        recipe: The settings.
    """
    return next((slug for slug in preset_slugs(kind) if PRESETS[slug].recipe == recipe), None)


def read_link(parameters: Mapping[str, str]) -> Link:
    """Read a link; what is malformed is named and falls back.

    Args:
        parameters: The link's query.
    """
    complaints: list[str] = []
    recipe, slug = _read_recipe(parameters, complaints)
    kind = kind_of(recipe)
    named = slug is not None and PRESETS[slug].recipe == recipe
    known = {*QUERY_NAMES, *OWN_NAMES, *RUN_NAMES}
    return Link(
        kind=kind,
        recipe=recipe,
        preset=slug if named else preset_of(kind, recipe),
        projector=parameters.get("projector", "").lower() not in NO_SETTING,
        hidden=frozenset(filter(None, parameters.get("hide", "").split(","))),
        extras={name: text for name, text in parameters.items() if name not in known},
        complaints=_in_few_lines(complaints),
    )


def _by_the_screen(complaint: str, kind: Kind) -> str:
    """Name the screen's limits where the engine named its own."""
    came, _, _ = complaint.partition("; ")
    name = came.removeprefix("link: ").partition(" ")[0].rstrip(":")
    allowed = limits.allowed_here(QUERY_NAMES.get(name, name), kind)
    return f"{came}; {allowed}" if allowed else complaint


def _in_few_lines(complaints: list[str]) -> tuple[str, ...]:
    """Let no link fill the page, however much is wrong in it."""
    lines = [
        each
        if len(each) <= MOST_LETTERS
        else each[: MOST_LETTERS // 2] + " … " + each[-MOST_LETTERS // 2 :]
        for each in complaints
    ]
    if len(lines) > MOST_LINES:
        n_more = len(lines) - MOST_LINES + 1
        lines[MOST_LINES - 1 :] = [f"link: {n_more} more values are not what they should be"]
    return tuple(lines)


def _read_recipe(parameters: Mapping[str, str], complaints: list[str]) -> tuple[Recipe, str | None]:
    """Read preset, data set and settings; what is malformed is named and falls back."""
    slug = parameters.get("preset") or None
    if slug is not None and slug not in PRESETS:
        complaints.append(f"link: preset is {slug!r}; choose one in the sidebar")
        slug = None
    base = PRESETS[slug or LANDING["gate"]].recipe
    wanted = parameters.get("dataset", base.dataset)
    given = dict(parameters)
    if wanted != base.dataset:
        try:
            candidate = default_recipe(wanted)
            limits.check_dataset(wanted)
            base = candidate
        except RBMError as error:
            complaints.append(f"link: {error}")
            given.pop("dataset")
    recipe, wrong = Recipe.from_query(given, base)
    complaints += [_by_the_screen(complaint, kind_of(base)) for complaint in wrong]
    recipe, wrong = limits.within(recipe, base, kind_of(base))
    complaints += wrong
    return recipe, slug
