"""What the components of an experiment share: which one it is, and what became of its playback."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, get_args

__all__ = ["Playback", "PlaybackEvent", "PlaybackEventName"]

PlaybackEventName = Literal["start", "pause", "end"]


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
class PlaybackEvent:
    """What the browser told of a playback that the visitor started.

    Attributes:
        name: Whether it began, was stopped on its way, or came to its last step.
        experiment: Id of the experiment.
        step: Gibbs step on screen at that moment.
    """

    name: PlaybackEventName
    experiment: str
    step: int

    @classmethod
    def from_browser(cls, told: object) -> PlaybackEvent | None:
        """Read what the browser sent, or None where it is nothing of the kind.

        Args:
            told: Anything.
        """
        match told:
            case {"name": name, "experiment": str(experiment), "step": int(step)} if (
                name in get_args(PlaybackEventName)
            ):
                return cls(name=name, experiment=experiment, step=step)
        return None
