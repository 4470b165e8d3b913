"""A recipe: everything that determines a run, as a value, as JSON and as a query string."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from rbm_core.datasets import Dataset, load_dataset
from rbm_core.errors import ConfigError, require_choice, require_whole
from rbm_core.generators import STREAM_VERSION, make_generator
from rbm_core.machine.rbm import RBM
from rbm_core.recipes.links import (
    LINK_VERSION,
    QUERY_NAMES,
    query_text,
    read_setting,
    version_complaint,
)
from rbm_core.training.config import TrainConfig
from rbm_core.training.run import TrainRun, train
from rbm_core.training.schedules import Schedule
from rbm_core.training.state import TrainState

__all__ = ["VISIBLE_BIASES", "Recipe"]

VISIBLE_BIASES = ("zero", "data")
MAX_HIDDEN = 4096


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Data set, model, training and seed. Equal recipes give bit-identical runs.

    Attributes:
        dataset: Name that `load_dataset` knows.
        n_hidden: Hidden units, 1 to 4096.
        weight_std: Standard deviation of the initial weights, at least 0.
        visible_bias: Initial visible biases: "zero", or "data" for the log odds of the data's mean.
        training: How it is trained, seed included.

    Raises:
        ConfigError: If a setting is out of range; the message names it.
    """

    dataset: str
    n_hidden: int
    weight_std: float = 0.01
    visible_bias: str = "zero"
    training: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        """Validate the model; the training config validates itself."""
        require_whole("n_hidden", self.n_hidden, most=MAX_HIDDEN)
        std = self.weight_std
        if isinstance(std, bool) or not isinstance(std, int | float) or not math.isfinite(std):
            raise ConfigError(f"weight_std is {std!r}; it must be a number of at least 0")
        if std < 0:
            raise ConfigError(f"weight_std is {std}; it must be at least 0")
        require_choice("visible_bias", self.visible_bias, VISIBLE_BIASES)
        if not isinstance(self.dataset, str):
            raise ConfigError(f"dataset is {self.dataset!r}; it must be a name")

    @property
    def seed(self) -> int:
        """Seed of every random stream of the run."""
        return self.training.seed

    def replace(self, **changes: object) -> Recipe:
        """Return a recipe with some settings changed, each named as in `Recipe` or `TrainConfig`.

        Raises:
            ConfigError: If a name is unknown or a value out of range.
        """
        unknown = sorted(set(changes) - _MODEL_NAMES - _TRAINING_NAMES)
        if unknown:
            raise ConfigError(
                f"recipe has no setting {', '.join(unknown)}; it has "
                f"{', '.join(sorted(_MODEL_NAMES | _TRAINING_NAMES))}"
            )
        model: dict[str, Any] = {n: v for n, v in changes.items() if n in _MODEL_NAMES}
        training: dict[str, Any] = {n: v for n, v in changes.items() if n in _TRAINING_NAMES}
        return dataclasses.replace(
            self, **model, training=dataclasses.replace(self.training, **training)
        )

    def load_dataset(self, root: Path | None = None) -> Dataset:
        """Load the recipe's data set.

        Args:
            root: Folder of data sets that live in files; None means the environment's RBM_DATA.
        """
        return load_dataset(self.dataset, root)

    def fresh_rbm(
        self,
        dataset: Dataset,
        *,
        n_replicas: int | None = None,
        device: torch.device | str = "cpu",
    ) -> RBM:
        """Draw the recipe's machine, untrained.

        Args:
            dataset: The recipe's data set, loaded.
            n_replicas: None for one machine, else the size of an ensemble.
            device: Where the parameters live.
        """
        return RBM.initialise(
            dataset.n_visible,
            self.n_hidden,
            self.weight_std,
            dataset.train.mean(0) if self.visible_bias == "data" else None,
            generator=make_generator(self.seed, "init", device=device),
            n_replicas=n_replicas,
            device=device,
        )

    def start(
        self,
        dataset: Dataset | None = None,
        *,
        state: TrainState | None = None,
        record_every: int | None = None,
        n_replicas: int | None = None,
        rate_factors: torch.Tensor | None = None,
        n_threads: int = 1,
        device: torch.device | str = "cpu",
    ) -> TrainRun:
        """Begin the recipe's run, or resume it.

        Args:
            dataset: The recipe's data set when it is loaded already.
            state: Where to resume, or None for a fresh machine.
            record_every: Updates between records, besides the one at the end of each epoch.
            n_replicas: None for one machine, else the size of an ensemble.
            rate_factors: Multiplies the learning rate of each replica, shape (n_replicas,).
            n_threads: How many replicas of a small machine are trained at a time; it changes no
                number.
            device: Where the run lives.
        """
        data = dataset or self.load_dataset()
        begin = state or self.fresh_rbm(data, n_replicas=n_replicas, device=device)
        return train(
            data,
            self.training,
            begin,
            record_every=record_every,
            rate_factors=rate_factors,
            n_threads=n_threads,
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain values under the names of `Recipe` and `TrainConfig`, all of them."""
        model = {name: getattr(self, name) for name in sorted(_MODEL_NAMES)}
        training = {
            name: _plain(getattr(self.training, name))
            for name in (f.name for f in dataclasses.fields(TrainConfig))
        }
        return {**model, "training": training}

    def to_json(self) -> str:
        """Write the recipe as JSON; every setting is there, defaults too."""
        return json.dumps(self.to_dict(), indent=2)

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Recipe:
        """Read plain values, the inverse of `to_dict`.

        Raises:
            ConfigError: If a name is unknown, missing or out of range.
        """
        given = dict(values)
        training = given.pop("training", {})
        if not isinstance(training, Mapping):
            raise ConfigError(f"training is {training!r}; it must be an object of settings")
        _require_names("recipe", given, _MODEL_NAMES)
        _require_names("recipe's training", training, _TRAINING_NAMES)
        missing = {"dataset", "n_hidden"} - set(given)
        if missing:
            raise ConfigError(f"recipe lacks {' and '.join(sorted(missing))}; add it")
        model: dict[str, Any] = given
        return cls(**model, training=TrainConfig(**training))

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read JSON, the inverse of `to_json`.

        Raises:
            ConfigError: If the text is not a recipe.
        """
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError(f"recipe is not JSON: {error}") from error
        if not isinstance(values, dict):
            raise ConfigError('recipe is not a JSON object; write {"dataset": …, "n_hidden": …}')
        return cls.from_dict(values)

    def to_query(self) -> dict[str, str]:
        """Write every setting under its link name, defaults too, with the link's version."""
        query = {"v": LINK_VERSION}
        for name, setting in QUERY_NAMES.items():
            owner = self if setting in _MODEL_NAMES else self.training
            query[name] = query_text(getattr(owner, setting))
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str], base: Recipe) -> tuple[Recipe, list[str]]:
        """Read a link; what is malformed is named and keeps the base's value.

        Args:
            query: Query parameters; names that are not a recipe's are left alone.
            base: Gives every value that the link does not.

        Returns:
            The recipe, and one line for each value that was refused.
        """
        recipe = base
        complaint = version_complaint(query.get("v", LINK_VERSION))
        complaints = [] if complaint is None else [complaint]
        for name, setting in QUERY_NAMES.items():
            if name not in query:
                continue
            try:
                recipe = recipe.replace(**{setting: read_setting(name, query[name])})
            except ConfigError as error:
                complaints.append(f"link: {error}")
        return recipe, complaints

    def hash(self) -> str:
        """Twelve hexadecimal digits that name the recipe; equal recipes, equal names.

        The version of the streams is in it: a name stands for the numbers that a run gives.
        """
        values = {**self.to_dict(), "stream": STREAM_VERSION}
        text = json.dumps(values, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


_MODEL_NAMES = {f.name for f in dataclasses.fields(Recipe)} - {"training"}
_TRAINING_NAMES = {f.name for f in dataclasses.fields(TrainConfig)}


def _plain(value: object) -> object:
    """A schedule becomes its number, or its text when it changes."""
    if isinstance(value, Schedule):
        return value.values[0] if len(value.knots) == 1 else str(value)
    return value


def _require_names(what: str, given: Mapping[str, object], allowed: set[str]) -> None:
    unknown = sorted(set(given) - allowed)
    if unknown:
        raise ConfigError(
            f"{what} has unknown settings {', '.join(unknown)}; "
            f"allowed are {', '.join(sorted(allowed))}"
        )
