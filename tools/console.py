"""What the tools that set things up tell a person: one line at a time."""

from __future__ import annotations

import sys
from typing import NoReturn

__all__ = ["say", "stop"]


def say(message: str) -> None:
    """Tell in one line what is going on."""
    print(f"rbm-lab: {message}", flush=True)


def stop(message: str) -> NoReturn:
    """End the program with one line that says why, and what to do."""
    sys.exit(f"rbm-lab: {message}")
