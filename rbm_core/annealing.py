"""log Z of machines too large to enumerate: annealed importance sampling, forwards and backwards.

Both directions walk the same path of machines between a base without weights, whose log Z is known,
and the machine itself:

    p_β(v, h) ∝ exp(-(1 - β) E_base(v, h) - β E(v, h)),  β from 0 to 1.

Forwards the mean weight estimates Z / Z_base, backwards Z_base / Z; both means are unbiased, so by
Jensen's inequality the logarithm of the first errs low on average and that of the second high.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError
from rbm_core.exact import MAX_LAYER_UNITS, visible_distribution
from rbm_core.generators import Generator, bernoulli, integers, uniform
from rbm_core.gibbs import gibbs_step
from rbm_core.rbm import MEAN_FLOOR, RBM

__all__ = [
    "BETA_SCHEDULES",
    "Bracket",
    "LogPartitionEstimate",
    "ais",
    "base_machine",
    "beta_schedule",
    "exact_samples",
    "log_likelihood_bracket",
    "log_partition_bracket",
    "reverse_ais",
]


def _salakhutdinov_murray(spacing: float) -> Tensor:
    """β in steps of 1, 0.1 and 0.01 spacings on [0, 0.5], [0.5, 0.9] and [0.9, 1]."""
    counts = (round(0.5 / spacing), round(4.0 / spacing), round(10.0 / spacing))
    ends = (0.0, 0.5, 0.9, 1.0)
    pieces = [
        torch.linspace(a, b, n + 1, dtype=torch.float64)[:-1]
        for (a, b), n in zip(pairwise(ends), counts, strict=True)
    ]
    return torch.cat([*pieces, torch.ones(1, dtype=torch.float64)])


def _linear(n_steps: int) -> Tensor:
    return torch.linspace(0.0, 1.0, n_steps + 1, dtype=torch.float64)


# The published schedule has 14 500 steps (Salakhutdinov & Murray 2008, with 100 runs); the others
# are for a first look, and for small machines.
BETA_SCHEDULES: dict[str, Callable[[], Tensor]] = {
    "salakhutdinov-murray": lambda: _salakhutdinov_murray(1e-3),
    "salakhutdinov-murray-tenth": lambda: _salakhutdinov_murray(1e-2),
    "linear-10000": lambda: _linear(10_000),
    "linear-1000": lambda: _linear(1000),
    "linear-100": lambda: _linear(100),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class LogPartitionEstimate:
    """An estimate of log Z from independent annealing runs.

    Attributes:
        log_partition: Estimate of log Z in nats, shape of the replica axes, float64.
        std_error: Standard error in nats by the delta method, same shape. It saturates at 1 when
            one run carries all the weight: then `effective_runs` is near 1 and it means nothing.
        effective_runs: (Σw)² / Σw², from 1 to n_runs, same shape.
        log_weights: Log weight of each run, shape (..., n_runs).
    """

    log_partition: Tensor
    std_error: Tensor
    effective_runs: Tensor
    log_weights: Tensor


@dataclass(frozen=True, eq=False, kw_only=True)
class Bracket:
    """An interval from two estimates that err to opposite sides.

    Attributes:
        lower: Estimate that errs low, nats, shape of the replica axes.
        upper: Estimate that errs high, same shape; noise can put it below `lower`.
        lower_std_error: Standard error of `lower`.
        upper_std_error: Standard error of `upper`.
        exact_start: Whether the backward runs began at exact samples. If not, `upper` is only
            as trustworthy as the chains they began from.
    """

    lower: Tensor
    upper: Tensor
    lower_std_error: Tensor
    upper_std_error: Tensor
    exact_start: bool

    def contains(self, value: Tensor | float, n_std: float = 3.0) -> Tensor:
        """Whether a value lies inside, each end widened by its standard errors.

        Args:
            value: What to look for, nats, shape of the replica axes.
            n_std: Standard errors to widen by.
        """
        low = self.lower - n_std * self.lower_std_error
        high = self.upper + n_std * self.upper_std_error
        return (low <= value) & (value <= high)


def beta_schedule(betas: str | Tensor) -> Tensor:
    """Return inverse temperatures by name, or check given ones.

    Args:
        betas: One of `BETA_SCHEDULES`, or values rising from 0 to 1, shape (n_betas,).

    Returns:
        Values rising from 0 to 1, shape (n_betas,), float64.

    Raises:
        ConfigError: If the name is unknown or the values do not rise from 0 to 1.

    Source: Salakhutdinov & Murray (2008), On the Quantitative Analysis of Deep Belief Networks,
        section 4.2, for "salakhutdinov-murray": 0:1e-3:0.5, 0.5:1e-4:0.9, 0.9:1e-5:1.
    """
    if isinstance(betas, str):
        if betas not in BETA_SCHEDULES:
            raise ConfigError(f"betas is {betas!r}; allowed are {', '.join(BETA_SCHEDULES)}")
        return BETA_SCHEDULES[betas]()
    values = betas.detach().to("cpu", torch.float64)
    rising = values.ndim == 1 and len(values) > 1 and bool((values.diff() > 0).all())
    if not rising or float(values[0]) != 0.0 or float(values[-1]) != 1.0:
        raise ConfigError(
            f"betas of shape {tuple(values.shape)} must rise strictly from 0 to 1, "
            f"or be one of {', '.join(BETA_SCHEDULES)}"
        )
    return values


def base_machine(rbm: RBM, data: Tensor | None = None) -> RBM:
    """Make the machine without weights that annealing begins at.

    Args:
        rbm: Gives the sizes, dtype and device.
        data: Rows whose mean the base shall have, shape (n_samples, n_visible); means are kept
            within [0.001, 0.999]. None gives fair coins. With data the weights spread far less.

    Returns:
        An RBM whose weights and hidden biases are zero.

    Raises:
        ShapeError: If the rows do not fit the machine.
    """
    bias = torch.zeros_like(rbm.visible_bias)
    if data is not None:
        if data.ndim != 2 or data.shape[-1] != rbm.n_visible:
            raise ShapeError(
                f"data has shape {tuple(data.shape)}; it must be (n_samples, {rbm.n_visible})"
            )
        mean = data.to(rbm.weights).mean(0).clamp(MEAN_FLOOR, 1 - MEAN_FLOOR)
        bias = torch.logit(mean).expand_as(bias).clone()
    return RBM(torch.zeros_like(rbm.weights), bias, torch.zeros_like(rbm.hidden_bias))


def exact_samples(rbm: RBM, n_chains: int, generator: Generator) -> Tensor:
    """Draw independent visible states from p(v), without a chain.

    The smaller layer is drawn from its exact distribution, the other one given it.

    Args:
        rbm: The machine; its smaller layer has at most 20 units.
        n_chains: Draws per replica.
        generator: Advanced in place.

    Returns:
        Visible states, shape (..., n_chains, n_visible).

    Raises:
        SizeError: If both layers have more than 20 units.
    """
    swap = rbm.n_hidden < rbm.n_visible
    small = rbm.layers_swapped() if swap else rbm
    ladder = visible_distribution(small).cumsum(-1)
    shape = (*rbm.replica_shape, n_chains)
    height = uniform(shape, generator, rbm.weights).to(ladder) * ladder[..., -1:]
    # Rounding can put the height on the last rung, one above the last state.
    number = torch.searchsorted(ladder, height, right=True).clamp_max_(ladder.shape[-1] - 1)
    shifts = torch.arange(small.n_visible - 1, -1, -1, device=number.device)
    states = ((number.unsqueeze(-1) >> shifts) & 1).to(rbm.weights)
    return rbm.sample_v_given_h(states, generator) if swap else states


def ais(
    rbm: RBM,
    generator: Generator,
    *,
    betas: str | Tensor = "salakhutdinov-murray",
    n_runs: int = 100,
    base: RBM | None = None,
) -> LogPartitionEstimate:
    """Estimate log Z by annealed importance sampling, from the base to the machine.

    log Z ≈ log Z_base + log mean_r w_r,  log w = Σ_k F_{β_k}(v_k) - F_{β_k+1}(v_k),
    with v_k drawn at β_k by one Gibbs step from v_k-1.

    Args:
        rbm: The machine.
        generator: Advanced in place.
        betas: Name of a schedule in `BETA_SCHEDULES`, or values rising from 0 to 1.
        n_runs: Independent runs, at least 2; the published schedule goes with 100.
        base: A machine without weights, from `base_machine`; None means fair coins.

    Raises:
        ConfigError: If betas or n_runs is out of range or the base has weights.
        ShapeError: If the base does not fit the machine.

    Bias: E[w] is exactly Z / Z_base, so log Z comes out low on average, by about half the variance
        of the mean weight. Runs that never meet a mode of the machine leave it out unseen.

    Source: Neal (2001), Annealed Importance Sampling; Salakhutdinov & Murray (2008).
    """
    path = _Path(rbm, base, n_runs)
    shape = (*rbm.replica_shape, n_runs, rbm.n_visible)
    v = bernoulli(torch.sigmoid(path.base.visible_bias).unsqueeze(-2).expand(shape), generator)
    log_weights = path.anneal(v, beta_schedule(betas), generator)
    mean, error, effective = _log_mean(log_weights)
    return LogPartitionEstimate(
        log_partition=path.log_partition_base() + mean,
        std_error=error,
        effective_runs=effective,
        log_weights=log_weights,
    )


def reverse_ais(
    rbm: RBM,
    generator: Generator,
    *,
    start: Tensor | None = None,
    betas: str | Tensor = "salakhutdinov-murray",
    n_runs: int = 100,
    base: RBM | None = None,
) -> LogPartitionEstimate:
    """Estimate log Z by annealing backwards, from samples of the machine to the base.

    log Z ≈ log Z_base - log mean_r w_r, with w as in `ais` along the path from β = 1 to 0.

    Args:
        rbm: The machine.
        generator: Advanced in place.
        start: Visible states to begin at, shape (..., n_runs, n_visible), as near to draws from
            p(v) as can be had; None draws exact ones.
        betas: As in `ais`.
        n_runs: Independent runs, at least 2.
        base: As in `ais`.

    Raises:
        ConfigError: If betas or n_runs is out of range or the base has weights.
        ShapeError: If the base or the start does not fit.
        SizeError: If start is None and both layers have more than 20 units.

    Bias: From exact samples E[w] is exactly Z_base / Z, so log Z comes out high on average. From
        a chain that is not at equilibrium the sign is unknown: starts that leave out modes of the
        machine, as data and short chains do, can put it on either side.

    Source: Burda, Grosse & Salakhutdinov (2015), Accurate and Conservative Estimates of MRF
        Log-likelihood using Reverse Annealing; Grosse, Ghahramani & Adams (2015), Sandwiching the
        Marginal Likelihood Using Bidirectional Monte Carlo.
    """
    path = _Path(rbm, base, n_runs)
    expected = (*rbm.replica_shape, n_runs, rbm.n_visible)
    v = exact_samples(rbm, n_runs, generator) if start is None else start.to(rbm.weights)
    if tuple(v.shape) != expected:
        raise ShapeError(f"start has shape {tuple(v.shape)}; it must be {expected}")
    log_weights = path.anneal(v, beta_schedule(betas).flip(0), generator)
    mean, error, effective = _log_mean(log_weights)
    return LogPartitionEstimate(
        log_partition=path.log_partition_base() - mean,
        std_error=error,
        effective_runs=effective,
        log_weights=log_weights,
    )


def log_partition_bracket(
    rbm: RBM,
    generator: Generator,
    *,
    data: Tensor | None = None,
    betas: str | Tensor = "salakhutdinov-murray",
    n_runs: int = 100,
    n_gibbs_steps: int = 1000,
) -> Bracket:
    """Bracket log Z between AIS and reverse AIS.

    Args:
        rbm: The machine.
        generator: Advanced in place.
        data: Training rows, shape (n_samples, n_visible): their mean makes the base, and for a
            machine too large for exact samples the backward runs begin at chains from them.
        betas: As in `ais`.
        n_runs: Runs in each direction, at least 2.
        n_gibbs_steps: Steps of those chains, at least 0; unused with exact samples.

    Raises:
        ConfigError: If a setting is out of range, or data is missing where it is needed.

    Bias: `lower` errs low; `upper` errs high when `exact_start`, else see `reverse_ais`.
    """
    exact = min(rbm.n_visible, rbm.n_hidden) <= MAX_LAYER_UNITS
    if not exact and data is None:
        raise ConfigError(
            f"a machine of {rbm.n_visible} and {rbm.n_hidden} units is too large to sample "
            "exactly; give data that the backward chains can begin at"
        )
    base = base_machine(rbm, data)
    forward = ais(rbm, generator, betas=betas, n_runs=n_runs, base=base)
    start = None
    if not exact and data is not None:
        start = _long_chains(rbm, data, n_runs, n_gibbs_steps, generator)
    backward = reverse_ais(rbm, generator, start=start, betas=betas, n_runs=n_runs, base=base)
    return Bracket(
        lower=forward.log_partition,
        upper=backward.log_partition,
        lower_std_error=forward.std_error,
        upper_std_error=backward.std_error,
        exact_start=exact,
    )


def log_likelihood_bracket(rbm: RBM, v: Tensor, log_partition: Bracket) -> Bracket:
    """Bracket the mean log p(v) of data, given a bracket of log Z.

    log p(v) = -F(v) - log Z, so the upper end of log Z gives the lower end here.

    Args:
        rbm: The machine that the bracket belongs to.
        v: Data, shape (n_samples, n_visible).
        log_partition: What `log_partition_bracket` gave.

    Returns:
        Nats per sample; standard errors are those of log Z.
    """
    rows = v.to(rbm.weights).expand(*rbm.replica_shape, *v.shape)
    mean = rbm.free_energy(rows).to(log_partition.lower.dtype).mean(-1)
    return Bracket(
        lower=-mean - log_partition.upper,
        upper=-mean - log_partition.lower,
        lower_std_error=log_partition.upper_std_error,
        upper_std_error=log_partition.lower_std_error,
        exact_start=log_partition.exact_start,
    )


class _Path:
    """The machines between base and target, and the walk along them."""

    def __init__(self, rbm: RBM, base: RBM | None, n_runs: int) -> None:
        """Check that the base can serve."""
        self.rbm = rbm
        self.base = base_machine(rbm) if base is None else base
        if isinstance(n_runs, bool) or not isinstance(n_runs, int) or n_runs < 2:
            raise ConfigError(f"n_runs is {n_runs!r}; it must be a whole number of at least 2")
        if self.base.weights.shape != rbm.weights.shape:
            raise ShapeError(
                f"base has weights {tuple(self.base.weights.shape)}, the machine "
                f"{tuple(rbm.weights.shape)}; make it with base_machine"
            )
        if bool(self.base.weights.any()):
            raise ConfigError("base has weights that are not zero; make it with base_machine")
        # Many small terms are added up; MPS alone has no double precision.
        self._wide = torch.float32 if rbm.weights.device.type == "mps" else torch.float64

    def log_partition_base(self) -> Tensor:
        """log Z of the base: its units are independent."""
        return sum(
            (
                F.softplus(bias.to(self._wide)).sum(-1)
                for bias in (self.base.visible_bias, self.base.hidden_bias)
            ),
            torch.zeros((), dtype=self._wide, device=self.rbm.weights.device),
        )

    def anneal(self, v: Tensor, betas: Tensor, generator: Generator) -> Tensor:
        """Walk chains along the betas, adding up what the free energy drops at each change.

        The Gibbs step at each β is reversible, so the same walk serves both directions.
        """
        total = torch.zeros(v.shape[:-1], dtype=self._wide, device=v.device)
        base_bias, bias = (m.visible_bias.unsqueeze(-2) for m in (self.base, self.rbm))
        for here, there in pairwise(betas.tolist()):
            field = self.rbm.hidden_field(v)
            above = self._hidden(there, field)
            # Differences unit by unit, before the sum: the sums themselves nearly cancel.
            drop = F.softplus(above) - F.softplus(self._hidden(here, field))
            total += drop.sum(-1, dtype=self._wide)
            total += (there - here) * ((bias - base_bias) * v).sum(-1, dtype=self._wide)
            h = bernoulli(torch.sigmoid(above), generator)
            v_field = (1 - there) * base_bias + there * self.rbm.visible_field(h)
            v = bernoulli(torch.sigmoid(v_field), generator)
        return total

    def _hidden(self, beta: float, field: Tensor) -> Tensor:
        """Hidden fields at β, given those of the target."""
        return (1 - beta) * self.base.hidden_bias.unsqueeze(-2) + beta * field


def _log_mean(log_weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Logarithm of the mean weight, its standard error and the effective number of runs."""
    n_runs = log_weights.shape[-1]
    weights = torch.exp(log_weights - log_weights.amax(-1, keepdim=True))
    mean = weights.mean(-1)
    log_mean = torch.logsumexp(log_weights, -1) - torch.log(mean.new_tensor(float(n_runs)))
    error = weights.std(-1) / (mean * n_runs**0.5)
    return log_mean, error, weights.sum(-1).square() / weights.square().sum(-1)


def _long_chains(
    rbm: RBM, data: Tensor, n_chains: int, n_gibbs_steps: int, generator: Generator
) -> Tensor:
    """Chains that began at rows of the data."""
    if n_gibbs_steps < 0:
        raise ConfigError(f"n_gibbs_steps is {n_gibbs_steps}; it must be at least 0")
    rows = integers(len(data), (*rbm.replica_shape, n_chains), generator)
    v = data.to(rbm.weights)[rows.to(rbm.weights.device)]
    for _ in range(n_gibbs_steps):
        v, _info = gibbs_step(rbm, v, generator)
    return v
