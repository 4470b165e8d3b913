"""What the screen allows: the ranges of its controls, for gates and for images.

The engine allows more. A link from outside these ranges is named and falls back, so that nobody's
link can occupy the server for hours.
"""

from __future__ import annotations

from dataclasses import dataclass

from rbm_core import (
    GATES,
    ConfigError,
    DataError,
    Recipe,
    dataset_names,
    load_dataset,
    names_truth_table,
)

__all__ = [
    "GATE_NAMES",
    "LIMITS",
    "Limits",
    "allowed_here",
    "check_dataset",
    "image_names",
    "within",
]

GATE_NAMES = tuple(GATES)
MAX_UPDATES = 60_000
# Stands for all recipes where only the ranges count.
_ANY = Recipe(dataset="xor", n_hidden=4)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Ranges of one kind of page; pairs are smallest and largest.

    Attributes:
        k: Gibbs steps per update.
        learning_rates: Learning rates to choose from.
        n_hidden: Hidden units.
        batch_size: Rows per update.
        epochs: Epochs.
        weight_stds: Initial sizes to choose from.
        l2s: Weight decays to choose from.
        momentum: Momentum.
    """

    k: tuple[int, int]
    learning_rates: tuple[float, ...]
    n_hidden: tuple[int, int]
    batch_size: tuple[int, int]
    epochs: tuple[int, int]
    weight_stds: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 1.0)
    l2s: tuple[float, ...] = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
    momentum: tuple[float, float] = (0.0, 0.95)


LIMITS = {
    "gate": Limits(
        k=(1, 100),
        learning_rates=(0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
        n_hidden=(1, 12),
        batch_size=(1, 1000),
        epochs=(1, 60),
    ),
    "image": Limits(
        k=(1, 25),
        learning_rates=(0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
        n_hidden=(16, 500),
        batch_size=(16, 256),
        epochs=(1, 100),
    ),
}


def image_names() -> tuple[str, ...]:
    """Return the data sets that are not truth tables."""
    return tuple(name for name in dataset_names() if name not in GATES)


def check_dataset(name: str) -> None:
    """Refuse a data set that does not exist.

    Raises:
        DataError: If the name is unknown or the table malformed.
    """
    if names_truth_table(name):
        load_dataset(name)
    elif name not in dataset_names():
        raise DataError(
            f"dataset is {name!r}; choose one in the sidebar, or write a table: table:0,1,1,0"
        )


def allowed_here(setting: str, kind: str) -> str:
    """Say what the screen allows for a setting, or "" where it has no range of its own.

    Args:
        setting: Its name in a recipe.
        kind: "gate" or "image".
    """
    spans = {name: span for name, _, span in _ranged(_ANY, LIMITS[kind])}
    if setting not in spans:
        return ""
    low, high = spans[setting]
    return f"here it must be from {low:g} to {high:g}"


def within(recipe: Recipe, base: Recipe, kind: str) -> tuple[Recipe, list[str]]:
    """Bring a recipe into the ranges of the screen.

    Args:
        recipe: What a link asks for.
        base: Gives the value wherever the link's is out of range.
        kind: "gate" or "image".

    Returns:
        The recipe, and one line for each value that was refused.
    """
    complaints = []
    for setting, values, (low, high) in _ranged(recipe, LIMITS[kind]):
        asked = _asked(recipe, setting)
        if asked == _asked(base, setting):
            continue  # a preset may go beyond the controls
        if not all(low <= value <= high for value in values):
            complaints.append(f"link: {setting} is {asked}; {allowed_here(setting, kind)}")
            recipe = recipe.replace(**{setting: _asked(base, setting)})
    updates = recipe.training.updates_per_epoch
    if updates is not None and updates * recipe.training.epochs > MAX_UPDATES:
        complaints.append(
            f"link: {recipe.training.epochs} epochs of {updates} updates are more than "
            f"{MAX_UPDATES} updates; use the command line for long runs"
        )
        training = base.training
        recipe = recipe.replace(
            epochs=training.epochs, updates_per_epoch=training.updates_per_epoch
        )
    return _startable(recipe, base, kind, complaints), complaints


def _ranged(
    recipe: Recipe, limits: Limits
) -> list[tuple[str, tuple[float, ...], tuple[float, float]]]:
    """Each ranged setting with the values it takes, many where it follows a schedule."""
    training = recipe.training
    rates = limits.learning_rates
    return [
        ("k", training.k_schedule.values, limits.k),
        ("learning_rate", training.learning_rate_schedule.values, (1e-4, rates[-1])),
        ("momentum", training.momentum_schedule.values, limits.momentum),
        ("n_hidden", (recipe.n_hidden,), limits.n_hidden),
        ("batch_size", (training.batch_size,), limits.batch_size),
        ("epochs", (training.epochs,), limits.epochs),
        ("weight_std", (recipe.weight_std,), (0.0, limits.weight_stds[-1])),
        ("l2", (training.l2,), (0.0, limits.l2s[-1])),
        ("l1", (training.l1,), (0.0, limits.l2s[-1])),
    ]


def _asked(recipe: Recipe, setting: str) -> object:
    owner = recipe if hasattr(recipe, setting) else recipe.training
    return getattr(owner, setting)


def _startable(recipe: Recipe, base: Recipe, kind: str, complaints: list[str]) -> Recipe:
    """A small recipe is tried out: settings may fit each range and not each other."""
    if kind != "gate":
        return recipe
    try:
        recipe.start()
    except ConfigError as error:
        complaints.append(f"link: {error}")
        return base
    return recipe
