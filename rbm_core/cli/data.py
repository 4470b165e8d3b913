"""`data fetch`: bring image data sets here."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from rbm_core.cli.options import add_json
from rbm_core.cli.output import json_line
from rbm_core.datasets import FetchProgress, fetch
from rbm_core.datasets.image_folders import IMAGE_SETS

__all__ = ["NAME", "SUMMARY", "add_arguments", "run"]

NAME = "data"
SUMMARY = "Fetch image data sets, checked and whole; what is there already is left as it is."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's flags."""
    parser.add_argument("action", choices=("fetch",), help="what to do")
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help=f"data sets: {', '.join(IMAGE_SETS)}"
    )
    parser.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="folder in torchvision's layout (default: RBM_DATA, else the folder data)",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Fetch, and print where each set lies."""
    with tqdm(
        total=100, unit="%", disable=True if options.json else None,  # None: only on a terminal
        file=sys.stderr, leave=False,
        bar_format="{desc} {percentage:3.0f}%|{bar}|",
    ) as bar:  # fmt: skip

        def show(progress: FetchProgress) -> None:
            bar.set_description_str(f"{progress.name} {progress.file}", refresh=False)
            bar.update(100 * progress.fraction - bar.n)

        folders = fetch(options.names, options.root, show)
    for name, folder in zip(options.names, folders, strict=True):
        line = {"dataset": name, "folder": str(folder)}
        print(json_line(line) if options.json else f"{name} is in {folder}")
