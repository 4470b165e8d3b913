"""What the server does once: import what the first visitor would wait for, and settle memory."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.assets import served_files

__all__ = ["lifespan"]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Import what the first visitor would wait for, and take it out of garbage collection."""
    from app.gates import gallery  # imports torch: seconds, paid here

    served_files()
    gallery.warm()
    gc.collect()
    gc.freeze()
    yield {}
