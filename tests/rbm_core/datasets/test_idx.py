"""Laws of the IDX reader: what is whole is read, what is broken is refused and named."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from rbm_core import DataError
from rbm_core.datasets.idx import read_idx
from tests.rbm_core.idx_files import idx_bytes

IMAGES = np.random.default_rng(3).integers(0, 256, (7, 5, 3), dtype=np.uint8)


@pytest.mark.parametrize("gzipped", [False, True])
def test_idx_reads_what_was_written(tmp_path: Path, gzipped: bool) -> None:
    path = tmp_path / ("images.gz" if gzipped else "images")
    content = idx_bytes(IMAGES)
    path.write_bytes(gzip.compress(content) if gzipped else content)
    assert np.array_equal(read_idx(path, 3), IMAGES)


WHOLE = idx_bytes(IMAGES)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (WHOLE[:3], "begins with"),
        (b"PK\x03\x04" + WHOLE[4:], "begins with the bytes 50 4b 03 04"),
        (b"\x00\x00\x0d\x03" + WHOLE[4:], "unsigned bytes"),
        (b"\x00\x00\x08\x01" + WHOLE[4:], "3 axes"),
        (WHOLE[:11], "inside its header"),
        (WHOLE[:-1], "is truncated"),
        (WHOLE + b"\x00", "goes on after its last value"),
        (WHOLE[:4] + struct.pack(">III", 7, 0, 3), "claims"),
        (WHOLE[:4] + struct.pack(">III", 2**32 - 1, 28, 28), "it must hold from 1 to"),
    ],
)
@pytest.mark.parametrize("gzipped", [False, True])
def test_idx_refuses_broken_bytes_and_names_the_file(
    tmp_path: Path, content: bytes, reason: str, gzipped: bool
) -> None:
    path = tmp_path / ("broken.gz" if gzipped else "broken")
    path.write_bytes(gzip.compress(content) if gzipped else content)
    with pytest.raises(DataError, match=reason) as caught:
        read_idx(path, 3)
    assert str(path) in str(caught.value)


def test_idx_refuses_a_file_at_every_length_short_of_whole(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    packed = gzip.compress(WHOLE)
    for length in range(len(packed)):
        path.write_bytes(packed[:length])
        with pytest.raises(DataError, match=r"cut\.gz"):
            read_idx(path, 3)


def test_idx_refuses_a_gzip_whose_bytes_were_changed(tmp_path: Path) -> None:
    path = tmp_path / "flipped.gz"
    packed = bytearray(gzip.compress(WHOLE))
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    with pytest.raises(DataError, match=r"flipped\.gz"):
        read_idx(path, 3)


def test_idx_refuses_text_called_gz_and_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "page.gz"
    path.write_text("<html>not found</html>")
    with pytest.raises(DataError, match="not a gzip file"):
        read_idx(path, 3)
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path / "nowhere", 3)


def test_idx_never_unfolds_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    header = struct.pack(">BBBBI", 0, 0, 8, 1, 11)
    path.write_bytes(gzip.compress(header + bytes(50_000_000)))
    with pytest.raises(DataError, match="goes on after its last value"):
        read_idx(path, 1)
