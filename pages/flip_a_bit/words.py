"""Words of *Flip a bit*: verdict, tooltips of at most twenty words, paragraph, equations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.controls.words import dataset_label
from app.gates.machine import Machine
from pages.flip_a_bit.experiment import N_CHAINS, Experiment

__all__ = [
    "EQUATIONS",
    "HELP",
    "LABELS",
    "PARAGRAPH",
    "made_with",
    "notebook_why",
    "panel_titles",
    "row_text",
    "training",
    "verdict",
]

SURE, PARTLY = 0.9, 0.6
# Below this no weight can say anything: at 0.5 a unit moves another's odds by a factor of 1.6.
ASLEEP_WEIGHT = 0.5

LABELS = {
    "title": "Does the machine repair a wrong output?",
    "flip_output": "Flip output",
    "hold_inputs": "Hold inputs fixed",
    "run": "Run",
    "pause": "Pause",
    "step": "Step",
    "rewind": "Rewind",
    "speed": "Speed",
    "output": "Output to flip",
    "log_steps": "Log steps",
    "notebook": "Notebook’s measure",
    "who": "Who repairs the flipped row?",
}

HELP = {
    "flip_output": "Makes the output wrong and lets the machine run. Each press throws new coins.",
    "hold_inputs": "On: only the output can change. Off: the machine may change an input instead.",
    "run": "Plays the Gibbs steps on, or again from the start, with the same coins.",
    "step": "Goes one Gibbs step further: hidden units are drawn, then visible ones.",
    "rewind": "Back to step 0, same row, same coins.",
    "speed": "How fast the steps are played. Nothing is computed anew.",
    "output": "Which output bit the button makes wrong.",
    "log_steps": "Stretches the first steps, where most happens. Step 0 falls off the scale.",
    "notebook": "Adds the original notebook’s curve, which reads the truth from the wrong columns.",
}

PARAGRAPH = """
A machine has learned a truth table. A row is laid on its visible units, the **output is made
wrong**, and the machine runs: each Gibbs step draws the hidden units given the visible ones, then
the visible ones given the hidden. Each grey line is one of 100 chains: the probability, given its
hidden units, that the row is right. The dots are their mean, **sampled**; the blue line is its
**exact** expectation, from powers of the transition matrix. On the left the same coins move a row
that was right. With the inputs held only the output can change. Release them and flip again: any
legal row is a repair, so the machine often changes an *input* to fit the wrong output. The drawing
follows one typical chain, repaired as most are, in the median number of steps: yellow units are on,
line widths are weights, and the bars on top are what each hidden unit pushes on the output.
"""

EQUATIONS = (
    (
        "One Gibbs step of the visible state; inputs that are held keep their value",
        r"T(v, v') = \sum_h p(h \mid v)\, p(v' \mid h)",
    ),
    (
        "Exact curve: the flipped row after t steps, summed over the legal rows",
        r"P_t(\text{right}) = \sum_{v' \text{ legal}} \left(T^{\,t}\right)(v_\text{flipped}, v')",
    ),
    (
        "What hidden unit j pushes on output i, given the state shown",
        r"W_{ij}\, p(h_j = 1 \mid v), \qquad p(h_j = 1 \mid v) = \sigma\left((vW + b_h)_j\right)",
    ),
    (
        "Who repaired: the first legal row a chain reaches has the original inputs, or others",
        r"\text{by the output} = \Pr\left(\text{inputs of } v_\tau = \text{inputs of } v_0\right),"
        r"\quad \tau = \min\{t : v_t \text{ legal}\}",
    ),
)


def row_text(machine: Machine, row: int) -> str:
    """Write a row of the table as "1 1 → 0"."""
    bits = [str(int(bit)) for bit in machine.dataset.train[row]]
    return f"{' '.join(bits[: machine.n_inputs])} → {' '.join(bits[machine.n_inputs :])}"


def panel_titles(shown: Experiment) -> tuple[str, str]:
    """Name the two panels of the chart."""
    names = shown.machine.names[shown.machine.n_inputs :]
    what = " and ".join(names[output] for output in shown.spoiled)
    if shown.machine.n_outputs == 1:
        what = "output"
    return f"{what.capitalize()} kept", f"{what.capitalize()} flipped"


def made_with(machine: Machine) -> str:
    """Say which machine is on screen, and what it was made with."""
    recipe = machine.recipe
    # A table of sixteen rows is too long a name.
    name = "your table" if recipe.dataset.startswith("table:") else dataset_label(recipe.dataset)
    return (
        f"{name} · {machine.rbm.n_hidden} hidden · k = {machine.k} · "
        f"{machine.update} updates · seed {recipe.seed}"
    )


def notebook_why(shown: Experiment) -> str:
    """Say why the notebook's measure is wrong, with what it says here.

    Args:
        shown: The experiment on screen.
    """
    side, n_inputs = shown.shown, shown.machine.n_inputs

    def listed(first: int) -> str:
        columns = [str(column) for column in range(first, first + n_inputs)]
        if n_inputs == 1:
            return f"column {columns[0]}"
        return f"columns {', '.join(columns[:-1])} and {columns[-1]}"

    return (
        f"**Why the notebook’s curve is wrong.** It looks up the truth in {listed(1)} instead of "
        f"{listed(0)}, counted from 0: one column too far right, so that the last is *the output "
        f"itself*, which helps to decide what it ought to be. Here it ends at "
        f"{float(side.notebook[-1]):.2f} (sampled), where P(right) is {float(side.exact[-1]):.2f} "
        "(exact)."
    )


def training(machine: Machine) -> str:
    """Say how far the machine is trained while it trains."""
    return f"Training: {machine.update} of {machine.n_updates} updates"


def verdict(shown: Experiment) -> str:
    """Say in one sentence what happened, with the numbers it rests on.

    Args:
        shown: The experiment on screen.
    """
    if not shown.started_wrong:
        return _verdict_kept(shown)
    side, n_steps = shown.flipped, shown.n_steps
    end = float(side.exact[-1])
    numbers = f"P(right) is **{end:.2f}** after {n_steps} steps (exact)"
    counted = f"{side.n_right} of {N_CHAINS} chains stand right (sampled)"
    if end < PARTLY:
        return (
            f"**No, it does not repair the row:** {numbers}, {counted}; {_reason(shown.machine)}."
        )
    how = "" if end >= SURE else "only partly "
    if shown.flip.hold_inputs:
        return (
            f"**The machine {how}repairs {_what(shown)}:** with the inputs held at "
            f"{_inputs(shown)}, {numbers}{_passing(side.exact)}; {counted}."
        )
    return (
        f"**The machine {how}repairs the row:** {numbers}; repaired by an input: "
        f"**{side.expected.by_input:.0%}** (exact), {side.sampled.by_input:.0%} (sampled), by the "
        f"output: {side.expected.by_output:.0%} (exact), {side.sampled.by_output:.0%} (sampled)."
    )


def _verdict_kept(shown: Experiment) -> str:
    side, row = shown.kept, row_text(shown.machine, shown.row)
    end = float(side.exact[-1])
    numbers = (
        f"P(right) is **{end:.2f}** after {shown.n_steps} steps (exact), {side.n_right} of "
        f"{N_CHAINS} chains stand right (sampled)"
    )
    if end >= PARTLY:
        return f"**Left alone, the row {row} stays right:** {numbers}. Now flip the output."
    return f"**Even left alone, the row {row} is lost:** {numbers}; {_reason(shown.machine)}."


def _reason(machine: Machine) -> str:
    largest = float(machine.rbm.weights.abs().max())
    if machine.update < machine.n_updates:
        return f"it has had {machine.update} of {machine.n_updates} updates"
    if largest < ASLEEP_WEIGHT:
        return f"it is asleep: the largest weight is {largest:.2f} after {machine.update} updates"
    return "this machine has not learned the table"


def _passing(exact: NDArray[np.float64]) -> str:
    """When the curve passes 0.9, if it does."""
    step = next((step for step, value in enumerate(exact) if value >= SURE), None)
    return "" if step is None else f", past {SURE} from step {step} on"


def _inputs(shown: Experiment) -> str:
    return " ".join(str(bit) for bit in shown.flip.v[: shown.machine.n_inputs])


def _what(shown: Experiment) -> str:
    if shown.machine.n_outputs == 1:
        return "the output"
    names = shown.machine.names[shown.machine.n_inputs :]
    if names[0] == "out 1":
        return " and ".join(f"output {output + 1}" for output in shown.spoiled)
    return " and ".join(f"the {names[output]}" for output in shown.spoiled)
