"""The experiment of *Flip a bit*: one machine, one row, sampled and exact, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from app.gates.machine import Machine
from rbm_core import (
    CorrectionConfig,
    CorrectionResult,
    Dataset,
    ExpectedCorrection,
    correct,
    expected_correction,
    fingerprint,
    make_generator,
    notebook_measure,
    state_index,
)

__all__ = [
    "N_CHAINS",
    "Experiment",
    "Flip",
    "RepairShares",
    "Side",
    "experiment",
    "first_state",
    "flipped",
    "n_steps_for",
]

N_CHAINS = 100
# Twice k shows what lies behind the line at k; below 12 there is too little to see, above 60 too
# much to wait for. The line itself is always on the chart.
MIN_STEPS, MAX_STEPS = 12, 60
Bits = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Flip:
    """What is done to the machine.

    Attributes:
        v: The visible state the chains start at.
        hold_inputs: Whether the inputs keep their value.
        output: The output bit that the button flips, counted from 0.
        n_flips: Bits flipped so far; each flip takes fresh coins from its own random stream.
    """

    v: Bits
    hold_inputs: bool = True
    output: int = 0
    n_flips: int = 0


@dataclass(frozen=True, kw_only=True)
class RepairShares:
    """Who repaired the row, among chains that reached a legal row; NaN where none did.

    Attributes:
        by_output: First legal row with the original inputs.
        by_input: First legal row with other inputs.
        unrepaired: Share of all chains that reached none.
    """

    by_output: float
    by_input: float
    unrepaired: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Side:
    """One run of the experiment.

    Attributes:
        p_legal: P(row is right) along each sampled chain, shape (n_steps + 1, N_CHAINS).
        exact: Its exact expectation, shape (n_steps + 1,).
        notebook: Mean of the notebook's own measure, shape (n_steps + 1,).
        shown: Number of the chain that the tiles follow: of those repaired as most are that end
            right, the first with the median number of wrong steps.
        chain: Its visible states.
        sampled: Who repaired the row, counted.
        expected: Who repairs the row, exact.
        n_right: Sampled chains that stand on a legal row at the last step.
    """

    p_legal: NDArray[np.float32]
    exact: NDArray[np.float64]
    notebook: NDArray[np.float32]
    shown: int
    chain: tuple[Bits, ...]
    sampled: RepairShares
    expected: RepairShares
    n_right: int

    @cached_property
    def words(self) -> list[str]:
        """The states of the chain as digits."""
        return ["".join(map(str, bits)) for bits in self.chain]


@dataclass(frozen=True, eq=False, kw_only=True)
class Experiment:
    """The kept and the flipped run of one row.

    Attributes:
        machine: The machine.
        flip: What was done to it.
        n_steps: Gibbs steps.
        row: Number of the row that the inputs name.
        spoiled: Output bits that are flipped in the flipped run.
        started_wrong: Whether the state on screen is the flipped one.
        kept: The run from the row as the table has it.
        flipped: The run from the row with its output spoiled.
        id: Names the experiment and its machine.
    """

    machine: Machine
    flip: Flip
    n_steps: int
    row: int
    spoiled: tuple[int, ...]
    started_wrong: bool
    kept: Side
    flipped: Side
    id: str

    @property
    def shown(self) -> Side:
        """The run that the tiles follow."""
        return self.flipped if self.started_wrong else self.kept


def n_steps_for(k: int) -> int:
    """Return how many Gibbs steps the page shows for a machine trained with k.

    Args:
        k: Gibbs steps per update.
    """
    return max(MIN_STEPS, min(2 * k, MAX_STEPS), k)


def first_state(dataset: Dataset) -> Bits:
    """Return the row that the page opens with: all inputs on.

    Args:
        dataset: A truth table.
    """
    return _bits(dataset.train[-1])


def flipped(machine: Machine, flip: Flip) -> Flip:
    """Spoil the chosen output of the row on screen; the other outputs are put right.

    Args:
        machine: Gives the table.
        flip: What is on screen.
    """
    row, _ = _row_and_wrong_outputs(machine, flip.v)
    bits = list(_bits(machine.dataset.train[row]))
    bits[machine.n_inputs + flip.output] ^= 1
    return replace(flip, v=tuple(bits), n_flips=flip.n_flips + 1)


@lru_cache(maxsize=64)
def experiment(machine: Machine, flip: Flip) -> Experiment:
    """Run the experiment, kept and flipped with the same coins.

    Args:
        machine: The machine.
        flip: What is done to it.

    Raises:
        ConfigError: If the flip does not fit the table.
    """
    row, wrong = _row_and_wrong_outputs(machine, flip.v)
    spoiled = wrong or (flip.output,)
    n_steps = n_steps_for(machine.k)
    config = CorrectionConfig(
        n_steps=n_steps, clamp_inputs=flip.hold_inputs, row=row, output=spoiled
    )
    return Experiment(
        machine=machine,
        flip=flip,
        n_steps=n_steps,
        row=row,
        spoiled=spoiled,
        started_wrong=bool(wrong),
        kept=_side(machine, replace(config, flip=False), flip.n_flips),
        flipped=_side(machine, config, flip.n_flips),
        id=f"{fingerprint(machine.rbm)}-{''.join(map(str, flip.v))}"
        f"-{int(flip.hold_inputs)}-{flip.output}-{flip.n_flips}-{n_steps}",
    )


def _side(machine: Machine, config: CorrectionConfig, n_flips: int) -> Side:
    rbm, dataset = machine.rbm, machine.dataset
    generator = make_generator(machine.recipe.seed, "correction", n_flips)
    result = correct(rbm, dataset, config, n_chains=N_CHAINS, generator=generator)
    exact = _exact(machine, config)
    right = dataset.legal_states()[state_index(result.states)]  # (n_steps + 1, n_chains)
    shown = _typical_chain(result.states, right, machine.n_inputs)
    return Side(
        p_legal=result.p_legal.numpy(),
        exact=exact.p_legal.numpy(),
        notebook=notebook_measure(rbm, dataset, config, result).mean(1).numpy(),
        shown=shown,
        chain=tuple(_bits(v) for v in result.states[:, shown]),
        sampled=_shares(result),
        expected=RepairShares(
            by_output=exact.repaired_by_output,
            by_input=exact.repaired_by_input,
            unrepaired=exact.unrepaired,
        ),
        n_right=int(right[-1].sum()),
    )


@lru_cache(maxsize=256)
def _exact(machine: Machine, config: CorrectionConfig) -> ExpectedCorrection:
    """The exact side; other coins leave it as it is."""
    return expected_correction(machine.rbm, machine.dataset, config)


def _shares(result: CorrectionResult) -> RepairShares:
    return RepairShares(
        by_output=result.repaired_by_output,
        by_input=result.repaired_by_input,
        unrepaired=result.unrepaired,
    )


def _typical_chain(states: torch.Tensor, right: torch.Tensor, n_inputs: int) -> int:
    """Choose the chain to follow: repaired as most are, then the median number of wrong steps.

    Args:
        states: Shape (n_steps + 1, n_chains, n_visible).
        right: Whether each is a legal row, shape (n_steps + 1, n_chains).
        n_inputs: Input bits.
    """
    chains = torch.arange(states.shape[1])
    first = right.int().argmax(0)  # of chains that are never right: step 0
    inputs = states[..., :n_inputs]
    same_inputs = (inputs[first, chains] == inputs[0]).all(-1)
    reached = right.any(0)
    n_by_output = int((reached & same_inputs).sum())
    usual = reached & (same_inputs == (2 * n_by_output >= int(reached.sum())))
    candidates = usual if bool(usual.any()) else torch.ones_like(usual)
    ending_right = candidates & right[-1]
    candidates = ending_right if bool(ending_right.any()) else candidates
    n_wrong = (~right).sum(0)
    distance = (n_wrong - n_wrong[candidates].median()).abs()
    return int(torch.where(candidates, distance, len(right) + 1).argmin())


def _row_and_wrong_outputs(machine: Machine, v: Bits) -> tuple[int, tuple[int, ...]]:
    """Which row the inputs of a state name, and which of its outputs are wrong."""
    n_inputs = machine.n_inputs
    row = int("".join(map(str, v[:n_inputs])), 2)
    legal = _bits(machine.dataset.train[row])
    return row, tuple(
        output
        for output in range(machine.n_outputs)
        if v[n_inputs + output] != legal[n_inputs + output]
    )


def _bits(v: torch.Tensor) -> Bits:
    return tuple(int(bit) for bit in v)
