"""log Z of machines too large to enumerate: annealed importance sampling, forwards and backwards.

Both directions walk the same path of machines between a base without weights, whose log Z is known,
and the machine itself:

    p_β(v, h) ∝ exp(-(1 - β) E_base(v, h) - β E(v, h)),  β from 0 to 1.

Forwards the mean weight estimates Z / Z_base, backwards Z_base / Z; both means are unbiased, so by
Jensen's inequality the logarithm of the first errs low on average and that of the second high.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError, require_whole
from rbm_core.exact.samples import exact_samples
from rbm_core.generators import Generator, bernoulli
from rbm_core.likelihood.betas import beta_schedule
from rbm_core.machine.independent import base_machine
from rbm_core.machine.rbm import RBM
from rbm_core.machine.softplus import softplus

__all__ = ["LogPartitionEstimate", "ais", "reverse_ais"]


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


class _Path:
    """The machines between base and target, and the walk along them."""

    def __init__(self, rbm: RBM, base: RBM | None, n_runs: int) -> None:
        """Check that the base can serve."""
        self.rbm = rbm
        self.base = base_machine(rbm) if base is None else base
        require_whole("n_runs", n_runs, least=2)
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
            drop = softplus(above) - softplus(self._hidden(here, field))
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
