"""Laws of a download: checked, whole or not at all, and every failure says what to do."""

import gzip
import hashlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from rbm_core import DataError, load_dataset
from rbm_core.datasets import FetchCancelledError, FetchProgress, download, fetch
from rbm_core.datasets.download import Source, torchvision_source
from tests.rbm_core.idx_files import FILES, idx_bytes, small_images, write_set

PACKED = {f"{name}.gz": gzip.compress(idx_bytes(a)) for name, a in small_images().items()}
CHECKSUMS = {name: hashlib.md5(content).hexdigest() for name, content in PACKED.items()}  # noqa: S324


class Mirror:
    """A server on this computer, and how it misbehaves."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.body: dict[str, bytes] = dict(PACKED)
        self.announced: dict[str, int] = {}
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rpartition("/")[2]
                mirror.asked.append(name)
                if name not in mirror.body:
                    self.send_error(404)
                    return
                body = mirror.body[name]
                self.send_response(200)
                self.send_header("Content-Length", str(mirror.announced.get(name, len(body))))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/mnist/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Mirror()
    yield server
    server.close()


def source(*urls: str) -> dict[str, Source]:
    return {"mnist": Source(mirrors=urls, checksums=CHECKSUMS)}


def refused_url() -> str:
    """An address on this computer where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


def leftovers(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_fetched_set_loads_and_holds_what_was_served(tmp_path: Path, mirror: Mirror) -> None:
    folders = fetch(["mnist"], tmp_path, sources=source(mirror.url))
    assert folders == [tmp_path / "MNIST" / "raw"]
    data = load_dataset("mnist", tmp_path)
    expected = small_images()[FILES[0]].reshape(13, 784).astype(np.float32) / 255
    assert np.array_equal(data.train.numpy(), expected)
    assert {path.name for path in leftovers(tmp_path)} == set(PACKED)


def test_fetch_reports_rising_progress_up_to_the_whole(tmp_path: Path, mirror: Mirror) -> None:
    seen: list[FetchProgress] = []
    fetch(["mnist"], tmp_path, seen.append, sources=source(mirror.url))
    shares = [report.fraction for report in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert [report.file for report in seen if report.n_bytes == 0] == list(FILES)


def test_fetch_leaves_a_whole_set_as_it_is(tmp_path: Path, mirror: Mirror) -> None:
    folder = tmp_path / "MNIST" / "raw"
    write_set(folder)
    before = {path: path.stat().st_mtime_ns for path in leftovers(tmp_path)}
    assert fetch(["mnist"], tmp_path, sources=source(mirror.url)) == [folder]
    assert mirror.asked == []
    assert {path: path.stat().st_mtime_ns for path in leftovers(tmp_path)} == before


def test_fetch_brings_only_what_is_missing_or_broken(tmp_path: Path, mirror: Mirror) -> None:
    folder = tmp_path / "MNIST" / "raw"
    write_set(folder)
    (folder / FILES[1]).unlink()
    (folder / FILES[2]).write_bytes(b"\x00\x00\x08\x03 torn")
    fetch(["mnist"], tmp_path, sources=source(mirror.url))
    assert mirror.asked == [f"{FILES[1]}.gz", f"{FILES[2]}.gz"]
    assert len(load_dataset("mnist", tmp_path).train) == 13


@pytest.mark.parametrize("fault", ["checksum", "cut", "missing", "html"])
def test_broken_answer_leaves_nothing_and_says_what_is_wrong(
    tmp_path: Path, mirror: Mirror, fault: str
) -> None:
    file = f"{FILES[0]}.gz"
    whole = PACKED[file]
    reason = {
        "checksum": "its MD5 is",
        "cut": f"{len(whole) // 2} of {len(whole)} bytes came",
        "missing": "Not Found",
        "html": "its MD5 is",
    }[fault]
    if fault == "checksum":
        mirror.body[file] = whole[:-1] + bytes([whole[-1] ^ 1])
    elif fault == "cut":
        mirror.body[file], mirror.announced[file] = whole[: len(whole) // 2], len(whole)
    elif fault == "missing":
        del mirror.body[file]
    else:
        mirror.body[file] = b"<html>Please log in to the network</html>"
    with pytest.raises(DataError, match=reason) as caught:
        fetch(["mnist"], tmp_path, sources=source(mirror.url))
    message = str(caught.value)
    assert file in message
    assert "connect to a network and try again" in message
    assert "\n" not in message
    assert leftovers(tmp_path) == []


def test_refused_connection_says_what_to_do_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mnist cannot be fetched .*refused") as caught:
        fetch(["mnist"], tmp_path, sources=source(refused_url()))
    assert "copy its four files" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert leftovers(tmp_path) == []


def test_second_mirror_answers_for_the_first(tmp_path: Path, mirror: Mirror) -> None:
    fetch(["mnist"], tmp_path, sources=source(refused_url(), mirror.url))
    assert len(load_dataset("mnist", tmp_path).train) == 13


def test_cancelled_fetch_stops_and_keeps_no_part_of_a_file(tmp_path: Path, mirror: Mirror) -> None:
    seen: list[FetchProgress] = []

    def enough() -> bool:
        return any(report.n_bytes for report in seen)

    with pytest.raises(FetchCancelledError, match="cancelled"):
        fetch(["mnist"], tmp_path, seen.append, cancelled=enough, sources=source(mirror.url))
    assert [path.name for path in leftovers(tmp_path)] in ([], [f"{FILES[0]}.gz"])
    fetch(["mnist"], tmp_path, sources=source(mirror.url))
    assert len(load_dataset("mnist", tmp_path).train) == 13


def test_fetch_refuses_a_file_larger_than_any_of_the_family(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_FILE_BYTES", 1000)
    with pytest.raises(DataError, match="more than 1000 bytes came"):
        fetch(["mnist"], tmp_path, sources=source(mirror.url))
    assert leftovers(tmp_path) == []


def test_fetch_into_a_place_that_is_no_folder_says_so(tmp_path: Path, mirror: Mirror) -> None:
    (tmp_path / "MNIST").write_text("in the way")
    with pytest.raises(DataError, match="cannot be written"):
        fetch(["mnist"], tmp_path, sources=source(mirror.url))


def test_fetch_opens_no_other_kind_of_address(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="only http and https"):
        fetch(["mnist"], tmp_path, sources=source(tmp_path.as_uri()))


def test_unknown_name_is_quoted_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'cifar' cannot be fetched; allowed are mnist"):
        fetch(["mnist", "cifar"], tmp_path, sources=source(refused_url()))


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_torchvision_knows_every_file(name: str) -> None:
    known = torchvision_source(name)
    assert set(known.checksums) == {f"{file}.gz" for file in FILES}
    assert known.mirrors
