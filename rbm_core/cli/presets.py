"""`presets`: the named recipes."""

from __future__ import annotations

import argparse

from rbm_core.cli.options import add_json
from rbm_core.cli.output import json_line
from rbm_core.recipes.presets import PRESETS

__all__ = ["NAME", "SUMMARY", "add_arguments", "run"]

NAME = "presets"
SUMMARY = "List the named recipes."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's flags."""
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Print every preset."""
    width = max(len(slug) for slug in PRESETS)
    for slug, entry in PRESETS.items():
        if options.json:
            print(
                json_line(
                    {
                        "preset": slug,
                        "title": entry.title,
                        "summary": entry.summary,
                        "hash": entry.recipe.hash(),
                        "recipe": entry.recipe.to_dict(),
                    }
                )
            )
        else:
            print(f"{slug.ljust(width)}  {entry.recipe.hash()}  {entry.summary}")
