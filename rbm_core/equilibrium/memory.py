"""Memory of the training time: does what a machine generates get better and then worse?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from rbm_core.equilibrium.generation import GenerationCurve
from rbm_core.errors import ConfigError

__all__ = ["TrainingTimeMemory", "training_time_memory"]

# Measured on 27 machines, see `training_time_memory`.
MEMORY_FROM = 3.0
WEAK_FROM = 1.3


@dataclass(frozen=True, kw_only=True)
class TrainingTimeMemory:
    """How much worse a machine generates in the long run than at its best early time.

    Attributes:
        ratio: R, the late mean of ε⁽²⁾ divided by its early minimum; infinite when that is zero.
        time: Gibbs steps at the middle of the early minimum. Where the verdict is "none seen" it
            is the argmin of noise: the curve is flat there.
    """

    ratio: float
    time: int

    @property
    def verdict(self) -> Literal["memory", "weak", "none seen"]:
        """What R says: "memory" from 3, "weak" from 1.3; less proves nothing."""
        if self.ratio >= MEMORY_FROM:
            return "memory"
        return "weak" if self.ratio >= WEAK_FROM else "none seen"


def training_time_memory(
    curve: GenerationCurve, *, before: int = 500, since: int = 1000
) -> TrainingTimeMemory:
    """Whether generation first gets better and then worse, R = late mean / early minimum of ε⁽²⁾.

    The minimum is that of a mean over three neighbouring times, as a single reading is noise.

    Args:
        curve: From chains that started at noise, looked at at three times or more early on.
        before: The early minimum is sought among the times below this one.
        since: The late mean is over the times from this one on. 500 chains of 500 steps say
            "memory" of the same machines in a tenth of the time, with `before` 100 and `since` 300;
            "weak" is then an even chance.

    Returns:
        R with its verdict. Over 81 curves of 27 machines (digits, 100 hidden units; Rdm-10, CD-10
        and PCD-10 at three ages, 1000 and 500 chains), R was at least 3 in all 9 curves of old Rdm
        machines and in none of the 63 of CD, PCD and young ones; it was from 1.3 to 3 in all 9 of
        Rdm machines of middle age and in half of PCD's, the old ones, and in none of the 45 of CD
        and young ones.

    Raises:
        ConfigError: If the curve has too few times on either side.

    Bias: Upwards by the noise of the minimum: R of a flat curve is 1.0 to 1.25. It sees only what
        moves covariances, and nothing where the relaxation time is still below the training's k.

    Source: Decelle, Furtlehner & Seoane (2021), arXiv 2105.13889, for the phenomenon.
    """
    early = curve.times < before
    late = curve.times >= since
    if int(early.sum()) < 3 or not bool(late.any()):
        raise ConfigError(
            f"times are {curve.times.tolist()}; R needs 3 below {before} and 1 from {since} on"
        )
    errors = curve.second_moment_error
    smooth: Tensor = errors[early].unfold(0, 3, 1).mean(-1)
    least = int(smooth.argmin())
    return TrainingTimeMemory(
        ratio=float(torch.div(errors[late].mean(), smooth[least])),
        time=int(curve.times[least + 1]),
    )
