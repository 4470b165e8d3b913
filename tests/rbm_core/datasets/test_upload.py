"""Laws of an upload: good files read as they are, broken ones refused with their reason."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np
import pytest
import torch
from PIL import Image

from rbm_core import DataError, load_dataset
from rbm_core.datasets import read_upload

STREAM = np.random.default_rng(29)
GREYS = STREAM.integers(0, 256, (23, 7, 5), dtype=np.uint8)
GREYS[0, 0, 0] = 255


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    members = {key: np.asarray(value) for key, value in arrays.items()}
    np.savez_compressed(buffer, allow_pickle=True, **members)
    return buffer.getvalue()


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def all_rows(name: str, content: bytes) -> torch.Tensor:
    data = read_upload(name, content)
    return data.train if data.test is None else torch.cat([data.train, data.test])


def as_set(rows: np.ndarray) -> set[tuple[float, ...]]:
    return {tuple(row) for row in rows.reshape(len(rows), -1).tolist()}


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (GREYS, GREYS.astype(np.float32) / np.float32(255)),
        (GREYS[..., None], GREYS.astype(np.float32) / np.float32(255)),
        (GREYS >= 128, (GREYS >= 128).astype(np.float32)),
        ((GREYS >= 128).astype(np.int64), (GREYS >= 128).astype(np.float32)),
        (GREYS.astype(np.float32) / 255, GREYS.astype(np.float32) / np.float32(255)),
        (np.asfortranarray(GREYS), GREYS.astype(np.float32) / np.float32(255)),
    ],
)
def test_npz_levels_are_read_as_they_are(images: np.ndarray, expected: np.ndarray) -> None:
    data = read_upload("mine.npz", npz(images=images))
    assert data.image_shape == (7, 5)
    assert as_set(all_rows("mine.npz", npz(images=images)).numpy()) == as_set(expected)


def test_npz_rows_of_a_square_are_images_too() -> None:
    rows = STREAM.random((9, 36), dtype=np.float32)
    data = read_upload("flat.npz", npz(anything=rows))
    assert data.image_shape == (6, 6)
    assert data.test is None
    assert np.array_equal(data.train.numpy(), rows)


def test_npz_labels_stay_with_their_images_and_split_by_class() -> None:
    labels = np.array([3, 7] * 11 + [7])
    images = np.zeros((23, 4, 4), np.uint8)
    images[:, 0, 0] = np.where(labels == 3, 255, 128)
    data = read_upload("two.npz", npz(images=images, labels=labels))
    assert data.class_names == ("3", "7")
    assert data.test is not None
    assert data.train_labels is not None
    assert data.test_labels is not None
    for rows, classes in ((data.train, data.train_labels), (data.test, data.test_labels)):
        assert torch.equal(rows[:, 0] == 1.0, classes == 0)
    assert torch.bincount(data.test_labels).tolist() == [11 // 5, 12 // 5]


def test_zip_of_pngs_reads_each_picture_in_name_order() -> None:
    files = {f"pictures/{i:02}.png": png(GREYS[i]) for i in reversed(range(9))}
    content = packed(files | {"__MACOSX/._a.png": b"x", "pictures/.DS_Store": b"x"})
    data = read_upload("PNGs.ZIP", content)
    assert data.image_shape == (7, 5)
    assert np.array_equal(
        data.train.numpy(), GREYS[:9].reshape(9, 35).astype(np.float32) / np.float32(255)
    )


def test_zip_folders_are_classes() -> None:
    files = {f"{'ab'[i % 2]}/{i}.png": png(GREYS[i]) for i in range(6)}
    data = read_upload("set.zip", packed(files))
    assert data.class_names == ("a", "b")
    assert data.train_labels is not None
    assert data.train_labels.tolist() == [0, 0, 0, 1, 1, 1]


def test_png_colours_become_grey_and_transparent_becomes_black() -> None:
    rgba = np.zeros((3, 3, 4), np.uint8)
    rgba[0] = (255, 255, 255, 255)
    rgba[1] = (255, 255, 255, 0)
    rows = all_rows("c.zip", packed({"c.png": png(rgba)}))
    assert rows.reshape(3, 3)[:, 0].tolist() == [1.0, 0.0, 0.0]


def test_upload_name_follows_its_content() -> None:
    first = read_upload("my set!.npz", npz(images=GREYS))
    again = read_upload("my set!.npz", npz(images=GREYS))
    other = read_upload("my set!.npz", npz(images=GREYS[::-1]))
    assert first.name == again.name
    assert first.name != other.name
    assert first.name.startswith("upload:my-set-")
    with pytest.raises(DataError, match="send it again"):
        load_dataset(first.name)


class Bomb:
    """An object whose unpickling would be noticed."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a pickle was opened",)


def with_header(shape: tuple[int, ...], body: bytes) -> bytes:
    """A .npy whose header claims a shape whatever its body holds."""
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        buffer, {"descr": "|u1", "fortran_order": False, "shape": shape}
    )
    return buffer.getvalue() + body


GOOD = npz(images=GREYS)

BROKEN_NPZ = {
    "objects": (npz(images=np.array([Bomb(), None], dtype=object)), "Python objects"),
    "object labels": (
        npz(images=GREYS, labels=np.array(["a"] * 23, dtype=object)),
        "Python objects",
    ),
    "cut": (GOOD[: len(GOOD) // 2], "not a readable zip archive"),
    "empty file": (b"", "not a readable zip archive"),
    "text": (b"hello", "not a readable zip archive"),
    "no npy": (packed({"images.npy": b"not numpy"}), "not an array of numbers"),
    "cut npy": (packed({"images.npy": with_header((3, 4, 4), bytes(47))}), "claims 3×4×4"),
    "long npy": (packed({"images.npy": with_header((3, 4, 4), bytes(49))}), "claims 3×4×4"),
    "lying npy": (packed({"images.npy": with_header((10**9, 10**9), bytes(4))}), "claims"),
    "no images": (npz(a=GREYS, b=GREYS), "call the array of images `images`"),
    "nothing": (packed({}), "nothing"),
    "zero images": (npz(images=np.zeros((0, 4, 4), np.uint8)), "empty"),
    "one axis": (npz(images=np.zeros(16, np.uint8)), r"must be \(n, height, width\)"),
    "oblong rows": (npz(images=np.zeros((3, 15), np.uint8)), "not the square"),
    "colour": (npz(images=np.zeros((3, 4, 4, 3), np.uint8)), r"must be \(n, height, width\)"),
    "too wide": (npz(images=np.zeros((3, 4, 65), np.uint8)), "sides run from 1 to 64"),
    "too many": (npz(images=np.zeros((20_001, 2, 2), np.uint8)), "from 1 to 20000"),
    "too much": (npz(images=np.zeros((5000, 64, 64), np.uint8)), "at most 16777216 pixels"),
    "negative": (npz(images=np.full((3, 4, 4), -1.0)), "outside"),
    "bright": (npz(images=np.full((3, 4, 4), 256)), "outside"),
    "not finite": (npz(images=np.full((3, 4, 4), np.nan)), "outside"),
    "text array": (npz(images=np.full((3, 4, 4), "x")), "bits, bytes or floats"),
    "complex": (npz(images=np.zeros((3, 4, 4), complex)), "bits, bytes or floats"),
    "few labels": (npz(images=GREYS, labels=np.zeros(22, int)), "23 whole numbers"),
    "float labels": (npz(images=GREYS, labels=np.zeros(23)), "23 whole numbers"),
}


@pytest.mark.parametrize("case", BROKEN_NPZ)
def test_broken_npz_is_refused_with_its_reason(case: str) -> None:
    content, reason = BROKEN_NPZ[case]
    with pytest.raises(DataError, match=reason) as caught:
        read_upload("mine.npz", content)
    assert str(caught.value).startswith("mine.npz")
    assert "\n" not in str(caught.value)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


ONE = png(GREYS[0])
GIF = io.BytesIO()
Image.fromarray(GREYS[0]).save(GIF, format="GIF")

BROKEN_PNGS = {
    "bomb": ({"a.png": png_header(60_000, 60_000)}, "60000×60000"),
    "small bomb": ({"a.png": png_header(64, 65)}, "65×64"),
    "hollow": ({"a.png": png_header(8, 64)}, "not a readable PNG"),
    "no width": ({"a.png": png_header(0, 4)}, "4×0"),
    "cut": ({"a.png": ONE[: len(ONE) // 2]}, "not a readable PNG"),
    "damaged": ({"a.png": ONE[:45] + bytes(9) + ONE[54:]}, "not a readable PNG"),
    "gif": ({"a.png": GIF.getvalue()}, "not a PNG"),
    "empty": ({"a.png": b""}, "not a PNG"),
    "16 bits": ({"a.png": png(GREYS[0].astype(np.uint16))}, "colour mode"),
    "unequal": ({"a.png": ONE, "b.png": png(GREYS[0].T.copy())}, "all pictures must have one size"),
    "foreign": ({"a.png": ONE, "notes.txt": b"hello"}, "holds notes.txt; only PNG"),
    "none": ({"folder/": b""}, "holds 0 PNGs"),
    "long": ({"a.png": ONE + bytes(2**18)}, "unfolds to more than"),
}


@pytest.mark.parametrize("case", BROKEN_PNGS)
def test_broken_pngs_are_refused_with_their_reason(case: str) -> None:
    files, reason = BROKEN_PNGS[case]
    with pytest.raises(DataError, match=reason) as caught:
        read_upload("set.zip", packed(files))
    assert "\n" not in str(caught.value)


def test_png_cut_anywhere_is_refused_or_whole() -> None:
    whole = all_rows("set.zip", packed({"a.png": ONE}))
    for length in range(len(ONE)):
        try:
            rows = all_rows("set.zip", packed({"a.png": ONE[:length]}))
        except DataError:
            continue
        assert torch.equal(rows, whole)  # only the closing chunk was lost


def test_archive_that_unfolds_into_a_flood_is_refused() -> None:
    flood = packed({"images.npy": with_header((200_000_000,), bytes(200_000_000))})
    assert len(flood) < 300_000
    with pytest.raises(DataError, match="unfolds to more than"):
        read_upload("flood.npz", flood)


def test_encrypted_and_unusual_archives_are_refused() -> None:
    content = bytearray(packed({"a.png": ONE}))
    at = content.index(b"PK\x01\x02") + 8
    content[at] |= 1
    with pytest.raises(DataError, match="not a readable zip archive"):
        read_upload("set.zip", bytes(content))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.png", ONE)
    with pytest.raises(DataError, match="use plain zip"):
        read_upload("set.zip", buffer.getvalue())


def test_file_too_large_or_of_another_kind_is_refused_unread() -> None:
    with pytest.raises(DataError, match=r"20\.0 MB; at most 20 MB"):
        read_upload("big.npz", bytes(20 * 10**6 + 1))
    with pytest.raises(DataError, match=r"neither \.npz nor \.zip"):
        read_upload("run.pkl", b"\x80\x04")
