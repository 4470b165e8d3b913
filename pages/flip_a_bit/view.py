"""What a visitor has done on *Flip a bit*; the one owner of that part of the session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.components.playback import Playback, PlaybackEvent
from app.components.playback_bar import last_event
from app.components.unit_diagram import last_edit
from app.gates.machine import Machine
from app.session import state
from pages.flip_a_bit.experiment import Experiment, Flip, first_state, flipped
from pages.flip_a_bit.link import flip_from_link, flip_to_link

__all__ = ["FlipView", "flip_view"]


@dataclass(eq=False)
class FlipView:
    """The experiment on screen and how it is looked at.

    Attributes:
        machine: The machine of the last run of the page.
        flip: What is done to it.
        plays: Experiments asked for so far.
        event: What the browser told last of a playback that the visitor started, if anything.
        log_steps: Whether the chart's steps are logarithmic.
        notebook: Whether the notebook's own measure is shown.
        complaints: What was wrong with the link, a line each.
    """

    machine: Machine
    flip: Flip
    plays: int = 0
    event: PlaybackEvent | None = None
    log_steps: bool = False
    notebook: bool = False
    complaints: list[str] = field(default_factory=list)

    def spoil(self) -> None:
        """Flip the chosen output of the row on screen, and play."""
        self._play(flipped(self.machine, self.flip))

    def hold(self, held: bool) -> None:
        """Hold or release the inputs, and play the same row again."""
        self._play(replace(self.flip, hold_inputs=held))

    def choose_output(self, output: int) -> None:
        """Choose which output the button flips."""
        self._put(replace(self.flip, output=output))

    def take_edit(self, key: str) -> None:
        """Start from the units that were set by hand, and play."""
        edit = last_edit(key, len(self.flip.v))
        if edit is not None and edit.n_flips > self.flip.n_flips:
            self._play(replace(self.flip, v=edit.v, n_flips=edit.n_flips))

    def take_event(self, key: str) -> None:
        """Note what became of a playback that the visitor started in the browser."""
        self.event = last_event(key) or self.event

    def playback(self, experiment: Experiment) -> Playback:
        """Return what the components need to play an experiment together."""
        return Playback(
            experiment=experiment.id,
            n_steps=experiment.n_steps,
            plays=self.plays,
            flips=self.flip.n_flips,
        )

    def start_over(self, machine: Machine) -> None:
        """Put another table's first row on screen; what is held stays held."""
        row = first_state(machine.dataset)
        self._put(Flip(v=row, hold_inputs=self.flip.hold_inputs, n_flips=self.flip.n_flips))

    def take_link(self, machine: Machine) -> None:
        """Do what the link says; the browser's back and forward bring others.

        Args:
            machine: The machine to show.
        """
        flip, self.complaints = flip_from_link(state.session().extras, machine)
        self._put(flip)

    def _play(self, flip: Flip) -> None:
        self._put(flip)
        self.plays += 1

    def _put(self, flip: Flip) -> None:
        self.flip = flip
        state.session().extras.update(flip_to_link(flip))


def flip_view(machine: Machine) -> FlipView:
    """Return this visitor's view, put back to the first row when the table is another one.

    Args:
        machine: The machine to show.
    """
    found = state.session().of_page(FlipView, lambda: _opened(machine))
    if found.machine.dataset.name != machine.dataset.name:
        found.start_over(machine)
    elif not flip_to_link(found.flip).items() <= state.session().extras.items():
        found.take_link(machine)
    found.machine = machine
    return found


def _opened(machine: Machine) -> FlipView:
    """What a link asks for, or the first row."""
    made = FlipView(machine=machine, flip=Flip(v=first_state(machine.dataset)))
    made.take_link(machine)
    return made
