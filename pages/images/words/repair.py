"""Words of *Repair*."""

from __future__ import annotations

import math

from rbm_core import number_text

__all__ = [
    "FLIP_ALT",
    "FLIP_WORDS",
    "HOLDS",
    "HOLD_ALT",
    "HOLD_WORDS",
    "NO_PICTURES",
    "PAINT_HINT",
    "TASKS",
    "downhill_note",
    "downhill_verdict",
    "estimate_alt",
    "estimate_note",
    "flips_note",
    "held_note",
    "path_alt",
    "repair_verdict",
    "repaired_alt",
]

HOLDS = {
    "top": "Hold the top",
    "bottom": "Hold the bottom",
    "left": "Hold the left",
    "right": "Hold the right",
    "rim": "Hold a frame",
    "nothing": "Hold nothing",
}

TASKS = {"complete": "Complete", "corrupt": "Corrupt"}

PAINT_HINT = "Click and drag to mark pixels; or arrow keys and space, Shift with arrows to draw."

HOLD_ALT = "A picture; {n} of {all} pixels are held. Arrow keys move, space marks, Shift draws."

FLIP_ALT = "A picture; {n} of {all} pixels are turned over. Arrow keys move, space marks."

HOLD_WORDS = ("free", "held")

FLIP_WORDS = ("as it was", "turned over")

NO_PICTURES = "No pictures of this data set are here to repair: fetch it under *Data*."


def held_note(n_free: int, n_pixels: int) -> str:
    """Say how much is held."""
    return f"{n_pixels - n_free} of {n_pixels} pixels held (tinted)"


def flips_note(n_flips: int, n_pixels: int) -> str:
    """Say how much is turned over."""
    return f"{n_flips} of {n_pixels} pixels turned over (tinted)"


def repair_verdict(error: float, mean_fill: float, n_free: int) -> str:
    """Say how good a completion is, against the simplest guess."""
    if not n_free:
        return "Every pixel is held: nothing is left to draw. Free some by painting over them."
    said = f"Squared error on the {n_free} free pixels: machine **{number_text(error, 3)}**"
    if math.isnan(mean_fill):
        return f"{said}; the mean picture's needs the data set."
    better = "better" if error < mean_fill else "worse"
    return (
        f"{said}, filling in the mean picture {number_text(mean_fill, 3)}: the machine is "
        f"**{better}** ({number_text(error / mean_fill, 2)} times its error)."
    )


def downhill_verdict(clean: float, corrupted: float, after: float, n_steps: int) -> str:
    """Say what happened to the free energy of a corrupted picture."""
    if corrupted <= clean + 0.05:
        return (
            f"Turning these pixels over did not raise the free energy ({number_text(clean, 1)} to "
            f"{number_text(corrupted, 1)} nats): to this machine the picture is as likely as "
            "before."
        )
    share = (corrupted - after) / (corrupted - clean)
    return (
        f"Turning pixels over raised F from {number_text(clean, 1)} to "
        f"**{number_text(corrupted, 1)}** nats; {n_steps} steps brought it to "
        f"**{number_text(after, 1)}**, {share:.0%} of the way back."
    )


def repaired_alt(n: int) -> str:
    """Describe the completions."""
    return f"{n} chains drawing the free pixels while the others are held."


def estimate_note() -> str:
    """Say what the two pictures are."""
    return "mean of its chains · the original"


def estimate_alt() -> str:
    """Describe the two pictures."""
    return "Left the mean of the machine's completions, right the original."


def path_alt(n_steps: int) -> str:
    """Describe the chains from a corrupted picture."""
    return f"Chains that start at the corrupted picture and walk {n_steps} steps, nothing held."


def downhill_note(after: float) -> str:
    """Say where the chains end."""
    return f"ends at {number_text(after, 1)} nats"
