"""Image data sets for the whole server: opened once, fetched behind the scenes, or sent in."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from app.shared_results import SharedResults
from rbm_core import (
    IMAGE_SETS,
    UPLOAD_PREFIX,
    DataError,
    Dataset,
    FetchCancelledError,
    FetchProgress,
    fetch,
    find_image_set,
    load_dataset,
    read_upload,
)

__all__ = [
    "Download",
    "Progress",
    "download",
    "downloadable",
    "is_here",
    "open_dataset",
    "opened",
    "start_download",
    "take_upload",
]

# An upload may take 64 MB as numbers; the oldest goes when all together take more than this.
MAX_UPLOAD_BYTES = 2**29

DownloadState = Literal["running", "done", "failed", "cancelled"]

log = logging.getLogger(__name__)

_lock = threading.Lock()
# Every data set that there is, and some more.
_opened: SharedResults[Dataset] = SharedResults(64)
_uploads: OrderedDict[str, Dataset] = OrderedDict()
_downloads: dict[str, Download] = {}
_openings: dict[str, _Opening] = {}


def open_dataset(name: str) -> Dataset:
    """Return a data set, read once for all sessions.

    Args:
        name: A name that `load_dataset` knows, or that `take_upload` gave.

    Raises:
        DataError: If it is missing or broken; the next call looks again.
    """
    if name.startswith(UPLOAD_PREFIX):
        return _upload(name)
    return _opened.get(name, lambda: load_dataset(name))


def opened(name: str) -> Dataset | None:
    """Return a data set that is here, or None while its files are being read behind the scenes.

    MNIST takes seconds to read: a page that shows a finished machine need not wait for it.

    Args:
        name: A name of which `is_here` is true.

    Raises:
        DataError: If it is broken.
    """
    if name not in IMAGE_SETS or _opened.known(name) is not None:
        return open_dataset(name)
    with _lock:
        known = _openings.get(name)
        if known is None or (known.done and known.error is not None):
            problem = None if known is None else known.error
            _openings[name] = _Opening(name)
            if problem is not None:
                raise problem
    return None


class _Opening:
    """A data set being read in a thread of its own."""

    def __init__(self, name: str) -> None:
        self.done = False
        self.error: DataError | None = None
        threading.Thread(target=self._run, args=(name,), daemon=True, name=f"read {name}").start()

    def _run(self, name: str) -> None:
        try:
            open_dataset(name)
        except DataError as error:
            self.error = error
        finally:
            self.done = True


def is_here(name: str) -> bool:
    """Whether a data set can be opened without a network, its files not yet looked into."""
    if name.startswith(UPLOAD_PREFIX):
        return name in _uploads
    known = name not in IMAGE_SETS or _opened.known(name) is not None
    return known or find_image_set(name) is not None


def downloadable() -> tuple[str, ...]:
    """Return the data sets that a network can bring."""
    return tuple(IMAGE_SETS)


def take_upload(name: str, content: bytes) -> Dataset:
    """Read somebody's pictures and keep them under the data set's name.

    Args:
        name: The file's name.
        content: The file.

    Raises:
        DataError: If the file is broken, too large or of another kind.
    """
    dataset = read_upload(name, content)
    with _lock:
        _uploads[dataset.name] = dataset
        _uploads.move_to_end(dataset.name)
        while len(_uploads) > 1 and sum(map(_n_bytes, _uploads.values())) > MAX_UPLOAD_BYTES:
            _uploads.popitem(last=False)
    return dataset


def _upload(name: str) -> Dataset:
    with _lock:
        if name not in _uploads:
            raise DataError(f"{name} is no longer on this server; send the file again")
        _uploads.move_to_end(name)
        return _uploads[name]


def _n_bytes(dataset: Dataset) -> int:
    parts = [part for part in (dataset.train, dataset.test) if part is not None]
    return sum(part.numel() * part.element_size() for part in parts)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A download at one moment.

    Attributes:
        fraction: Share that is there, 0 to 1.
        file: The file on its way.
        state: Whether it runs, or how it ended.
        error: Why it failed, in one line, or "".
    """

    fraction: float
    file: str
    state: DownloadState
    error: str = ""


class Download:
    """One data set on its way, in a thread of its own; the page reads `progress`."""

    def __init__(self, name: str) -> None:
        """Begin.

        Args:
            name: "mnist" or "fashion-mnist".
        """
        self.name = name
        self.progress = Progress(fraction=0.0, file="", state="running")
        self._cancelled = threading.Event()
        threading.Thread(target=self._run, daemon=True, name=f"download {name}").start()

    def cancel(self) -> None:
        """Stop after the chunk that is on its way."""
        self._cancelled.set()

    def _run(self) -> None:
        try:
            fetch([self.name], None, self._note, cancelled=self._cancelled.is_set)
        except FetchCancelledError:
            self._end("cancelled", "")
        except DataError as error:
            self._end("failed", str(error))
        except Exception as error:  # a thread that dies in silence would look like one at work
            log.exception("download of %s failed", self.name)
            self._end("failed", f"{type(error).__name__}: {error}")
        else:
            self._end("done", "")

    def _note(self, progress: FetchProgress) -> None:
        self.progress = Progress(fraction=progress.fraction, file=progress.file, state="running")

    def _end(self, state: DownloadState, error: str) -> None:
        share = 1.0 if state == "done" else self.progress.fraction
        self.progress = Progress(fraction=share, file="", state=state, error=error)


def download(name: str) -> Download | None:
    """Return the last download of a data set, if there was one since the server started."""
    return _downloads.get(name)


def start_download(name: str) -> Download:
    """Fetch a data set, once however many ask for it.

    Args:
        name: "mnist" or "fashion-mnist".
    """
    with _lock:
        known = _downloads.get(name)
        if known is None or known.progress.state != "running":
            known = _downloads[name] = Download(name)
        return known
