"""What travels to the browser: packed pictures unpack to what they were, and stay small."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import numpy as np
import pytest

from app.charts.filters import mosaic
from app.components.chain_player import player_bytes
from app.components.image_board import AnyPanel, Film, Filters, Pictures, Strip, board_bytes
from app.components.packing import Bytes, pack, pack_bits
from app.components.pixel_painter import marks_from_hex

SHAPE = (5, 7)
N_PIXELS = 35


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read bytes as pixels.js does."""
    (size,) = struct.unpack("<I", content[:4])
    head = json.loads(content[4 : 4 + size])
    body = content[4 + size :]
    if head["squeezed"]:
        body = zlib.decompress(body)
    arrays = {}
    for name, entry in head["arrays"].items():
        n = int(np.prod(entry["shape"]))
        part = body[entry["offset"] : entry["offset"] + n]
        arrays[name] = np.frombuffer(part, entry["kind"]).reshape(entry["shape"])
    return head, arrays


@pytest.mark.parametrize("level", [0, 1, 6])
def test_pack_unpacks_to_the_same_arrays(level: int) -> None:
    draw = np.random.default_rng(0)
    arrays: dict[str, Bytes] = {
        "grey": draw.integers(0, 256, (3, N_PIXELS)).astype(np.uint8),
        "signed": draw.integers(-127, 128, (2, 11)).astype(np.int8),
    }
    head, back = unpack(pack({"title": "größer – ok"}, arrays, level=level))
    assert head["title"] == "größer – ok"
    for name, array in arrays.items():
        assert np.array_equal(back[name], array)


def test_pack_refuses_numbers_that_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        pack({"norm": float("nan")}, {})


def test_bits_keep_every_pixel_and_pad_each_picture() -> None:
    states = (np.random.default_rng(0).random((4, N_PIXELS)) < 0.5).astype(np.float32)
    packed = pack_bits(states)
    assert packed.shape == (4, 5)  # 35 pixels in 5 bytes
    assert np.array_equal(np.unpackbits(packed, axis=1)[:, :N_PIXELS], states)


def test_board_lists_every_panel_with_its_pixels() -> None:
    draw = np.random.default_rng(0)
    weights = draw.normal(size=(N_PIXELS, 6))
    grey = draw.integers(0, 256, (3, 4, N_PIXELS)).astype(np.uint8)
    common: dict[str, Any] = {"title": "t", "alt": "a", "shape": SHAPE}
    fields = mosaic(weights, np.arange(6), "unit")
    panels: list[AnyPanel] = [
        Filters(name="filters", fields=fields, uses=draw.random(6), **common),
        Pictures(name="data", grid=grey[0], **common),
        Film(name="film", grids=grey, labels=["0", "1", "2"], loops=True, **common),
        Strip(name="strip", columns=grey, steps=["0", "1", "2", "9"], framed=1, **common),
    ]
    head, arrays = unpack(board_bytes(panels, "1fr"))
    assert [panel["kind"] for panel in head["panels"]] == ["mosaic", "pictures", "film", "strip"]
    assert np.array_equal(arrays["filters"], fields.levels)
    assert np.array_equal(arrays["data"], grey[0])
    assert np.array_equal(arrays["film"], grey)
    assert head["panels"][3]["ready"] == 3  # one column is still to come


def test_a_live_board_of_64_filters_stays_under_80_kilobytes() -> None:
    draw = np.random.default_rng(0)
    common: dict[str, Any] = {"title": "t", "alt": "a", "shape": (28, 28)}
    fields = mosaic(draw.normal(size=(784, 64)), np.arange(64), "unit")
    digit = (draw.random((12, 784)) < 0.2) * draw.integers(0, 52, (12, 784)) * 5
    grey = digit.astype(np.uint8)
    panels: list[AnyPanel] = [
        Filters(name="filters", fields=fields, uses=draw.random(64), **common),
        Pictures(name="data", grid=grey, **common),
        Pictures(name="reconstruction", grid=grey, **common),
        Film(name="fantasy", grids=grey[None], labels=["100"], loops=False, **common),
    ]
    assert len(board_bytes(panels, "1fr 1fr 1fr 1fr")) < 64_000  # the rest is for strip and curves


def test_board_stamps_a_film_by_its_pixels() -> None:
    grids = np.zeros((2, 1, N_PIXELS), np.uint8)
    common: dict[str, Any] = {
        "name": "film", "title": "t", "alt": "a", "shape": SHAPE, "labels": ["0", "1"],
        "loops": True,
    }  # fmt: skip
    still = Film(grids=grids, **common).plain()["stamp"]
    assert Film(grids=grids.copy(), **common).plain()["stamp"] == still
    grids[1, 0, 3] = 9
    assert Film(grids=grids, **common).plain()["stamp"] != still


def test_player_sends_samples_as_bits() -> None:
    draw = np.random.default_rng(0)
    states = (draw.random((21, 3, 784)) < 0.2).astype(np.uint8) * 255
    content = player_bytes(states, [0.0] * 21, (28, 28), bits=True, alt="a", height=200)
    head, arrays = unpack(content)
    assert head["n_steps"] == 20
    back = np.unpackbits(arrays["frames"], axis=-1)[..., :784] * 255
    assert np.array_equal(back, states)
    assert len(content) < states.size / 8 + 4000


@pytest.mark.parametrize("n_pixels", [35, 64, 784])
def test_marks_are_read_as_the_browser_writes_them(n_pixels: int) -> None:
    marks = np.random.default_rng(0).random(n_pixels) < 0.5
    padded = np.pad(marks, (0, -n_pixels % 4))
    text = "".join(f"{int(''.join('01'[bit] for bit in four), 2):x}" for four in
                   padded.reshape(-1, 4).astype(int))  # fmt: skip
    assert np.array_equal(marks_from_hex(text, n_pixels), marks)


def test_marks_from_a_stranger_are_only_marks() -> None:
    assert not marks_from_hex("<script>", 64)[1:4].any()
    assert marks_from_hex("", 35).shape == (35,)
    assert marks_from_hex("f" * 10_000, 35).all()
