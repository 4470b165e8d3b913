"""Long chains in the background: a dream takes turns with the training runs and shows what it has.

Dreams of the same machine from the same start are shared: thirty students who open the same page
wait for one.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.jobs.scheduler import scheduler
from app.jobs.status import ACTIVE, Status
from app.shared_results import SharedResults
from rbm_core import (
    RBM,
    Generator,
    StripFrame,
    make_generator,
    start_states,
    strip_frames,
    strip_steps,
)

__all__ = [
    "LAST_STEP",
    "OWNER",
    "Dream",
    "DreamRequest",
    "DreamSnapshot",
    "Start",
    "begin_chains",
    "dream_of",
    "dream_steps",
]

Start = Literal["noise", "data", "probe"]
OWNER = "dreams"
LAST_STEP = 10_000
N_BETWEEN = 36
# Steps between looks at the clock; 16 chains of 784×500 take 0.36 ms a step.
STRIDE = 25
# Nobody looks any more: the page asks twice a second while a dream is on show.
PATIENCE_SECONDS = 5.0
# Of 16 chains of 784 pixels one dream takes 0.6 MB.
MAX_KEPT = 48


@dataclass(frozen=True, kw_only=True)
class DreamRequest:
    """All that a dream depends on.

    Attributes:
        machine: Fingerprint of the machine.
        start: What the chains start from.
        k: Gibbs steps the machine was trained with; decides which steps are looked at.
        image_shape: Height and width.
        n_chains: Chains.
        seed: Of the start and the coins.
        label: For "data": which rows they are, a data set and a class.
    """

    machine: str
    start: Start
    k: int
    image_shape: tuple[int, int]
    n_chains: int = 16
    seed: int = 0
    label: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class DreamSnapshot:
    """A dream so far.

    Attributes:
        frames: What was looked at, by step.
        energies: Free energy of each chain at those steps, shape (n_chains,), nats.
        step: Gibbs steps made.
        last_step: Where it ends.
        state: What the scheduler has to do with it; "ready" before it began.
        error: Why it failed, or "".
    """

    frames: dict[int, StripFrame]
    energies: dict[int, NDArray[np.float32]]
    step: int
    last_step: int = LAST_STEP
    state: Status = "ready"
    error: str = ""


class Dream:
    """Chains that advance in turns, as a job of the scheduler."""

    def __init__(self, rbm: RBM, request: DreamRequest, rows: Tensor | None = None) -> None:
        """Prepare the chains.

        Args:
            rbm: The machine; it must not change any more.
            request: What is asked for.
            rows: The data that "data" starts from, shape (n_samples, n_visible).

        Raises:
            ConfigError: If the start needs what did not come.
        """
        self.id = uuid.uuid4().hex[:12]
        self.owner = ""
        self.state: Status = "ready"
        self.asked = time.monotonic()
        self.error = ""
        self.wanted = dream_steps(request.k)
        stops = sorted({*self.wanted, *range(0, LAST_STEP + 1, STRIDE)})
        begin, coins = begin_chains(rbm, request, rows)
        self._chain: Iterator[StripFrame] = strip_frames(rbm, begin, stops, coins)
        self._rbm = rbm
        self._frames: dict[int, StripFrame] = {}
        self._energies: dict[int, NDArray[np.float32]] = {}
        self._look(next(self._chain))

    @property
    def done(self) -> bool:
        """Whether the last step is reached."""
        return self.snapshot.step >= LAST_STEP

    @property
    def busy(self) -> bool:
        """Whether it waits or walks, or has yet to say that it stopped."""
        return self.state in ACTIVE or self.snapshot.state in ACTIVE

    def work(self, until: float) -> bool:
        """Walk on until a moment of `time.monotonic` or the last step."""
        if self.state == "running" and time.monotonic() - self.asked > PATIENCE_SECONDS:
            self.state = "paused"
        if self.state == "running":
            self._walk(until)
        if self.done and self.state == "running":
            self.state = "done"
        self.publish_state()
        return self.state in ACTIVE

    @torch.no_grad()
    def _walk(self, until: float) -> None:
        for frame in self._chain:
            self._look(frame)
            if time.monotonic() >= until:
                break

    def _look(self, frame: StripFrame) -> None:
        if frame.step in self.wanted:
            self._frames[frame.step] = _small(frame)
            self._energies[frame.step] = self._rbm.free_energy(frame.samples).float().numpy()
        self.snapshot = DreamSnapshot(
            frames=dict(self._frames),
            energies=dict(self._energies),
            step=frame.step,
            state=self.state,
        )

    def publish_state(self) -> None:
        """Swap in the dream's state alone."""
        self.snapshot = replace(self.snapshot, state=self.state, error=self.error)


def dream_of(rbm: RBM, request: DreamRequest, rows: Tensor | None = None) -> Dream:
    """Return the dream of a machine, begun if nobody asked for it before.

    Args:
        rbm: The machine, without replica axes.
        request: What is asked for.
        rows: The data that "data" starts from, shape (n_samples, n_visible).

    Raises:
        ConfigError: If the start needs what did not come.
    """
    dream = _dreams.get(request, lambda: _begin(rbm, request, rows))
    dream.asked = time.monotonic()
    scheduler().let_run(dream)
    return dream


def _begin(rbm: RBM, request: DreamRequest, rows: Tensor | None) -> Dream:
    dream = Dream(rbm, request, rows)
    scheduler().add(dream, OWNER)
    return dream


def _end(dream: Dream) -> None:
    scheduler().forget(dream)


_dreams: SharedResults[Dream] = SharedResults(MAX_KEPT, leave=_end)


def begin_chains(rbm: RBM, request: DreamRequest, rows: Tensor | None) -> tuple[Tensor, Generator]:
    """Return where chains begin, and the coins they go on with.

    The coins are those of `python -m rbm_core sample`: same chains and seed, same pictures from
    noise and from probes. From data it starts at training rows; here they are the rows on show.

    Args:
        rbm: The machine.
        request: What is asked for.
        rows: The data that "data" starts from, shape (n_samples, n_visible).

    Raises:
        ConfigError: If the start needs what did not come.
    """
    coins = make_generator(request.seed, "sample")
    begin = start_states(
        request.start,
        rbm,
        request.n_chains,
        coins,
        rows=rows,
        image_shape=request.image_shape,
    )
    return begin, coins


def dream_steps(k: int) -> tuple[int, ...]:
    """Return the steps a dream keeps: the strip's, and more between them, evenly on a log scale.

    Args:
        k: Gibbs steps that the machine was trained with.
    """
    spaced = np.geomspace(1, LAST_STEP, N_BETWEEN).round().astype(int)
    return tuple(sorted({*strip_steps(k), *spaced.tolist()}))


def _small(frame: StripFrame) -> StripFrame:
    """Probabilities as bytes of 0 to 255, samples as bits in bytes."""
    return StripFrame(
        step=frame.step,
        samples=frame.samples.to(torch.uint8) * 255,
        probabilities=(frame.probabilities * 255).round().to(torch.uint8),
    )
