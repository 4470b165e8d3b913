"""The flip-and-correct experiment: spoil a row of a truth table and watch the machine repair it.

At step t the chain draws h from p(h|v_t-1) and then v_t from p(v|h). The curve of a trajectory is
the probability, given that h, that v_t is legal: its mean over chains estimates, without bias, the
exact curve that powers of the transition matrix give.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import ConfigError, DataError, ShapeError, require_whole
from rbm_core.exact.chain import expected_path, transition_matrix
from rbm_core.generators import Generator, integers
from rbm_core.machine.gibbs import clamp_mask, gibbs_step
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import enumerate_states, state_index

__all__ = [
    "CorrectionConfig",
    "CorrectionResult",
    "ExpectedCorrection",
    "correct",
    "expected_correction",
]


@dataclass(frozen=True, kw_only=True)
class CorrectionConfig:
    """What is flipped, held and counted.

    Attributes:
        n_steps: Gibbs steps.
        clamp_inputs: Hold the input bits of the row at their values.
        flip: Flip the chosen output bit before the first step; False keeps the row as it is.
        row: Number of the truth-table row to spoil; None takes all rows, equally likely.
        output: Which output bit is flipped, counted from 0; a tuple flips several.

    Raises:
        ConfigError: If a setting is out of range.
    """

    n_steps: int
    clamp_inputs: bool = True
    flip: bool = True
    row: int | None = None
    output: int | tuple[int, ...] = 0

    @property
    def outputs(self) -> tuple[int, ...]:
        """The output bits that are flipped, as a tuple whatever way they were given."""
        return self.output if isinstance(self.output, tuple) else (self.output,)

    def __post_init__(self) -> None:
        """Validate the number of steps."""
        require_whole("n_steps", self.n_steps)


@dataclass(frozen=True, eq=False, kw_only=True)
class CorrectionResult:
    """Sampled trajectories.

    Attributes:
        states: Visible states at steps 0 … n_steps, shape (n_steps + 1, n_chains, n_visible).
        h: Hidden states drawn at steps 1 … n_steps, shape (n_steps, n_chains, n_hidden).
        p_legal: Probability that the state is legal given the hidden draw before it, shape
            (n_steps + 1, n_chains); at step 0 it is 1 or 0.
        repaired_by_output: Among chains that reached a legal row, the share whose first legal row
            had the original inputs. NaN when none did.
        repaired_by_input: The remaining share.
        unrepaired: Share of chains that never reached a legal row.
    """

    states: Tensor
    h: Tensor
    p_legal: Tensor
    repaired_by_output: float
    repaired_by_input: float
    unrepaired: float


@dataclass(frozen=True, eq=False, kw_only=True)
class ExpectedCorrection:
    """The exact answer that the trajectories sample.

    Attributes:
        p_legal: Probability of a legal row at steps 0 … n_steps, shape (n_steps + 1,).
        repaired_by_output: Among chains that reach a legal row in time, the share whose first
            legal row has the original inputs. NaN when none does.
        repaired_by_input: The remaining share.
        unrepaired: Probability of not reaching a legal row in time.
    """

    p_legal: Tensor
    repaired_by_output: float
    repaired_by_input: float
    unrepaired: float


def correct(
    rbm: RBM,
    dataset: Dataset,
    config: CorrectionConfig,
    *,
    n_chains: int = 100,
    generator: Generator,
) -> CorrectionResult:
    """Flip an output bit and sample what the machine makes of it.

    Args:
        rbm: One machine (no replica axes).
        dataset: A truth table.
        config: What is flipped and held.
        n_chains: Trajectories.
        generator: Advanced in place.

    Raises:
        ConfigError: If the row or the output does not exist.
        DataError: If the data are no truth table.
        ShapeError: If the machine does not fit the table.
    """
    starts = _starts(rbm, dataset, config).to(rbm.weights)
    v = starts[_even_rows(len(starts), n_chains, generator).to(starts.device)]
    clamp = _clamp(dataset, config)
    v_states = enumerate_states(rbm.n_visible).to(v)
    legal = dataset.legal_states().to(v)
    states, curves, hidden = [v], [legal[state_index(v)]], []
    held = None if clamp is None else clamp.to(v.device)
    for _ in range(config.n_steps):
        before = v
        v, info = gibbs_step(rbm, v, generator, clamp=clamp)
        # The probability of each whole row given h is a product over the free units.
        field = rbm.visible_field(info.h)
        log_p = field.unsqueeze(-2) * v_states - F.softplus(field).unsqueeze(-2)
        if held is not None:
            fits = (v_states[None] == before.unsqueeze(-2)) | ~held
            log_p = torch.where(held, 0.0, log_p)
            log_p = log_p.masked_fill(~fits, -torch.inf)
        curves.append(log_p.sum(-1).exp() @ legal)
        states.append(v)
        hidden.append(info.h)
    path = torch.stack(states)
    return CorrectionResult(
        states=path,
        h=torch.stack(hidden),
        p_legal=torch.stack(curves),
        **_who_repaired(path, legal, _n_inputs(dataset)),
    )


def expected_correction(rbm: RBM, dataset: Dataset, config: CorrectionConfig) -> ExpectedCorrection:
    """Compute exactly what `correct` samples.

    Args:
        rbm: One machine (no replica axes), small enough for `transition_matrix`.
        dataset: A truth table.
        config: What is flipped and held.

    Raises:
        ConfigError: If the row or the output does not exist.
        DataError: If the data are no truth table.
        ShapeError: If the machine does not fit the table.
        SizeError: If the machine is too large to enumerate.

    Example:
        >>> from rbm_core import CorrectionConfig, expected_correction, preset
        >>> recipe = preset("and-from-scratch").recipe
        >>> run = recipe.start()
        >>> for record in run:
        ...     pass
        >>> config = CorrectionConfig(n_steps=8, clamp_inputs=False)
        >>> exact = expected_correction(run.rbm, recipe.load_dataset(), config)
        >>> float(exact.p_legal[0]), round(float(exact.p_legal[8]), 1)
        (0.0, 1.0)
    """
    starts = state_index(_starts(rbm, dataset, config)).tolist()
    matrix = transition_matrix(rbm, _clamp(dataset, config)).cpu()
    n_states = matrix.shape[-1]
    legal = dataset.legal_states().double()
    law = torch.zeros(n_states, dtype=torch.float64)
    for number in starts:
        law[number] += 1 / len(starts)
    n_outputs = dataset.n_visible - _n_inputs(dataset)
    inputs = torch.arange(n_states) >> n_outputs
    by_output = by_input = waiting = 0.0
    for number in starts:  # first passage into the legal rows, from each start
        alive = torch.zeros(n_states, dtype=torch.float64)
        alive[number] = 1 / len(starts)
        same = inputs == number >> n_outputs
        for step in range(config.n_steps + 1):
            alive = alive @ matrix if step else alive
            arrived = alive * legal
            by_output += float(arrived[same].sum())
            by_input += float(arrived[~same].sum())
            alive = alive * (1 - legal)
        waiting += float(alive.sum())
    arrived_all = by_output + by_input
    return ExpectedCorrection(
        p_legal=expected_path(matrix, law, legal, config.n_steps),
        repaired_by_output=by_output / arrived_all if arrived_all else float("nan"),
        repaired_by_input=by_input / arrived_all if arrived_all else float("nan"),
        unrepaired=waiting,
    )


def _n_inputs(dataset: Dataset) -> int:
    if dataset.n_inputs is None:
        raise DataError(
            f"data set {dataset.name!r} has no output bit to flip; choose a gate or a truth table"
        )
    return dataset.n_inputs


def _clamp(dataset: Dataset, config: CorrectionConfig) -> Tensor | None:
    if not config.clamp_inputs:
        return None
    return clamp_mask(dataset.n_visible, range(_n_inputs(dataset)))


def _starts(rbm: RBM, dataset: Dataset, config: CorrectionConfig) -> Tensor:
    """Rows the chains begin at, shape (n_rows, n_visible)."""
    n_inputs = _n_inputs(dataset)
    if rbm.replica_shape or rbm.n_visible != dataset.n_visible:
        raise ShapeError(
            f"the machine has weights {tuple(rbm.weights.shape)}; the experiment on "
            f"{dataset.name!r} needs one machine with {dataset.n_visible} visible units"
        )
    rows = dataset.train.clone()
    if config.row is not None:
        if not 0 <= config.row < len(rows):
            raise ConfigError(f"row is {config.row}; the table has rows 0 to {len(rows) - 1}")
        rows = rows[config.row : config.row + 1]
    for output in config.outputs:
        if not 0 <= output < dataset.n_visible - n_inputs:
            raise ConfigError(
                f"output is {output}; the table has outputs 0 to {dataset.n_visible - n_inputs - 1}"
            )
        if config.flip:
            rows[:, n_inputs + output] = 1 - rows[:, n_inputs + output]
    return rows


def _even_rows(n_rows: int, n_chains: int, generator: Generator) -> Tensor:
    """Each row as often as any other, the remainder drawn."""
    whole = torch.arange(n_rows).repeat(n_chains // n_rows)
    rest = integers(n_rows, (n_chains % n_rows,), generator).cpu()
    return torch.cat([whole, rest])


def _who_repaired(path: Tensor, legal: Tensor, n_inputs: int) -> dict[str, float]:
    """Classify each chain by its first legal row."""
    good = legal[state_index(path)] > 0  # (n_steps + 1, n_chains)
    reached = good.any(0)
    first = good.int().argmax(0)
    rows = path[first, torch.arange(path.shape[1], device=path.device)]
    same = (rows[:, :n_inputs] == path[0, :, :n_inputs]).all(-1)
    n_reached = int(reached.sum())
    by_output = int((reached & same).sum())
    return {
        "repaired_by_output": by_output / n_reached if n_reached else float("nan"),
        "repaired_by_input": (n_reached - by_output) / n_reached if n_reached else float("nan"),
        "unrepaired": 1 - n_reached / path.shape[1],
    }
