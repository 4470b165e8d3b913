"""Random streams as compiled code advances them: four words of SFC64 for each replica."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rbm_core.errors import CheckpointError
from rbm_core.generators import generator_state, restore_generator
from rbm_core.training.small import Words

__all__ = ["stream_generator", "words_from_state", "words_to_state"]

N_WORDS = 4


def words_from_state(state: Tensor, n_replicas: int) -> Words:
    """Read the streams of some replicas.

    A state with one stream gives it to the first replica; the others get streams that are spawned
    from its words, each by its number. So the first replica of an ensemble draws what a machine
    trained alone draws.

    Args:
        state: What `words_to_state` or `generator_state` returned.
        n_replicas: How many streams are needed.

    Returns:
        Shape (n_replicas, 4).

    Raises:
        CheckpointError: If the bytes are no streams, or of another number of replicas.
    """
    if state.ndim == 2:
        if tuple(state.shape) != (n_replicas, 8 * N_WORDS):
            raise CheckpointError(
                f"the saved random streams have shape {tuple(state.shape)}; {n_replicas} replicas "
                f"need ({n_replicas}, {8 * N_WORDS})"
            )
        return state.numpy().copy().view(np.uint64)
    first = _words(restore_generator(state))
    entropy = [int(word) for word in first]
    spawned = (
        _words(
            np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy, spawn_key=(r,))))
        )
        for r in range(1, n_replicas)
    )
    return np.stack([first, *spawned])


def words_to_state(words: Words, *, alone: bool) -> Tensor:
    """Write the streams of some replicas, or of one machine as `generator_state` does.

    Args:
        words: Shape (n_replicas, 4).
        alone: Whether this is one machine, no ensemble.
    """
    if alone:
        return generator_state(stream_generator(words[0]))
    return torch.from_numpy(words.copy().view(np.uint8))


def stream_generator(words: Words) -> np.random.Generator:
    """Make numpy's generator of one stream; it advances by itself.

    Args:
        words: Shape (4,).
    """
    generator = np.random.Generator(np.random.SFC64(0))
    generator.bit_generator.state = {
        "bit_generator": "SFC64",
        "state": {"state": words.copy()},
        "has_uint32": 0,
        "uinteger": 0,
    }
    return generator


def _words(generator: np.random.Generator | torch.Generator) -> Words:
    if isinstance(generator, torch.Generator):
        raise CheckpointError("the saved random stream is not of the CPU")
    state = generator.bit_generator.state
    return np.asarray(state["state"]["state"], dtype=np.uint64).copy()
