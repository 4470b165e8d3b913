"""Named recipes, and what each data set is trained with when nothing else is said."""

from __future__ import annotations

from dataclasses import dataclass

from rbm_core.datasets.image_folders import IMAGE_SETS
from rbm_core.datasets.patterns import SHIFTER_NAMES, is_pattern_name
from rbm_core.datasets.truth_tables import names_truth_table
from rbm_core.datasets.upload import UPLOAD_PREFIX
from rbm_core.errors import ConfigError
from rbm_core.recipes.recipe import Recipe
from rbm_core.training.config import TrainConfig

__all__ = ["PRESETS", "Preset", "default_recipe", "preset"]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A recipe with a name.

    Attributes:
        slug: Its name on the command line and in links.
        title: Its name on screen.
        summary: What it is for, in one sentence.
        recipe: The recipe.
    """

    slug: str
    title: str
    summary: str
    recipe: Recipe


def default_recipe(dataset: str) -> Recipe:
    """Return what a data set is trained with when nothing else is said.

    Args:
        dataset: Name of the data set.
    """
    if names_truth_table(dataset):
        return gate_recipe(dataset)
    if is_pattern_name(dataset):
        return pattern_recipe(dataset)
    return image_recipe(dataset)


def gate_recipe(dataset: str) -> Recipe:
    """Return the classroom's settings for truth tables.

    Measured on 500 seeds of each gate with two inputs, valid mass below 0.95 after 2000 updates:
    none for AND, OR, NAND, NOR and IMPLIES, 0.8 % for XOR and 0.4 % for XNOR. The plain gradient
    fails on 5 % of the seeds of OR; smaller initial weights on more of XOR, whose saddle at zero
    they hardly leave; a rate of 0.1 learns no gate in that time, and 10 few.
    """
    return Recipe(
        dataset=dataset,
        n_hidden=4,
        weight_std=0.7,
        training=TrainConfig(
            k=4,
            learning_rate=1.0,
            batch_size=100,
            epochs=20,
            updates_per_epoch=100,
            gradient="centred",
            order="draw",
        ),
    )


def pattern_recipe(dataset: str) -> Recipe:
    """Return settings that learn Bars-and-Stripes and the shifter nearly as well as can be.

    Measured on five seeds, exact mean log-likelihood (median): Bars-and-Stripes 3×3 -2.613, bound
    -2.599; shifter-11 -4.01, bound -3.871. On the former CD-5 at a constant rate of 0.1 ends at
    -2.75; PCD-5 diverges unless the rate falls, and ends at -2.68 when it does.
    """
    return Recipe(
        dataset=dataset,
        n_hidden=24 if dataset in SHIFTER_NAMES else 16,
        weight_std=0.1,
        training=TrainConfig(
            k=10,
            learning_rate="geometric 0:0.2 20:0.01",
            batch_size=50,
            epochs=20,
            updates_per_epoch=1000,
            gradient="centred",
            order="draw",
        ),
    )


def image_recipe(dataset: str) -> Recipe:
    """Return the classroom's settings for images: biases from the pixel means, CD-1, crisp bits.

    Measured at one thread, reconstruction error of held-out images against the mean image's: digits
    fall below one half after 0.1 s of training and end at 0.27, MNIST ends its first epoch at 0.39.
    Thresholded pixels dream more crisply than drawn ones, and need no new draw of 47 million
    pixels at each epoch of MNIST.
    """
    sent = dataset.startswith(UPLOAD_PREFIX)
    return Recipe(
        dataset=dataset,
        n_hidden=64,
        visible_bias="data",
        training=TrainConfig(
            k=1,
            learning_rate=0.3 if dataset == "digits" else 0.1,
            batch_size=64,
            # An epoch of the small digits is 22 updates, one of MNIST 937.
            epochs=20 if dataset in IMAGE_SETS else 100,
            # What somebody sends may have fewer rows than a batch.
            order="draw" if sent else "shuffle",
        ),
    )


def _persistent_mnist() -> Recipe:
    """Return a recipe whose chains dream of recognisable digits, from noise, in 1000 steps.

    Persistent chains keep up with the machine only while it changes slowly: the rate falls a
    hundredfold over the run.
    """
    return Recipe(
        dataset="mnist",
        n_hidden=500,
        visible_bias="data",
        training=TrainConfig(
            scheme="pcd",
            k=1,
            learning_rate="geometric 0:0.05 60:0.0005",
            batch_size=100,
            epochs=60,
            gradient="centred",
        ),
    )


def _notebook_and(k: int, updates_per_epoch: int) -> Recipe:
    return Recipe(
        dataset="and",
        n_hidden=3,
        weight_std=0.01,
        training=TrainConfig(
            k=k,
            learning_rate=0.1,
            batch_size=100,
            epochs=15,
            updates_per_epoch=updates_per_epoch,
            order="draw",
        ),
    )


def _notebook_images(dataset: str, k: int, batch_size: int, epochs: int, updates: int) -> Recipe:
    """The notebook reads the same first batches each epoch and draws their bits afresh."""
    return Recipe(
        dataset=dataset,
        n_hidden=500,
        weight_std=0.01,
        training=TrainConfig(
            k=k,
            learning_rate=0.01,
            batch_size=batch_size,
            epochs=epochs,
            updates_per_epoch=updates,
            order="sequential",
            binarisation="bernoulli",
        ),
    )


_ALL = (
    Preset(
        slug="xor-ready",
        title="XOR, ready to play",
        summary="A trained XOR: flip its output and watch the machine repair it.",
        recipe=gate_recipe("xor"),
    ),
    Preset(
        slug="and-from-scratch",
        title="AND from scratch",
        summary="Press Train and watch four bars rise to a quarter each.",
        recipe=gate_recipe("and"),
    ),
    Preset(
        slug="too-few-hidden",
        title="Too few hidden units",
        summary="XOR with two hidden units: at least three are needed.",
        recipe=gate_recipe("xor").replace(n_hidden=2),
    ),
    Preset(
        slug="asleep",
        title="Asleep",
        summary="Tiny initial weights and a small learning rate: nothing happens on XOR.",
        recipe=gate_recipe("xor").replace(weight_std=0.01, learning_rate=0.03),
    ),
    Preset(
        slug="too-fast",
        title="Too fast",
        summary="A learning rate of 10 throws the weights about.",
        recipe=gate_recipe("xor").replace(learning_rate=10.0),
    ),
    Preset(
        slug="notebook-and-short",
        title="Notebook: AND, short",
        summary="The notebook's rbm_small: k = 4, 15 epochs of 1000 updates.",
        recipe=_notebook_and(4, 1000),
    ),
    Preset(
        slug="notebook-and-long",
        title="Notebook: AND, long",
        summary="The notebook's rbm_big: k = 30, 15 epochs of 500 updates.",
        recipe=_notebook_and(30, 500),
    ),
    Preset(
        slug="bars-and-stripes",
        title="Bars and Stripes",
        summary="Fourteen patterns of 3×3 pixels, learned nearly as well as can be.",
        recipe=pattern_recipe("bars-and-stripes-3x3"),
    ),
    Preset(
        slug="small-digits",
        title="Small digits",
        summary="8×8 handwritten digits, always at hand.",
        recipe=image_recipe("digits"),
    ),
    Preset(
        slug="mnist-64",
        title="MNIST, 64 units",
        summary="MNIST with few enough filters to watch each of them form.",
        recipe=image_recipe("mnist"),
    ),
    Preset(
        slug="notebook-mnist",
        title="Notebook: MNIST",
        summary="The notebook's 500 hidden units, k = 3, 10 epochs of 301 batches.",
        recipe=_notebook_images("mnist", 3, 64, 10, 301),
    ),
    Preset(
        slug="notebook-fashion-mnist",
        title="Notebook: Fashion-MNIST",
        summary="The notebook's 500 hidden units, k = 2, 40 epochs of 501 batches.",
        recipe=_notebook_images("fashion-mnist", 2, 32, 40, 501),
    ),
    Preset(
        slug="mnist-pcd",
        title="MNIST, PCD",
        summary="500 hidden units with persistent chains: it dreams of digits you can read.",
        recipe=_persistent_mnist(),
    ),
)

PRESETS = {entry.slug: entry for entry in _ALL}


def preset(slug: str) -> Preset:
    """Return a preset by its slug.

    Raises:
        ConfigError: If there is none of that name.

    Example:
        >>> from rbm_core import preset
        >>> recipe = preset("and-from-scratch").recipe.replace(epochs=2, seed=7)
        >>> [record.update for record in recipe.start()]
        [100, 200]
    """
    if slug not in PRESETS:
        raise ConfigError(f"preset {slug!r} is unknown; known are {', '.join(PRESETS)}")
    return PRESETS[slug]
