"""Settings that change during training: a number, or a few knots with a rule between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rbm_core.errors import ConfigError, require_choice

__all__ = ["SHAPES", "Schedule", "as_schedule"]

SHAPES = ("step", "linear", "geometric")


@dataclass(frozen=True)
class Schedule:
    """A setting as a function of training progress.

    Attributes:
        knots: Pairs of (epoch, value), epochs rising from 0. Before a later knot the value moves by
            `shape`; after the last one it stays.
        shape: "step" holds each knot's value until the next knot, "linear" interpolates, and
            "geometric" interpolates the logarithm (values must be above 0).

    Example:
        >>> str(Schedule(((0, 0.1), (50, 0.001)), "geometric"))
        'geometric 0:0.1 50:0.001'

    Raises:
        ConfigError: If the knots or the shape are malformed.
    """

    knots: tuple[tuple[float, float], ...]
    shape: str = "step"

    def __post_init__(self) -> None:
        """Check the knots."""
        require_choice("schedule shape", self.shape, SHAPES)
        epochs = [epoch for epoch, _ in self.knots]
        if not epochs or epochs[0] != 0 or sorted(set(epochs)) != epochs:
            raise ConfigError(f"schedule knots {epochs} must start at epoch 0 and rise")
        if not all(math.isfinite(value) for _, value in self.knots):
            raise ConfigError(f"schedule {self} has a value that is not a finite number")
        if self.shape == "geometric" and any(value <= 0 for _, value in self.knots):
            raise ConfigError(f"a geometric schedule needs values above 0, not {self}")

    @classmethod
    def constant(cls, value: float) -> Schedule:
        """Return the schedule that never changes."""
        return cls(((0.0, float(value)),))

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read "0.1" or "linear 0:0.5 5:0.9", the inverse of `str`.

        Raises:
            ConfigError: If the text is neither.
        """
        words = text.split()
        try:
            if len(words) == 1:
                return cls.constant(float(words[0]))
            knots = [tuple(float(part) for part in word.split(":")) for word in words[1:]]
            return cls(tuple((epoch, value) for epoch, value in knots), words[0] if words else "")
        except ValueError as error:
            raise ConfigError(
                f"{text!r} is neither a number nor a schedule such as 'linear 0:0.5 5:0.9'"
            ) from error

    def __str__(self) -> str:
        """Write the schedule so that `parse` reads it."""
        if len(self.knots) == 1:
            return f"{self.knots[0][1]:g}" if self._short() else repr(self.knots[0][1])
        return " ".join([self.shape, *(f"{epoch:g}:{value!r}" for epoch, value in self.knots)])

    @property
    def values(self) -> tuple[float, ...]:
        """The values at the knots."""
        return tuple(value for _, value in self.knots)

    def at(self, epoch: float) -> float:
        """Value at a moment of training.

        Args:
            epoch: Progress in epochs, with fraction.
        """
        before = self.knots[0]
        for after in self.knots[1:]:
            if epoch < after[0]:
                if self.shape == "step":
                    return before[1]
                share = (epoch - before[0]) / (after[0] - before[0])
                if self.shape == "linear":
                    return before[1] + share * (after[1] - before[1])
                return float(before[1] * (after[1] / before[1]) ** share)
            before = after
        return before[1]

    def _short(self) -> bool:
        return float(f"{self.knots[0][1]:g}") == self.knots[0][1]


def as_schedule(value: Schedule | float | str, name: str) -> Schedule:
    """Turn a number or its text into a schedule.

    Args:
        value: A schedule, a number, or text that `Schedule.parse` reads.
        name: The setting's name, for the error.

    Raises:
        ConfigError: If it is none of these.
    """
    if isinstance(value, Schedule):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ConfigError(f"{name} is {value!r}; it must be a number or a schedule")
    try:
        return Schedule.parse(value) if isinstance(value, str) else Schedule.constant(value)
    except ConfigError as error:
        raise ConfigError(f"{name}: {error}") from error
