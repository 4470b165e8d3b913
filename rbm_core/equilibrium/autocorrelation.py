"""Memory of a series: the integrated autocorrelation time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from rbm_core.errors import DataError, ShapeError

__all__ = ["AutocorrelationTime", "integrated_autocorrelation_time"]

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


def _correlations(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Autocorrelation ρ(t) averaged over chains, shape (n_steps,)."""
    n_steps = values.shape[1]
    centred = values - values.mean()
    # Twice the length keeps the circular transform from wrapping around.
    power = np.abs(np.fft.rfft(centred, 2 * n_steps, axis=1)) ** 2
    covariance = np.fft.irfft(power, 2 * n_steps, axis=1)[:, :n_steps].mean(0)
    result: NDArray[np.float64] = covariance / covariance[0]
    return result
