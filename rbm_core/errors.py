"""Errors a caller can act on: each message says what came, what is allowed and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = [
    "CheckpointError",
    "ConfigError",
    "DataError",
    "RBMError",
    "ShapeError",
    "SizeError",
    "require_choice",
    "require_one_machine",
    "require_rising",
    "require_whole",
]


class RBMError(Exception):
    """Root of every error that rbm_core raises on purpose."""


class ShapeError(RBMError, ValueError):
    """A tensor whose axes do not fit the machine."""


class SizeError(RBMError, ValueError):
    """A machine too large for an exact computation."""


class ConfigError(RBMError, ValueError):
    """A setting outside its allowed range, an unknown name, or a malformed recipe or link."""


class DataError(RBMError, ValueError):
    """Data that is missing, broken or of the wrong kind."""


class CheckpointError(RBMError, ValueError):
    """A checkpoint file that is truncated, foreign or does not fit."""


def require_whole(name: str, value: object, *, least: int = 1, most: int | None = None) -> None:
    """Refuse what is no whole number, or out of range.

    Args:
        name: What the number is.
        value: What came.
        least: The smallest allowed.
        most: The largest allowed, or None for no bound.

    Raises:
        ConfigError: If it is refused.
    """
    # True is an int in Python, and nobody means it as a number.
    number = value if isinstance(value, int) and not isinstance(value, bool) else least - 1
    if least <= number <= (number if most is None else most):
        return
    allowed = f"of at least {least}" if most is None else f"from {least} to {most}"
    raise ConfigError(f"{name} is {value!r}; it must be a whole number {allowed}")


def require_choice(name: str, value: object, allowed: Iterable[str]) -> None:
    """Refuse what is not among the allowed names.

    Args:
        name: What is chosen.
        value: What came.
        allowed: The names.

    Raises:
        ConfigError: If it is refused.
    """
    names = tuple(allowed)
    if value not in names:
        raise ConfigError(f"{name} is {value!r}; allowed are {', '.join(names)}")


def require_rising(name: str, steps: Sequence[int]) -> None:
    """Refuse numbers of steps that do not rise from 0 or above.

    Args:
        name: What they are.
        steps: What came.

    Raises:
        ConfigError: If they are refused.
    """
    if not steps or steps[0] < 0 or sorted(set(steps)) != list(steps):
        raise ConfigError(
            f"{name} are {', '.join(map(str, steps)) or 'missing'}; "
            "they must be whole numbers rising from 0 or above, such as 0,1,10,100"
        )


def require_one_machine(replica_shape: tuple[int, ...]) -> None:
    """Refuse an ensemble where one machine is asked for.

    Args:
        replica_shape: Leading axes of its parameters.

    Raises:
        ShapeError: If there are any.
    """
    if replica_shape:
        raise ShapeError(f"machine has replica axes {replica_shape}; take one with replica(i)")
