"""Updates on a CUDA device as graphs: captured once, replayed without a launch per kernel."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import torch

__all__ = ["CapturedUpdates"]

# Libraries choose kernels and claim workspace in their first calls, which cannot be captured.
WARM_UPDATES = 3


class CapturedUpdates:
    """Replays a body of device work that reads and writes the same tensors each time.

    What changes between calls must be written into tensors that the body reads, or be part of
    the key. The random stream goes on through replays as it would without them.
    """

    def __init__(self, generator: torch.Generator) -> None:
        """Begin with no graph.

        Args:
            generator: The stream that the body draws from.
        """
        self._generator = generator
        self._graphs: dict[Hashable, torch.cuda.CUDAGraph] = {}
        self._n_warm: dict[Hashable, int] = {}

    def run(self, key: Hashable, body: Callable[[], None]) -> None:
        """Do the body's work once.

        Args:
            key: Names everything that the body depends on besides tensors.
            body: Device work alone: no transfer, no synchronisation.
        """
        if key in self._graphs:
            self._graphs[key].replay()
        elif self._n_warm.get(key, 0) < WARM_UPDATES:
            self._n_warm[key] = self._n_warm.get(key, 0) + 1
            body()
        else:
            graph = torch.cuda.CUDAGraph()
            graph.register_generator_state(self._generator)
            with torch.cuda.graph(graph):
                body()
            self._graphs[key] = graph
            graph.replay()  # capturing records the work, it does not do it
