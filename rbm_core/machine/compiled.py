"""How this engine compiles its loops: one decorator, typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

__all__ = ["compiled"]

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a function at its first call, and keep the code on disk for the next process.

    The interpreter's lock is free while it runs. Without fastmath, sums keep their order, so that
    runs repeat themselves on any processor; numpy's rules of division leave loops without branches.
    What is on disk is made anew when the function's own file changes, not when another file does
    that it calls: compiled functions that call each other live in one file.
    """
    return cast("Function", njit(nogil=True, cache=True, error_model="numpy")(function))
