"""The lines of Python that make the machine on show and its dreams again, as they stand."""

from __future__ import annotations

from pages.images.view import FinishedView, RunView, View
from rbm_core import UPLOAD_PREFIX, Recipe

__all__ = ["code_of"]


def code_of(view: View) -> str:
    """Write the program that repeats a run up to where it is, or loads a finished machine.

    Args:
        view: The machine on show.
    """
    imports = ["from rbm_core import Recipe, fingerprint, make_generator, reconstruction_error"]
    if isinstance(view, FinishedView):
        imports.append("from rbm_core import load_pretrained")
    lines = [
        *imports,
        "from rbm_core import chain_strip, start_states, strip_steps",
        "from rbm_core import png_bytes, strip_grid",
        "",
        *_machine(view),
        'print("fingerprint", fingerprint(rbm))',
    ]
    if isinstance(view, RunView):
        lines.append("error = reconstruction_error(rbm, run.dataset.held_out)")
        lines.append('print(f"reconstruction error {error:.4f}")')
    height, width = view.image_shape
    seed = view.recipe.seed
    lines += [
        "",
        f'coins = make_generator({seed}, "sample")',
        'v = start_states("noise", rbm, 16, coins)',
        f"strip = chain_strip(rbm, v, strip_steps({view.k}), coins)",
        'with open("strip.png", "wb") as file:',
        f"    file.write(png_bytes(strip_grid(strip, ({height}, {width}))))",
    ]
    return "\n".join(lines)


def _machine(view: View) -> list[str]:
    if isinstance(view, FinishedView):
        return [f'rbm = load_pretrained("{view.preset}").rbm']
    lines = [*_recipe(view.recipe)]
    if view.recipe.dataset.startswith(UPLOAD_PREFIX):
        lines = [
            "from rbm_core import read_upload",
            "",
            "# The file that was sent; here it must lie beside the program.",
            'with open("pictures.npz", "rb") as file:',
            '    dataset = read_upload("pictures.npz", file.read())',
            *lines,
            "run = recipe.start(dataset)",
        ]
    else:
        lines.append("run = recipe.start()")
    if view.shot.update:
        lines.append(f"run.advance({view.shot.update})")
    return [*lines, "rbm = run.rbm"]


def _recipe(recipe: Recipe) -> list[str]:
    settings = recipe.to_dict()
    training = settings.pop("training")
    assert isinstance(training, dict)  # noqa: S101  (to_dict says so)
    return [
        "recipe = Recipe.from_dict(",
        "    {",
        *(f"        {name!r}: {value!r}," for name, value in settings.items()),
        '        "training": {',
        *(f"            {name!r}: {value!r}," for name, value in training.items()),
        "        },",
        "    }",
        ")",
    ]
