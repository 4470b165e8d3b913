"""How a machine is trained: every setting, validated once."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rbm_core.datasets.binarise import BINARISATIONS
from rbm_core.errors import ConfigError, require_choice, require_whole
from rbm_core.generators import MAX_SEED
from rbm_core.training.schedules import Schedule, as_schedule

__all__ = ["CHAIN_METHODS", "GRADIENTS", "ORDERS", "SCHEMES", "TrainConfig"]

SCHEMES = ("cd", "pcd", "rdm")
GRADIENTS = ("plain", "centred")
ORDERS = ("draw", "shuffle", "sequential")
CHAIN_METHODS = ("auto", "sampled", "matrix")

# Where the exact matrix pays among torch's kernels, on devices other than the CPU (compiled loops
# have a rule of their own): up to 4096 joint states it costs less than one sampled step of a
# hundred chains, up to 16 384 less than twelve. The rule looks at the recipe alone, so the numbers
# never depend on where a recipe runs.
MATRIX_MAX_VISIBLE = 6
MATRIX_MAX_HIDDEN = 8
MATRIX_ANY_K_UNITS = 12
MATRIX_MIN_K = 12

# Keeps a mistyped zero, or a stranger's link, from asking for more memory than there is.
MAX_BATCH = 100_000


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """How a machine is trained.

    Attributes:
        scheme: Where chains start: "cd" at the batch, "pcd" where the last update left them,
            "rdm" at fair coins.
        k: Gibbs steps per update, a whole number of at least 1 or a schedule of them.
        learning_rate: Step size, above 0, or a schedule. The gradient is a mean over the batch.
        batch_size: Rows per update, at least 1; also the number of chains.
        epochs: Passes, at least 1.
        updates_per_epoch: Updates in an epoch; None means one pass over the data, a last
            incomplete batch left out.
        momentum: Share of the last step that is kept, in [0, 1), or a schedule.
        l1: Weight decay by the sign of the weights, at least 0. Biases do not decay.
        l2: Weight decay in proportion to the weights, at least 0.
        gradient: "plain", or "centred" (Melchior, Fischer & Wiskott 2016).
        order: "draw" takes rows independently with replacement, "shuffle" a new order each
            epoch, "sequential" the same rows in the same order each epoch.
        binarisation: How grey levels become bits, anew each epoch: "threshold" at one half,
            "bernoulli" draws, or "grey" to keep them.
        chain_method: "sampled" draws each of the k steps, "matrix" draws their outcome from the
            exact k-step matrix (same law), "auto" decides by the sizes and k.
        seed: Seed of every random stream of the run.

    Raises:
        ConfigError: If a setting is out of range; the message names it.
    """

    scheme: str = "cd"
    k: Schedule | float | str = 1
    learning_rate: Schedule | float | str = 0.1
    batch_size: int = 100
    epochs: int = 20
    updates_per_epoch: int | None = None
    momentum: Schedule | float | str = 0.0
    l1: float = 0.0
    l2: float = 0.0
    gradient: str = "plain"
    order: str = "shuffle"
    binarisation: str = "threshold"
    chain_method: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        """Validate every setting once."""
        require_choice("scheme", self.scheme, SCHEMES)
        require_choice("gradient", self.gradient, GRADIENTS)
        require_choice("order", self.order, ORDERS)
        require_choice("binarisation", self.binarisation, BINARISATIONS)
        require_choice("chain_method", self.chain_method, CHAIN_METHODS)
        for name in ("k", "learning_rate", "momentum"):
            object.__setattr__(self, name, as_schedule(getattr(self, name), name))
        if not all(value >= 1 and value == int(value) for value in self.k_schedule.values):
            raise ConfigError(f"k is {self.k}; it must be a whole number of at least 1")
        if not all(value > 0 for value in self.learning_rate_schedule.values):
            raise ConfigError(f"learning_rate is {self.learning_rate}; it must be above 0")
        if not all(0 <= value < 1 for value in self.momentum_schedule.values):
            raise ConfigError(f"momentum is {self.momentum}; it must be at least 0 and below 1")
        require_whole("batch_size", self.batch_size, most=MAX_BATCH)
        require_whole("epochs", self.epochs)
        if self.updates_per_epoch is not None:
            require_whole("updates_per_epoch", self.updates_per_epoch)
        for name in ("l1", "l2"):
            value = getattr(self, name)
            if not (isinstance(value, int | float) and math.isfinite(value) and value >= 0):
                raise ConfigError(f"{name} is {value!r}; it must be a number of at least 0")
        require_whole("seed", self.seed, least=0, most=MAX_SEED)

    @property
    def k_schedule(self) -> Schedule:
        """The number of Gibbs steps as a schedule."""
        return as_schedule(self.k, "k")

    @property
    def first_k(self) -> int:
        """Gibbs steps of the first update."""
        return round(self.k_schedule.at(0))

    @property
    def final_k(self) -> int:
        """Gibbs steps per update at the end of training."""
        return round(self.k_schedule.at(self.epochs))

    @property
    def learning_rate_schedule(self) -> Schedule:
        """The learning rate as a schedule."""
        return as_schedule(self.learning_rate, "learning_rate")

    @property
    def momentum_schedule(self) -> Schedule:
        """The momentum as a schedule."""
        return as_schedule(self.momentum, "momentum")

    def n_updates_per_epoch(self, n_train: int) -> int:
        """Updates in one epoch over n_train rows."""
        return self.updates_per_epoch or max(1, n_train // self.batch_size)

    def n_updates(self, n_train: int) -> int:
        """Updates in the whole run over n_train rows."""
        return self.epochs * self.n_updates_per_epoch(n_train)

    def uses_matrix(self, n_visible: int, n_hidden: int) -> bool:
        """Whether torch's kernels take the k steps through the exact transition matrix."""
        if self.chain_method != "auto":
            return self.chain_method == "matrix"
        least_k = 1 if n_visible + n_hidden <= MATRIX_ANY_K_UNITS else MATRIX_MIN_K
        return (
            self.binarisation != "grey"  # its states are numbered, so they must be bits
            and n_visible <= MATRIX_MAX_VISIBLE
            and n_hidden <= MATRIX_MAX_HIDDEN
            and min(self.k_schedule.values) >= least_k
        )
