"""Who takes part, under what name, and whether it is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

from torch import Tensor

from benchmarks.problem import Problem
from benchmarks.programs.boltzmann9_peer import Boltzmann9
from benchmarks.programs.engine import Engine
from benchmarks.programs.learnergy_peer import Learnergy
from benchmarks.programs.notebook import Notebook
from benchmarks.programs.products import OneDnnProducts, Products
from benchmarks.programs.rbms_peer import Rbms
from benchmarks.programs.scikit_learn import ScikitLearn

__all__ = ["CONTENDERS", "Contender", "Program", "at_hand"]


class Program(Protocol):
    """A machine with its data, ready to train or to dream."""

    def train(self, n_updates: int) -> None:
        """Make gradient updates."""

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Run chains from visible states, shape (n_chains, n_visible)."""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One program of the comparison.

    Attributes:
        name: As the tables call it.
        make: Sets it up for a problem.
        package: What must be installed, as it is imported; None when nothing more.
        distribution: Its name on the package index, for the version.
        largest_k: Most Gibbs steps per update that it can do; None when any number.
        floor: Whether it is a bound and no program: matrix products that train nothing.
    """

    name: str
    make: Callable[[Problem], Program]
    package: str | None = None
    distribution: str | None = None
    largest_k: int | None = None
    floor: bool = False

    @property
    def installed(self) -> bool:
        """Whether it can run here."""
        return self.package is None or find_spec(self.package) is not None


CONTENDERS = (
    Contender(name="rbm_core", make=Engine),
    Contender(name="notebook", make=Notebook),
    Contender(
        name="scikit-learn",
        make=ScikitLearn,
        package="sklearn",
        distribution="scikit-learn",
        largest_k=1,
    ),
    Contender(name="rbms", make=Rbms, package="rbms", distribution="rbms"),
    Contender(name="learnergy", make=Learnergy, package="learnergy", distribution="learnergy"),
    Contender(name="boltzmann9", make=Boltzmann9, package="boltzmann9", distribution="boltzmann9"),
    Contender(name="products alone", make=Products, floor=True),
    Contender(name="products alone, oneDNN", make=OneDnnProducts, floor=True),
)


def at_hand(k: int | None = None) -> list[Contender]:
    """Return who is installed and can do k Gibbs steps per update."""
    return [
        contender
        for contender in CONTENDERS
        if contender.installed
        and (k is None or contender.largest_k is None or k <= contender.largest_k)
    ]
