"""What the server does once: import what the first visitor would wait for, and settle memory."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.assets import served_files

__all__ = ["lifespan"]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Import what the first visitor would wait for, and take it out of garbage collection."""
    packing = threading.Thread(target=served_files)  # compression needs no interpreter
    packing.start()
    from app.gates import gallery  # imports torch: seconds, paid here
    from rbm_core import compile_loops

    gallery.warm()
    packing.join()
    # What is compiled already is loaded in a moment. Elsewhere it takes seconds: here, and not in
    # front of whoever is the first to train, or to dream.
    threading.Thread(target=compile_loops, daemon=True, name="compiler").start()
    gc.collect()
    gc.freeze()
    yield {}
