"""Explicit random streams: seeding by name, drawing, saving and restoring.

Two kinds of generator are accepted everywhere: `numpy.random.Generator` for tensors on the CPU
(its SFC64 fills a float32 buffer a third faster than torch's Mersenne twister) and
`torch.Generator` for tensors on the generator's own device.
"""

from __future__ import annotations

import json
from typing import cast
from zlib import crc32

import numpy as np
import torch
from torch import Tensor

from rbm_core.errors import CheckpointError, ConfigError, require_whole

__all__ = [
    "STREAM_VERSION",
    "Generator",
    "bernoulli",
    "fill_uniform",
    "generator_state",
    "integers",
    "make_generator",
    "normal",
    "permutation",
    "restore_generator",
    "uniform",
]

Generator = np.random.Generator | torch.Generator

MAX_SEED = 2**63 - 1

# What a seed gives: 1 was version 0.1; 2 has a stream for each replica, and small machines
# spend theirs in compiled loops. Links, files and hashes of recipes carry it, and it stands beside
# the fingerprints of runs.
STREAM_VERSION = 2


def make_generator(seed: int, *stream: str | int, device: torch.device | str = "cpu") -> Generator:
    """Make the generator of one named stream of a seed.

    Streams with different names are independent: their keys enter numpy's `SeedSequence`, which
    mixes them with the seed.

    Args:
        seed: The run's seed, 0 to 2**63 - 1.
        stream: What the stream is for, for example ("train",) or ("epoch", 3).
        device: Where the drawn tensors shall live.

    Returns:
        SFC64 behind a numpy generator for the CPU, a torch generator for any other device.

    Raises:
        ConfigError: If the seed is out of range.

    Example:
        >>> from rbm_core import make_generator
        >>> drawn = make_generator(0, "init").random()
        >>> [make_generator(0, name).random() == drawn for name in ("init", "train")]
        [True, False]
    """
    require_whole("seed", seed, least=0, most=MAX_SEED)
    key = [crc32(part.encode()) if isinstance(part, str) else part for part in stream]
    sequence = np.random.SeedSequence(seed, spawn_key=key)
    device = torch.device(device)
    if device.type == "cpu":
        return np.random.Generator(np.random.SFC64(sequence))
    # torch takes one 64-bit seed; 63 bits keep it positive.
    derived = int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))
    return torch.Generator(device).manual_seed(derived)


def fill_uniform(out: Tensor, generator: Generator) -> Tensor:
    """Fill a contiguous float tensor with uniforms on [0, 1), in place.

    Args:
        out: The buffer, float32 or float64, on the generator's device.
        generator: Advanced in place.

    Returns:
        The same tensor.
    """
    if isinstance(generator, torch.Generator):
        return out.uniform_(generator=generator)
    if out.device.type != "cpu":
        raise ConfigError(
            f"a numpy generator draws on the CPU, the tensor is on {out.device}; "
            "use a torch.Generator of that device"
        )
    if out.dtype == torch.float32:
        generator.random(out=out.numpy(), dtype=np.float32)
    else:
        generator.random(out=out.numpy())
    return out


def uniform(shape: tuple[int, ...] | torch.Size, generator: Generator, like: Tensor) -> Tensor:
    """Draw uniforms on [0, 1) with the dtype and device of `like`.

    Args:
        shape: Shape of the result.
        generator: Advanced in place.
        like: Gives dtype and device.
    """
    return fill_uniform(torch.empty(shape, dtype=like.dtype, device=like.device), generator)


def bernoulli(mean: Tensor, generator: Generator) -> Tensor:
    """Draw 0 or 1 with the given probabilities: one where a uniform falls below `mean`.

    Args:
        mean: Probabilities, any shape.
        generator: Advanced in place.

    Returns:
        Draws of 0.0 and 1.0, the shape, dtype and device of `mean`.
    """
    return uniform(mean.shape, generator, mean).lt_(mean)


def normal(
    shape: tuple[int, ...],
    generator: Generator,
    *,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Tensor:
    """Draw standard normals.

    Args:
        shape: Shape of the result.
        generator: Advanced in place.
        dtype: Floating type of the result.
        device: Device of the result.
    """
    if isinstance(generator, torch.Generator):
        return torch.randn(shape, generator=generator, dtype=dtype, device=generator.device).to(
            device
        )
    return torch.from_numpy(generator.standard_normal(shape)).to(dtype=dtype, device=device)


def integers(high: int, shape: tuple[int, ...], generator: Generator) -> Tensor:
    """Draw whole numbers from 0 to high - 1, as int64.

    Args:
        high: One above the largest number drawn.
        shape: Shape of the result.
        generator: Advanced in place.
    """
    if isinstance(generator, torch.Generator):
        return torch.randint(high, shape, generator=generator, device=generator.device)
    return torch.from_numpy(generator.integers(high, size=shape))


def permutation(n: int, generator: Generator) -> Tensor:
    """Draw a random order of 0 … n - 1, as int64.

    Args:
        n: How many numbers.
        generator: Advanced in place.
    """
    if isinstance(generator, torch.Generator):
        return torch.randperm(n, generator=generator, device=generator.device)
    return torch.from_numpy(generator.permutation(n))


def generator_state(generator: Generator) -> Tensor:
    """Return a generator's whole state as bytes, shape (n_bytes,), uint8, on the CPU."""
    if isinstance(generator, torch.Generator):
        return generator.get_state().clone()

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [int(word) for word in value] if isinstance(value, np.ndarray) else value

    text = json.dumps(plain(generator.bit_generator.state), sort_keys=True)
    return torch.tensor(list(text.encode()), dtype=torch.uint8)


def restore_generator(state: Tensor, *, device: torch.device | str = "cpu") -> Generator:
    """Make a generator that continues where `generator_state` was read.

    Args:
        state: What `generator_state` returned.
        device: The device it was read on.

    Raises:
        CheckpointError: If the bytes are not a generator's state.
    """
    device = torch.device(device)
    try:
        if device.type != "cpu":
            generator = torch.Generator(device)
            generator.set_state(state.cpu())
            return generator
        saved = cast("dict[str, object]", json.loads(bytes(state.tolist()).decode()))
        stream = np.random.Generator(np.random.SFC64(0))
        words = cast("dict[str, list[int]]", saved["state"])["state"]
        stream.bit_generator.state = saved | {"state": {"state": np.array(words, dtype=np.uint64)}}
    except (ValueError, KeyError, TypeError, RuntimeError, OverflowError) as error:
        raise CheckpointError(
            f"the saved random stream cannot be restored on {device}: {error}; "
            "resume on the kind of device that wrote it"
        ) from error
    return stream
