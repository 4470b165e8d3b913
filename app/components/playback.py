"""What the components of an experiment share: which one it is, and whether it shall play."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["SPEEDS", "Command", "Playback"]

SPEEDS = ("slow", "normal", "fast")


@dataclass(frozen=True, kw_only=True)
class Playback:
    """An experiment to play in the browser.

    Attributes:
        experiment: Its id; a new id is another experiment.
        n_steps: Gibbs steps.
        plays: Experiments asked for so far; one more, and it plays from step 0 by itself.
        flips: Bits flipped so far; answers older than the user's last click are passed over.
    """

    experiment: str
    n_steps: int
    plays: int
    flips: int

    def to_dict(self) -> dict[str, object]:
        """Return plain values for the browser."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Command:
    """What a button asked of the playback.

    Attributes:
        name: "run", "step" or "rewind", or "" before the first.
        nonce: Counts the commands; each is obeyed once.
    """

    name: str = ""
    nonce: int = 0
