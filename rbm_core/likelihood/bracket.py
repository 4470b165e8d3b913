"""log Z and the log-likelihood between two estimates that err to opposite sides."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from rbm_core.errors import ConfigError, require_whole
from rbm_core.generators import Generator, integers
from rbm_core.likelihood.annealing import ais, reverse_ais
from rbm_core.machine.gibbs import gibbs_step
from rbm_core.machine.independent import base_machine
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_LAYER_UNITS

__all__ = ["Bracket", "log_likelihood_bracket", "log_partition_bracket"]


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


def _long_chains(
    rbm: RBM, data: Tensor, n_chains: int, n_gibbs_steps: int, generator: Generator
) -> Tensor:
    """Chains that began at rows of the data."""
    require_whole("n_gibbs_steps", n_gibbs_steps, least=0)
    rows = integers(len(data), (*rbm.replica_shape, n_chains), generator)
    v = data.to(rbm.weights)[rows.to(rbm.weights.device)]
    for _ in range(n_gibbs_steps):
        v, _info = gibbs_step(rbm, v, generator)
    return v
