"""How this engine compiles its loops: one decorator, typed, and a cache that sees each change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core import config
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

__all__ = ["InTree", "Provided", "UserWide", "compiled", "sources_digest"]

Function = TypeVar("Function", bound=Callable[..., Any])

ENGINE = Path(__file__).parents[1]
SETTING = "CACHE_LOCATOR_CLASSES"


def compiled(function: Function) -> Function:
    """Compile a function at its first call, and keep the code on disk for the next process.

    The interpreter's lock is free while it runs. Without fastmath, sums keep their order, so that
    runs repeat themselves on any processor; numpy's rules of division leave loops without branches.
    Where no folder can be written, each process compiles for itself.
    """
    settings = vars(config)  # the compiler's own, read where a function's cache is set up
    before = settings[SETTING]
    settings[SETTING] = ",".join(f"{__name__}.{kind.__name__}" for kind in LOCATORS)
    try:
        dispatcher = njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError as error:
        if "no locator available" not in str(error):
            raise
        dispatcher = njit(nogil=True, error_model="numpy")(function)
    finally:
        settings[SETTING] = before
    return cast("Function", dispatcher)


def sources_digest(folder: Path) -> bytes:
    """Name what all compiled code of a folder is made from.

    Args:
        folder: Its files that import the compiler, or this decorator, are read.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes()
        if b"import compiled" in text or b"from numba" in text:
            digest.update(path.name.encode() + text)
    return digest.digest()


@cache
def _engine_digest() -> bytes:
    return sources_digest(ENGINE)


class _Stamped:
    """Code on disk serves until any compiled source changes.

    By itself Numba asks the function's own file, and would go on with code into which functions of
    another file were compiled that has changed since.
    """

    def get_source_stamp(self) -> bytes:
        """What has to be as it was."""
        return _engine_digest()


class Provided(_Stamped, UserProvidedCacheLocator):
    """In the folder that NUMBA_CACHE_DIR names."""


class InTree(_Stamped, InTreeCacheLocator):
    """Beside the source."""


class UserWide(_Stamped, UserWideCacheLocator):
    """In the user's own cache."""


LOCATORS = (Provided, InTree, UserWide)
