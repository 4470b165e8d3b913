"""Fetching MNIST and Fashion-MNIST: with progress, checked, and written whole or not at all."""

from __future__ import annotations

import hashlib
import http.client
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rbm_core.datasets.idx import read_idx
from rbm_core.datasets.image_folders import (
    FILES,
    IMAGE_SETS,
    data_root,
    find_image_set,
    load_image_set,
)
from rbm_core.errors import DataError

__all__ = ["FetchCancelledError", "FetchProgress", "Source", "fetch", "torchvision_source"]

TIMEOUT_SECONDS = 20.0
CHUNK = 1 << 16
# The largest file of the family has 26 MB; a mirror that sends more sends something else.
MAX_FILE_BYTES = 1 << 26


class FetchCancelledError(DataError):
    """A download that was stopped on request; nothing of the unfinished file was kept."""


@dataclass(frozen=True, kw_only=True)
class FetchProgress:
    """How far a download is.

    Attributes:
        name: The data set.
        file: The file on its way.
        n_files_done: Files of the set that are there already.
        n_files: Files of the set.
        n_bytes: Bytes of this file received.
        n_bytes_total: Bytes of this file, or None when the server does not say.
    """

    name: str
    file: str
    n_files_done: int
    n_files: int
    n_bytes: int
    n_bytes_total: int | None

    @property
    def fraction(self) -> float:
        """Share of the whole set, 0 to 1, every file counted alike."""
        within = self.n_bytes / self.n_bytes_total if self.n_bytes_total else 0.0
        return (self.n_files_done + min(within, 1.0)) / self.n_files


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a set is fetched from.

    Attributes:
        mirrors: Addresses of folders that hold the files, tried in turn.
        checksums: MD5 of each gzipped file, by name.
    """

    mirrors: Sequence[str]
    checksums: Mapping[str, str]


def torchvision_source(name: str) -> Source:
    """Return torchvision's mirrors and checksums of a set.

    Args:
        name: "mnist" or "fashion-mnist".
    """
    from torchvision import datasets  # a second to import: only when it is wanted

    family = getattr(datasets, IMAGE_SETS[name].folder)
    return Source(mirrors=tuple(family.mirrors), checksums=dict(family.resources))


def fetch(
    names: Sequence[str],
    root: Path | str | None = None,
    progress: Callable[[FetchProgress], None] | None = None,
    *,
    cancelled: Callable[[], bool] | None = None,
    sources: Mapping[str, Source] | None = None,
) -> list[Path]:
    """Bring data sets into torchvision's layout under a folder.

    A set that is there and whole is left as it is, wherever it was found. Of an incomplete or
    broken one only what is needed is fetched. Each file is received beside its place, checked, and
    moved there in one go.

    Args:
        names: "mnist", "fashion-mnist".
        root: As for `data_root`.
        progress: Called as bytes arrive.
        cancelled: Asked between chunks; true stops the download.
        sources: Where to fetch from, by name; None means torchvision's mirrors.

    Returns:
        The folder of each set.

    Raises:
        DataError: If a name is unknown, no mirror answers with the right file, or the folder
            cannot be written; one line that says what to do.
        FetchCancelledError: If it was stopped.
    """
    unknown = [name for name in names if name not in IMAGE_SETS]
    if unknown:
        raise DataError(
            f"data set {', '.join(unknown)!r} cannot be fetched; allowed are "
            f"{', '.join(IMAGE_SETS)}"
        )
    return [_fetch_set(name, data_root(root), progress, cancelled, sources) for name in names]


def _fetch_set(
    name: str,
    root: Path,
    progress: Callable[[FetchProgress], None] | None,
    cancelled: Callable[[], bool] | None,
    sources: Mapping[str, Source] | None,
) -> Path:
    present = find_image_set(name, root)
    if present is not None and _is_whole(name, root):
        return present
    folder = root / IMAGE_SETS[name].folder / "raw"
    source = sources[name] if sources is not None else torchvision_source(name)
    wanted = [file for file in FILES if not _is_readable(folder, file)]
    for index, file in enumerate(wanted):

        def tell(n_bytes: int, total: int | None, file: str = file, index: int = index) -> None:
            if cancelled is not None and cancelled():
                raise FetchCancelledError(
                    f"fetching {name} was cancelled at {file}; start it again"
                )
            if progress is not None:
                progress(
                    FetchProgress(
                        name=name,
                        file=file,
                        n_files_done=len(FILES) - len(wanted) + index,
                        n_files=len(FILES),
                        n_bytes=n_bytes,
                        n_bytes_total=total,
                    )
                )

        _fetch_file(name, f"{file}.gz", folder, source, tell)
        # A broken plain file would hide the good gzipped one.
        (folder / file).unlink(missing_ok=True)
    if not _is_whole(name, root):
        load_image_set(name, root)  # raises, and says what does not fit
    return folder


def _is_whole(name: str, root: Path) -> bool:
    try:
        load_image_set(name, root)
    except DataError:
        return False
    return True


def _is_readable(folder: Path, file: str) -> bool:
    n_axes = 3 if "images" in file else 1
    for path in (folder / file, folder / f"{file}.gz"):
        if path.is_file():
            try:
                read_idx(path, n_axes)
            except DataError:
                return False
            return True
    return False


def _fetch_file(
    name: str,
    file: str,
    folder: Path,
    source: Source,
    tell: Callable[[int, int | None], None],
) -> None:
    """Try the mirrors in turn until one sends the file whole."""
    problems = []
    for mirror in source.mirrors:
        url = mirror.rstrip("/") + "/" + file
        try:
            _receive(url, folder / file, source.checksums[file], tell)
        except _BadAnswer as error:
            problems.append(f"{url}: {error}")
        except OSError as error:
            raise DataError(
                f"{folder} cannot be written ({error.strerror or error}); "
                "give --root a folder you may write to, with 60 MB free"
            ) from error
        else:
            return
    raise DataError(
        f"{name} cannot be fetched ({'; '.join(problems)}); connect to a network and try again, or "
        f"copy its four files {FILES[0]}.gz … into {folder}"
    )


class _BadAnswer(Exception):  # noqa: N818  (never leaves this module)
    """A mirror does not answer, or answers with something else than the file."""


@contextmanager
def _connection() -> Iterator[None]:
    """Tell what goes wrong on the network from what goes wrong on the disk."""
    try:
        yield
    except urllib.error.URLError as error:
        raise _BadAnswer(str(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _BadAnswer(f"the connection broke ({str(error) or type(error).__name__})") from error


def _receive(url: str, path: Path, checksum: str, tell: Callable[[int, int | None], None]) -> None:
    """Download one file beside its place, check it, and move it there."""
    if not url.startswith(("https://", "http://")):
        raise _BadAnswer("only http and https addresses are fetched")
    tell(0, None)
    with _connection():
        answer = urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS)  # noqa: S310  (see above)
    with answer:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                received = _copy(answer, file, tell)
                file.flush()
                os.fsync(file.fileno())
            if received != checksum:
                raise _BadAnswer(f"its MD5 is {received}, it must be {checksum}")
            Path(temporary).chmod(0o644)  # mkstemp gives 0600
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)


def _copy(
    answer: http.client.HTTPResponse, file: BinaryIO, tell: Callable[[int, int | None], None]
) -> str:
    """Copy an answer's body into a file and return its MD5."""
    length = answer.headers.get("Content-Length", "")
    total = int(length) if length.isdigit() else None
    digest, n_bytes = hashlib.md5(usedforsecurity=False), 0
    while True:
        with _connection():
            chunk = answer.read(CHUNK)
        if not chunk:
            break
        n_bytes += len(chunk)
        if n_bytes > MAX_FILE_BYTES:
            raise _BadAnswer(f"more than {MAX_FILE_BYTES} bytes came")
        digest.update(chunk)
        file.write(chunk)
        tell(n_bytes, total)
    if total is not None and n_bytes != total:
        raise _BadAnswer(f"{n_bytes} of {total} bytes came")
    return digest.hexdigest()
