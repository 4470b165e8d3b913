"""Errors a caller can act on: each message says what came, what is allowed and what to do."""

__all__ = [
    "CheckpointError",
    "ConfigError",
    "DataError",
    "RBMError",
    "ShapeError",
    "SizeError",
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
