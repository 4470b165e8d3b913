"""What is done to the machine, in a link and back: the bits on screen, what is held, the coins."""

from __future__ import annotations

from collections.abc import Mapping

from app.gates.machine import Machine
from pages.flip_a_bit.experiment import Flip, first_state

__all__ = ["flip_from_link", "flip_to_link"]

MAX_FLIPS = 1_000_000


def flip_to_link(flip: Flip) -> dict[str, str]:
    """Write every value, defaults too.

    Args:
        flip: What is done to the machine.
    """
    return {
        "bits": "".join(map(str, flip.v)),
        "hold": str(int(flip.hold_inputs)),
        "output": str(flip.output),
        "flips": str(flip.n_flips),
    }


def flip_from_link(link: Mapping[str, str], machine: Machine) -> tuple[Flip, list[str]]:
    """Read a link; what is malformed is named and falls back.

    Args:
        link: Query parameters; those of other pages are left alone.
        machine: Gives the table that the bits must fit.

    Returns:
        What is done to the machine, and one line for each value that was refused.
    """
    n_visible, complaints = machine.dataset.n_visible, []
    v, hold, output, flips = first_state(machine.dataset), True, 0, 0
    if (text := link.get("bits")) is not None:
        if len(text) == n_visible and set(text) <= {"0", "1"}:
            v = tuple(int(bit) for bit in text)
        else:
            complaints.append(f"link: bits is {text!r}; it must be {n_visible} digits of 0 and 1")
    if (text := link.get("hold")) is not None:
        if text in ("0", "1"):
            hold = text == "1"
        else:
            complaints.append(f"link: hold is {text!r}; it must be 0 or 1")
    if (text := link.get("output")) is not None:
        if text.isdecimal() and int(text) < machine.n_outputs:
            output = int(text)
        else:
            complaints.append(
                f"link: output is {text!r}; it must be from 0 to {machine.n_outputs - 1}"
            )
    if (text := link.get("flips")) is not None:
        if text.isdecimal() and int(text) <= MAX_FLIPS:
            flips = int(text)
        else:
            complaints.append(f"link: flips is {text!r}; it must be from 0 to {MAX_FLIPS}")
    return Flip(v=v, hold_inputs=hold, output=output, n_flips=flips), complaints
