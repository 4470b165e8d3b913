"""Has the chain reached equilibrium? Two starts, memory, and the quality of what it generates.

Moments live in `rbm_core.equilibrium.moments`, adversarial accuracy and the generation curve in
`rbm_core.equilibrium.generation`; they are offered here as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbm_core.equilibrium.generation import (
    AdversarialAccuracy,
    GenerationCurve,
    adversarial_accuracy,
    generation_curve,
)
from rbm_core.equilibrium.moments import (
    draw_triples,
    second_moment_error,
    second_moment_floor,
    third_moment_error,
)
from rbm_core.errors import ConfigError, DataError, ShapeError
from rbm_core.generators import Generator, integers
from rbm_core.machine.gibbs import gibbs_step, noise
from rbm_core.machine.rbm import RBM

__all__ = [
    "AdversarialAccuracy",
    "Agreement",
    "AutocorrelationTime",
    "GenerationCurve",
    "TwoStartResult",
    "adversarial_accuracy",
    "draw_triples",
    "generation_curve",
    "integrated_autocorrelation_time",
    "second_moment_error",
    "second_moment_floor",
    "third_moment_error",
    "two_start_test",
]

# Sokal (1997), section 3: sum the correlations up to the first lag of at least 5 times, and
# trust the result from a series of 50 times its length on.
SOKAL_WINDOW = 5
SOKAL_LENGTH = 50


@dataclass(frozen=True, kw_only=True)
class AutocorrelationTime:
    """Memory of a series.

    Attributes:
        time: 1 + 2 Σ_t ρ(t), steps per independent sample; 1 for independent draws. NaN when the
            series never changes.
        std_error: Its standard error, or NaN.
        window: Lag at which the sum ends; 0 when there is none.
        effective_samples: Steps of all chains divided by the time, or NaN.
        reason: Why a number is NaN or not to be trusted; empty when all is well.
    """

    time: float
    std_error: float
    window: int
    effective_samples: float
    reason: str = ""

    @property
    def reliable(self) -> bool:
        """Whether the series is long enough for its own memory."""
        return not self.reason


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Whether an observable forgot where its chains began.

    Attributes:
        from_data: Mean over the second half of the chains from data.
        from_noise: The same of the chains from noise.
        std_error: Standard error of their difference, from the spread between chains.
        r_hat: Potential scale reduction over all chains of both starts, near 1 when they agree;
            NaN when no chain moves.
    """

    from_data: float
    from_noise: float
    std_error: float
    r_hat: float

    @property
    def agrees(self) -> bool:
        """Whether the means differ by at most 3 standard errors and some chain moved."""
        difference = abs(self.from_data - self.from_noise)
        return not math.isnan(self.r_hat) and difference <= 3 * self.std_error


@dataclass(frozen=True, eq=False, kw_only=True)
class TwoStartResult:
    """Chains from data and chains from noise, side by side.

    Attributes:
        free_energy: Agreement of the free energy, in nats.
        activity: Agreement of the share of visible units that are on.
        free_energy_data: Mean free energy of the chains from data after each step, step 0 first,
            shape (n_gibbs_steps + 1,).
        free_energy_noise: The same of the chains from noise.
    """

    free_energy: Agreement
    activity: Agreement
    free_energy_data: Tensor
    free_energy_noise: Tensor

    @property
    def agrees(self) -> bool:
        """Whether both observables agree."""
        return self.free_energy.agrees and self.activity.agrees


def integrated_autocorrelation_time(series: Tensor) -> AutocorrelationTime:
    """Integrated autocorrelation time τ = 1 + 2 Σ_{t=1}^{M} ρ(t), M the first lag ≥ 5 τ.

    Correlations are averaged over chains about the mean of all chains, so chains that are stuck in
    different places count as long memory.

    Args:
        series: One observable along stationary chains, shape (n_chains, n_steps) or (n_steps,),
            at least 2 steps.

    Returns:
        The time with its error. It cannot tell of a mode that no chain has visited, and it is one
        observable's memory: another may be slower. A constant series has no fictitious sample size.

    Raises:
        ShapeError: If the series is too short or has other axes.
        DataError: If it holds a value that is not finite.

    Source: Sokal (1997), Monte Carlo Methods in Statistical Mechanics, section 3.
    """
    if series.ndim not in (1, 2) or series.shape[-1] < 2 or 0 in series.shape:
        raise ShapeError(
            f"series has shape {tuple(series.shape)}; it must be (n_chains, n_steps) or (n_steps,) "
            "with at least 2 steps"
        )
    values = np.atleast_2d(series.detach().cpu().double().numpy())
    if not np.isfinite(values).all():
        raise DataError("series holds values that are not finite; leave those steps out")
    if (values == values[0, 0]).all():
        return AutocorrelationTime(
            time=math.nan,
            std_error=math.nan,
            window=0,
            effective_samples=math.nan,
            reason="the series never changes, so it says nothing about memory",
        )
    n_chains, n_steps = values.shape
    times = 2 * np.cumsum(_correlations(values)) - 1  # with ρ(0) = 1: 1 + 2 Σ_{t≥1}
    closed = np.flatnonzero(np.arange(n_steps) >= SOKAL_WINDOW * times)
    window = int(closed[0]) if len(closed) else n_steps - 1
    time = float(times[window])
    reason = ""
    if not len(closed) or n_steps < SOKAL_LENGTH * time:
        reason = (
            f"{n_steps} steps are fewer than {SOKAL_LENGTH} autocorrelation times, "
            "so the time is a lower bound at best; run longer chains"
        )
    total = n_chains * n_steps
    return AutocorrelationTime(
        time=time,
        std_error=abs(time) * math.sqrt(2 * (2 * window + 1) / total),
        window=window,
        effective_samples=total / time if time > 0 else math.nan,
        reason=reason,
    )


def two_start_test(
    rbm: RBM,
    data: Tensor,
    generator: Generator,
    *,
    n_gibbs_steps: int = 1000,
    n_chains: int = 100,
) -> TwoStartResult:
    """Run chains from data and from noise, and see whether they forget where they began.

    Means are over the second half of the chains.

    Args:
        rbm: One machine, without replica axes.
        data: Rows, shape (n_samples, n_visible).
        generator: Advanced in place.
        n_gibbs_steps: Steps of each chain, at least 4.
        n_chains: Chains of each start, at least 2.

    Returns:
        Both means of two observables with their spread. Disagreement proves that the chains are
        not at equilibrium. Agreement cannot prove that they are: a mode that neither start reaches
        stays unseen, and with few chains a small difference hides in the error.

    Raises:
        ConfigError: If a count is too small.
        ShapeError: If the machine has replica axes or the data do not fit.

    Source: Gelman & Rubin (1992), Inference from Iterative Simulation Using Multiple Sequences.
    """
    if rbm.replica_shape:
        raise ShapeError(f"machine has replica axes {rbm.replica_shape}; take one with replica(i)")
    if n_gibbs_steps < 4 or n_chains < 2:
        raise ConfigError(
            f"n_gibbs_steps is {n_gibbs_steps} and n_chains is {n_chains}; "
            "they must be at least 4 and 2"
        )
    if data.ndim != 2 or data.shape[1] != rbm.n_visible:
        raise ShapeError(
            f"data has shape {tuple(data.shape)}; it must be (n_samples, {rbm.n_visible})"
        )
    rows = integers(len(data), (n_chains,), generator).to(data.device)
    v = torch.cat([data[rows].to(rbm.weights), noise(rbm, n_chains, generator)])
    free, active = [rbm.free_energy(v)], [v.mean(-1)]
    for _ in range(n_gibbs_steps):
        v, _info = gibbs_step(rbm, v, generator)
        free.append(rbm.free_energy(v))
        active.append(v.mean(-1))
    energies, activities = (torch.stack(x, -1).double().cpu() for x in (free, active))
    return TwoStartResult(
        free_energy=_agreement(energies, n_chains),
        activity=_agreement(activities, n_chains),
        free_energy_data=energies[:n_chains].mean(0),
        free_energy_noise=energies[n_chains:].mean(0),
    )


def _correlations(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Autocorrelation ρ(t) averaged over chains, shape (n_steps,)."""
    n_steps = values.shape[1]
    centred = values - values.mean()
    # Twice the length keeps the circular transform from wrapping around.
    power = np.abs(np.fft.rfft(centred, 2 * n_steps, axis=1)) ** 2
    covariance = np.fft.irfft(power, 2 * n_steps, axis=1)[:, :n_steps].mean(0)
    result: NDArray[np.float64] = covariance / covariance[0]
    return result


def _agreement(path: Tensor, n_chains: int) -> Agreement:
    """Compare the second halves of two groups of chains, path (2 n_chains, n_steps + 1)."""
    late = path[:, path.shape[1] // 2 :]
    means = late.mean(1)
    data, start = means[:n_chains], means[n_chains:]
    within = late.var(1).mean()
    length = late.shape[1]
    r_hat = ((length - 1) / length + means.var() / within).sqrt() if within > 0 else math.nan
    return Agreement(
        from_data=float(data.mean()),
        from_noise=float(start.mean()),
        std_error=float(((data.var() + start.var()) / n_chains).sqrt()),
        r_hat=float(r_hat),
    )
