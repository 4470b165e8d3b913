"""Laws of the random streams: named, independent, and restored bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from rbm_core import CheckpointError, ConfigError, Generator, make_generator
from rbm_core.generators import (
    MAX_SEED,
    bernoulli,
    fill_uniform,
    generator_state,
    integers,
    normal,
    permutation,
    restore_generator,
    uniform,
)

KINDS = ("numpy", "torch")


def of_kind(kind: str, seed: int = 0) -> Generator:
    return make_generator(seed) if kind == "numpy" else torch.Generator().manual_seed(seed)


def draws(stream: Generator) -> list[Tensor]:
    like = torch.zeros(1)
    return [
        uniform((7, 5), stream, like),
        uniform((3,), stream, like.double()),
        bernoulli(torch.full((5, 3), 0.3), stream),
        normal((7,), stream),
        integers(11, (13,), stream),
        permutation(17, stream),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_draws_are_a_function_of_the_seed(kind: str) -> None:
    one, same, other = (draws(of_kind(kind, seed)) for seed in (3, 3, 4))
    for a, b, c in zip(one, same, other, strict=True):
        assert torch.equal(a, b)
        assert not torch.equal(a, c)


def test_streams_of_one_seed_are_told_apart_by_every_part_of_their_name() -> None:
    names: list[tuple[str | int, ...]] = [(), ("init",), ("train",), ("epoch", 0), ("epoch", 1)]
    firsts = {float(uniform((1,), make_generator(0, *name), torch.zeros(1).double()))
              for name in names}  # fmt: skip
    assert len(firsts) == len(names)


def test_streams_are_uncorrelated() -> None:
    like = torch.zeros(1).double()
    a = uniform((50_000,), make_generator(0, "epoch", 1), like)
    b = uniform((50_000,), make_generator(0, "epoch", 2), like)
    assert abs(float(torch.corrcoef(torch.stack([a, b]))[0, 1])) < 4 / 50_000**0.5


@pytest.mark.parametrize("kind", KINDS)
def test_uniforms_normals_and_integers_have_their_law(kind: str) -> None:
    stream, n = of_kind(kind), 200_000
    u = uniform((n,), stream, torch.zeros(1))
    assert float(u.min()) >= 0
    assert float(u.max()) < 1
    assert float(u.mean()) == pytest.approx(0.5, abs=4 * 0.289 / n**0.5)
    assert float(u.double().var()) == pytest.approx(1 / 12, rel=0.01)
    z = normal((n,), stream, dtype=torch.float64)
    assert z.dtype == torch.float64
    assert float(z.mean()) == pytest.approx(0.0, abs=4 / n**0.5)
    assert float(z.std()) == pytest.approx(1.0, rel=0.01)
    counts = np.bincount(integers(7, (n,), stream).numpy())
    assert counts / n == pytest.approx(np.full(7, 1 / 7), abs=4 * 0.35 / n**0.5)
    assert sorted(permutation(17, stream).tolist()) == list(range(17))


@pytest.mark.parametrize("kind", KINDS)
def test_bernoulli_draws_its_mean_and_certainties_exactly(kind: str) -> None:
    stream = of_kind(kind)
    mean = torch.tensor([0.0, 0.25, 1.0]).expand(100_000, 3)
    drawn = bernoulli(mean, stream)
    assert not drawn[:, 0].any()
    assert drawn[:, 2].all()
    assert float(drawn[:, 1].mean()) == pytest.approx(0.25, abs=4 * 0.433 / 100_000**0.5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_buffer_is_filled_in_place(dtype: torch.dtype) -> None:
    buffer = torch.full((7, 5), -1.0, dtype=dtype)
    assert fill_uniform(buffer, make_generator(0)) is buffer
    assert ((buffer >= 0) & (buffer < 1)).all()


def test_a_numpy_stream_does_not_draw_for_another_device() -> None:
    with pytest.raises(ConfigError, match=r"use a torch\.Generator of that device"):
        fill_uniform(torch.empty(3, device="meta"), make_generator(0))


def test_a_restored_stream_goes_on_where_it_was_read() -> None:
    stream = make_generator(5, "train")
    draws(stream)
    saved = generator_state(stream)
    assert saved.dtype == torch.uint8
    later = draws(stream)
    for a, b in zip(later, draws(restore_generator(saved)), strict=True):
        assert torch.equal(a, b)


def test_a_torch_stream_tells_its_state() -> None:
    stream = torch.Generator().manual_seed(5)
    saved = generator_state(stream)
    later = torch.rand(3, generator=stream)
    again = torch.Generator()
    again.set_state(saved)
    assert torch.equal(torch.rand(3, generator=again), later)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"not json", b'{"state": {"state": [1]}}', b"\xff\xfe", b"[1]", b"7"]
)
def test_broken_bytes_are_refused_with_the_way_out(content: bytes) -> None:
    broken = torch.tensor(list(content), dtype=torch.uint8)
    with pytest.raises(CheckpointError, match="resume on the kind of device that wrote it"):
        restore_generator(broken)


def test_a_state_of_another_kind_of_device_is_refused() -> None:
    with pytest.raises(CheckpointError, match="cannot be restored"):
        restore_generator(torch.Generator().manual_seed(0).get_state())


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ConfigError, match="a whole number from 0 to"):
        make_generator(seed)
