"""Finished image machines, shipped with the program, so that no page opens empty."""

from __future__ import annotations

import logging
from functools import cache

from rbm_core import (
    IMAGE_SETS,
    CheckpointError,
    DataError,
    Dataset,
    Pretrained,
    example_images,
    load_pretrained,
    machine_path,
    pretrained_names,
)

__all__ = ["examples", "finished"]

log = logging.getLogger(__name__)


@cache
def finished(slug: str) -> Pretrained | None:
    """Return the finished machine of a preset, or None when it has none.

    Args:
        slug: The preset.
    """
    if slug not in pretrained_names() or not machine_path(slug).is_file():
        return None
    try:
        return load_pretrained(slug)
    except CheckpointError:
        # The page works without it; who runs the server reads why it is not offered.
        log.exception("the finished machine %s is not offered", slug)
        return None


@cache
def examples(dataset: str) -> Dataset | None:
    """Return a few held-out pictures of a data set whose files are not here.

    Args:
        dataset: Its name.
    """
    if dataset not in IMAGE_SETS:
        return None
    try:
        return example_images(dataset)
    except DataError:
        log.exception("the example pictures of %s are not offered", dataset)
        return None
