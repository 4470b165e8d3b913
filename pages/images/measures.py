"""What is measured along an image run, on fixed rows, cheap enough to be done while it trains."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core import (
    RBM,
    Dataset,
    Recipe,
    StripFrame,
    binarise,
    make_generator,
    mean_image_error,
    noise,
    pseudo_log_likelihood,
    reconstruction_error,
    strip_frames,
    strip_steps,
)

__all__ = ["N_DREAMS", "SHORT_DREAM", "ImageMeasures", "Measurer"]

# 300 rows place the free energy of MNIST within 2 nats, and cost 64 hidden units 1 ms.
N_ROWS = 300
# Pictures of one dream, and the steps a machine still in training dreams after each measure.
N_DREAMS = 16
SHORT_DREAM = 100


@dataclass(frozen=True, eq=False, kw_only=True)
class ImageMeasures:
    """Estimates on fixed rows, the same ones for a whole run.

    Attributes:
        free_energy_train: Mean free energy of training rows, nats.
        free_energy_test: The same of held-out rows; NaN when the data have none.
        reconstruction_error: Mean squared error per pixel on held-out rows, one mean-field pass.
        pseudo_log_likelihood: Of held-out rows, nats per image, one unit a row drawn.
        use: Mean activity of each hidden unit on held-out rows, shape (n_hidden,).
        dream: Chains from the same noise with the same coins, at the first steps of the strip.
    """

    free_energy_train: float
    free_energy_test: float
    reconstruction_error: float
    pseudo_log_likelihood: float
    use: Tensor
    dream: tuple[StripFrame, ...]


class Measurer:
    """Measures machines of one recipe; equal machines give equal numbers."""

    def __init__(self, recipe: Recipe, dataset: Dataset) -> None:
        """Fix the rows.

        Args:
            recipe: Gives the seed, k, and how grey levels become bits.
            dataset: Gives the rows.
        """
        self._seed = recipe.seed
        method = recipe.training.binarisation
        bits = "threshold" if method == "grey" else method
        stream = make_generator(recipe.seed, "measure")
        self._train = binarise(_spread(dataset.train), bits, stream)
        # These rows and this error are those that `python -m rbm_core train` prints.
        self._levels = dataset.held_out
        self._test = binarise(_spread(self._levels), bits, stream)
        self._has_test = dataset.test is not None
        k = recipe.training.final_k
        self._steps = tuple(step for step in strip_steps(k) if step <= SHORT_DREAM)
        self.mean_image_error = float(mean_image_error(self._levels))

    @torch.no_grad()
    def __call__(self, rbm: RBM) -> ImageMeasures:
        """Measure a machine."""
        coins = make_generator(self._seed, "pseudo")
        night = make_generator(self._seed, "dream")
        start = noise(rbm, N_DREAMS, night)
        return ImageMeasures(
            free_energy_train=float(rbm.free_energy(self._train).mean()),
            free_energy_test=(
                float(rbm.free_energy(self._test).mean()) if self._has_test else math.nan
            ),
            reconstruction_error=float(reconstruction_error(rbm, self._levels)),
            pseudo_log_likelihood=float(pseudo_log_likelihood(rbm, self._test, coins)),
            use=rbm.mean_h_given_v(self._test).mean(-2),
            dream=tuple(strip_frames(rbm, start, self._steps, night)),
        )


def scalars(measures: ImageMeasures) -> dict[str, float]:
    """Return the measures that make curves."""
    return {
        "free_energy_train": measures.free_energy_train,
        "free_energy_test": measures.free_energy_test,
        "reconstruction_error": measures.reconstruction_error,
        "pseudo_log_likelihood": measures.pseudo_log_likelihood,
    }


def _spread(rows: Tensor) -> Tensor:
    """At most N_ROWS rows, evenly spaced, so that each class has its share."""
    if len(rows) <= N_ROWS:
        return rows
    return rows[torch.linspace(0, len(rows) - 1, N_ROWS).round().long()]
