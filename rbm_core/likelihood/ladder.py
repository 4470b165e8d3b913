"""A ladder of machines: columns of chains that climb from an independent machine to the last one.

Rung 0 has no weights, so a Gibbs step draws it afresh and exactly. Each column is an independent
copy of the whole ladder, from which standard errors come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError, require_whole
from rbm_core.generators import Generator
from rbm_core.machine.gibbs import gibbs_step, noise
from rbm_core.machine.rbm import RBM
from rbm_core.machine.tempering import decide_swaps, trade

__all__ = ["LadderInfo", "LadderState", "ladder_round", "start_ladder"]

# What a state is called that has not come from rung 0 since the start.
UNBORN = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class LadderState:
    """What the next round of a ladder needs.

    Attributes:
        v: Visible states, shape (n_rungs, n_columns, n_visible).
        born: Round in which each state was drawn at rung 0, -1 for those of the start,
            shape (n_rungs, n_columns), int64.
        n_rounds: Rounds made so far; even ones try the pairs (0, 1), (2, 3), …, odd ones the rest.
    """

    v: Tensor
    born: Tensor
    n_rounds: int

    @property
    def renewal(self) -> Tensor:
        """Share of states at each rung that came from rung 0 since the start, shape (n_rungs,)."""
        return (self.born > UNBORN).double().mean(1)


@dataclass(frozen=True, eq=False, kw_only=True)
class LadderInfo:
    """What a round of a ladder did, diagnostics only.

    Attributes:
        swap_rate: Share of columns that traded places, for each pair of neighbours,
            shape (n_rungs - 1,); NaN for the pairs this round did not try.
        works_lo: F_hi(v) - F_lo(v) of the states at the lower rung of each pair before the swap,
            nats, shape (n_rungs - 1, n_columns); None where they were not asked for.
        works_hi: The same of the states at the upper rung.
    """

    swap_rate: Tensor
    works_lo: Tensor | None
    works_hi: Tensor | None


def start_ladder(rungs: RBM, n_columns: int, generator: Generator) -> LadderState:
    """Start every column from fair coins.

    Args:
        rungs: The machines, shape (n_rungs,) of replicas, the first without weights.
        n_columns: Columns, at least 2.
        generator: Advanced in place.

    Raises:
        ShapeError: If there are not two rungs or more along a single axis.
        ConfigError: If the first rung has weights, or there are too few columns.
    """
    if len(rungs.replica_shape) != 1 or len(rungs.weights) < 2:
        raise ShapeError(
            f"rungs have replica axes {rungs.replica_shape}; a ladder has one, of at least 2"
        )
    if bool(rungs.weights[0].any()):
        raise ConfigError("the first rung has weights; begin a ladder with base_machine")
    require_whole("n_columns", n_columns, least=2)
    v = noise(rungs, n_columns, generator)
    return LadderState(v=v, born=_unborn(v), n_rounds=0)


def ladder_round(
    rungs: RBM, state: LadderState, generator: Generator, *, measure: bool = False
) -> tuple[LadderState, LadderInfo]:
    """One Gibbs step at every rung, then swaps between neighbours.

    It leaves the product of the laws of all rungs unchanged.

    Args:
        rungs: The machines, the first without weights.
        state: Where the columns are.
        generator: Advanced in place.
        measure: Whether to give the works of all pairs, for `bennett`; it costs half as much again.

    Returns:
        The next state and what the round did.

    Raises:
        ShapeError: If the states do not fit the rungs.

    Source: Béreux, Decelle, Furtlehner & Seoane (2025), Fast training and sampling of RBMs:
        parallel trajectory tempering.
    """
    if tuple(state.v.shape[::2]) != (len(rungs.weights), rungs.n_visible):
        raise ShapeError(
            f"states {tuple(state.v.shape)} do not fit {len(rungs.weights)} rungs; "
            f"they must be (n_rungs, n_columns, {rungs.n_visible})"
        )
    with one_thread(state.v.device):
        return _round(rungs, state, generator, measure=measure)


def _round(
    rungs: RBM, state: LadderState, generator: Generator, *, measure: bool
) -> tuple[LadderState, LadderInfo]:
    v, _info = gibbs_step(rungs, state.v, generator)
    born = state.born.clone()
    born[0] = state.n_rounds
    n_pairs = len(v) - 1
    first = state.n_rounds % min(2, n_pairs)
    tried = slice(None) if measure else slice(first, None, 2)
    works_lo, works_hi = works(rungs, v, tried)
    gain = works_hi - works_lo
    info = decide_swaps(gain[first::2] if measure else gain, first, n_pairs, generator)
    after = LadderState(
        v=trade(v, info.swapped), born=trade(born, info.swapped), n_rounds=state.n_rounds + 1
    )
    return after, LadderInfo(
        swap_rate=info.swap_rate,
        works_lo=works_lo if measure else None,
        works_hi=works_hi if measure else None,
    )


@contextmanager
def one_thread(device: torch.device) -> Iterator[None]:
    """Hold torch to one thread on the CPU: tiny tensors lose much on more when cores are busy.

    Args:
        device: Where the work is; other devices are left alone.
    """
    n_threads = torch.get_num_threads()
    if device.type == "cpu" and n_threads > 1:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if torch.get_num_threads() != n_threads:
            torch.set_num_threads(n_threads)


def works(rungs: RBM, v: Tensor, pairs: slice = slice(None)) -> tuple[Tensor, Tensor]:
    """F_hi - F_lo of neighbouring rungs, at the states of the lower and of the upper one.

    Args:
        rungs: The machines, shape (n_rungs,) of replicas.
        v: Visible states, shape (n_rungs, n, n_visible).
        pairs: Which of the n_rungs - 1 pairs.

    Returns:
        Works at the lower and at the upper states, nats, each of shape (n_pairs, n), float64.
    """
    low, high = (
        RBM(*(p[side][pairs] for p in rungs.parameters()))
        for side in (slice(None, -1), slice(1, None))
    )
    at_low, at_high = (
        (high.free_energy(states) - low.free_energy(states)).double()
        for states in (v[:-1][pairs], v[1:][pairs])
    )
    return at_low, at_high


def _unborn(v: Tensor) -> Tensor:
    return torch.full(v.shape[:-1], UNBORN, dtype=torch.int64, device=v.device)
