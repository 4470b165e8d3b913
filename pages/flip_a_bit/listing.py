"""The engine's lines that give the plot of *Flip a bit*, written out to run as they stand."""

from __future__ import annotations

from app.gates.recipe_code import recipe_code
from pages.flip_a_bit.experiment import N_CHAINS, Experiment

__all__ = ["flip_code"]

_CODE = """\
from rbm_core import CorrectionConfig, correct, default_recipe, expected_correction
from rbm_core import make_generator
from rbm_core import notebook_measure

recipe = {recipe}
dataset = recipe.load_dataset()
run = recipe.start(dataset)
run.advance({update})

for flip in (False, True):
    config = CorrectionConfig(
        n_steps={n_steps}, clamp_inputs={held}, row={row}, output={output}, flip=flip
    )
    coins = make_generator(recipe.seed, "correction", {n_flips})
    sampled = correct(run.rbm, dataset, config, n_chains={n_chains}, generator=coins)
    exact = expected_correction(run.rbm, dataset, config)
    notebook = notebook_measure(run.rbm, dataset, config, sampled)
    print("flipped" if flip else "kept")
    print("  P(right), mean of the chains", sampled.p_legal.mean(1))
    print("  P(right), exact             ", exact.p_legal)
    print("  notebook's measure          ", notebook.mean(1))
    print("  repaired by an input", sampled.repaired_by_input, "exact", exact.repaired_by_input)
"""


def flip_code(shown: Experiment) -> str:
    """Write the lines that give an experiment's numbers.

    Args:
        shown: The experiment on screen.
    """
    machine = shown.machine
    return _CODE.format(
        recipe=recipe_code(machine.recipe),
        update=machine.update,
        n_steps=shown.n_steps,
        held=shown.flip.hold_inputs,
        row=shown.row,
        output=shown.spoiled,
        n_flips=shown.flip.n_flips,
        n_chains=N_CHAINS,
    )
