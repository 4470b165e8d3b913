"""The lines of Python that give a run's numbers again, as they stand."""

from __future__ import annotations

from app.gates.recipe_code import recipe_code
from app.gates.runs import GateJob
from rbm_core import Recipe

__all__ = ["code_of"]


def code_of(job: GateJob) -> str:
    """Write the program that repeats a run up to where it is, forks included.

    Args:
        job: The run.
    """
    lines = ["from rbm_core import default_recipe, fingerprint, measure", ""]
    state = ""
    for recipe, left_at in job.lineage:
        lines += [*_start(recipe, state), f"run.advance({left_at} - run.update)", ""]
        state = "state=run.state()"
    lines += _start(job.recipe, state)
    if job.snapshot.update:
        lines.append(f"run.advance({job.snapshot.update} - run.update)")
    lines += [
        "numbers = measure(run.rbm, run.dataset)",
        'print(f"valid mass {numbers.valid_mass:.4f}")',
        'print(f"log-likelihood {numbers.log_likelihood:.4f}")',
        'print(f"relaxation time {numbers.relaxation_time:.2f}")',
        'print("fingerprint", fingerprint(run.rbm))',
    ]
    return "\n".join(lines)


def _start(recipe: Recipe, state: str) -> list[str]:
    return [f"recipe = {recipe_code(recipe)}", f"run = recipe.start({state})"]
