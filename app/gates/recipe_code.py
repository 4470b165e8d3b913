"""A recipe as the shortest line of Python that gives it again."""

from __future__ import annotations

import dataclasses

from rbm_core import Recipe, Schedule, default_recipe

__all__ = ["recipe_code"]


def recipe_code(recipe: Recipe) -> str:
    """Write a recipe as its data set's own settings, and what was changed of them.

    Args:
        recipe: The recipe.
    """
    base = default_recipe(recipe.dataset)
    parts = []
    for ours, theirs in ((recipe, base), (recipe.training, base.training)):
        for field in dataclasses.fields(ours):
            value = getattr(ours, field.name)
            if field.name != "training" and value != getattr(theirs, field.name):
                parts.append(f"{field.name}={_literal(value)}")
    changes = f".replace({', '.join(parts)})" if parts else ""
    return f"default_recipe({recipe.dataset!r}){changes}"


def _literal(value: object) -> str:
    if isinstance(value, Schedule):
        return repr(value.values[0]) if len(value.knots) == 1 else repr(str(value))
    return repr(value)
