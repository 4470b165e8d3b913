"""Image data sets of the server: read once, fetched behind the page, refused by name."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.shared_results import SharedResults
from pages.images import data as image_data
from rbm_core import DataError, FetchProgress


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No data set is here, and none was asked for."""
    monkeypatch.setenv("RBM_DATA", str(tmp_path))
    monkeypatch.setattr(image_data, "_opened", SharedResults(64))
    for table in ("_uploads", "_downloads", "_openings"):
        monkeypatch.setattr(image_data, table, type(getattr(image_data, table))())


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def test_digits_are_always_here_and_read_once() -> None:
    assert image_data.is_here("digits")
    assert image_data.open_dataset("digits") is image_data.opened("digits")


def test_a_missing_set_says_where_it_was_looked_for() -> None:
    assert not image_data.is_here("mnist")
    with pytest.raises(DataError, match="mnist is not on this computer"):
        image_data.open_dataset("mnist")


def test_a_broken_set_is_named_once_it_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{name}-ubyte").write_bytes(b"not an image")
    assert image_data.is_here("mnist")
    assert image_data.opened("mnist") is None
    wait(lambda: image_data._openings["mnist"].done)
    with pytest.raises(DataError, match="begins with the bytes"):
        image_data.opened("mnist")


def test_an_upload_is_kept_under_a_name_of_its_own() -> None:
    images = np.random.default_rng(0).integers(0, 2, (20, 5, 7))
    dataset = image_data.take_upload("mine.npz", npz(images=images))
    assert dataset.image_shape == (5, 7)
    assert image_data.is_here(dataset.name)
    assert image_data.open_dataset(dataset.name) is dataset


def test_an_upload_that_is_gone_asks_for_the_file_again() -> None:
    assert not image_data.is_here("upload:mine-00000000")
    with pytest.raises(DataError, match="send the file again"):
        image_data.open_dataset("upload:mine-00000000")


def test_uploads_never_fill_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_data, "MAX_UPLOAD_BYTES", 30 * 35 * 4)
    draw = np.random.default_rng(0)
    names = [
        image_data.take_upload(f"{n}.npz", npz(images=draw.integers(0, 2, (20, 5, 7)))).name
        for n in range(3)
    ]
    assert [image_data.is_here(name) for name in names] == [False, False, True]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.npz", b"PK\x03\x04 truncated", "not a readable zip"),
        ("a.npz", npz(images=np.array([{"a": 1}], dtype=object)), "a.npz: images"),
        ("a.txt", b"hello", "neither .npz nor .zip"),
        ("a.npz", npz(images=np.zeros((2, 3, 4, 5))), "must be"),
    ],
)
def test_a_broken_upload_is_named(name: str, content: bytes, why: str) -> None:
    with pytest.raises(DataError, match=why):
        image_data.take_upload(name, content)


def test_a_download_runs_behind_the_page_and_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = threading.Event()

    def slow(
        names: list[str], _root: None, tell: Callable[[FetchProgress], None], **_: object
    ) -> None:
        tell(
            FetchProgress(
                name=names[0], file="images", n_files_done=1, n_files=4, n_bytes=1, n_bytes_total=2
            )
        )
        go_on.wait(20)

    monkeypatch.setattr(image_data, "fetch", slow)
    download = image_data.start_download("mnist")
    wait(lambda: download.progress.fraction > 0)
    assert download.progress.state == "running"
    assert download.progress.fraction == pytest.approx(0.375)
    assert image_data.start_download("mnist") is download  # one for everybody
    go_on.set()
    wait(lambda: download.progress.state == "done")
    assert image_data.download("mnist") is download


def test_a_download_without_network_fails_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise DataError("mnist cannot be fetched; connect to a network and try again")

    monkeypatch.setattr(image_data, "fetch", unreachable)
    download = image_data.start_download("mnist")
    wait(lambda: download.progress.state == "failed")
    assert "\n" not in download.progress.error
    assert "network" in download.progress.error
    assert image_data.start_download("mnist") is not download  # it may be tried again
