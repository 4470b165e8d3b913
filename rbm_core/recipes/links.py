"""The names and the spelling of a recipe's settings in links and on the command line."""

from __future__ import annotations

from collections.abc import Callable

from rbm_core.errors import ConfigError
from rbm_core.generators import STREAM_VERSION

__all__ = ["LINK_VERSION", "QUERY_NAMES", "query_text", "read_setting", "version_complaint"]

# A link promises numbers, so its version is that of the streams they are drawn from.
LINK_VERSION = str(STREAM_VERSION)
RELEASES = {"1": "0.1"}

# Link name (and command line flag) of each setting.
QUERY_NAMES = {
    "dataset": "dataset",
    "k": "k",
    "lr": "learning_rate",
    "hidden": "n_hidden",
    "batch": "batch_size",
    "epochs": "epochs",
    "updates-per-epoch": "updates_per_epoch",
    "scheme": "scheme",
    "init": "weight_std",
    "bias": "visible_bias",
    "momentum": "momentum",
    "l1": "l1",
    "l2": "l2",
    "gradient": "gradient",
    "order": "order",
    "binarisation": "binarisation",
    "chains": "chain_method",
    "seed": "seed",
}

_NUMBER_READERS: dict[str, Callable[[str], object]] = {
    "n_hidden": int,
    "batch_size": int,
    "epochs": int,
    "seed": int,
    "weight_std": float,
    "l1": float,
    "l2": float,
    "updates_per_epoch": lambda text: int(text) if text else None,
}


def version_complaint(version: str) -> str | None:
    """Say what a link of another version means here, or None for this one.

    Args:
        version: What the link says.
    """
    if version == LINK_VERSION:
        return None
    if version in RELEASES:
        return (
            f"link was made with version {RELEASES[version]}, which drew other random numbers: its "
            "settings are kept, its numbers will differ"
        )
    return (
        f"link version is {version!r}; this program reads version {LINK_VERSION}, "
        "so its values may mean something else"
    )


def read_setting(name: str, text: str) -> object:
    """Read one setting as a link or the command line writes it.

    Args:
        name: Its link name, one of `QUERY_NAMES`.
        text: The value; the range is checked where a recipe takes it.

    Raises:
        ConfigError: If a number is needed and the text is none.
    """
    reader = _NUMBER_READERS.get(QUERY_NAMES[name])
    if reader is None:
        return text
    try:
        return reader(text)
    except ValueError as error:
        kind = "a number" if reader is float else "a whole number"
        raise ConfigError(f"{name} is {text!r}; it must be {kind}") from error


def query_text(value: object) -> str:
    """Write one setting as a link does, the inverse of `read_setting`.

    Args:
        value: The setting; None is written as nothing.
    """
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)
