"""Runs with a label: what ensembles do when the setting that a verdict names is changed.

python -m tests.labelled_runs            the whole set: how often each verdict is right
python -m tests.labelled_runs --every 9  each ninth of its runs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from pages.train_a_gate.verdicts import Fix, Verdict, VerdictName, judge
from rbm_core import GATES, Recipe, default_recipe, has_learned, measure
from tests.gate_jobs import trained

__all__ = ["Labels", "Tally", "judged", "labelled_set"]

N_REPLICAS = 16
# Of so many replicas; a setting that few starts in sixteen fail is still the right one.
ENOUGH = 14
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
# Tables that are no gate's, so that nobody has measured what they need.
UNKNOWN = ("table:0,0,1,0", "table:00,01,10,11", "table:0,1,1,1,1,0,0,0", "table:10,01,01,00")

# The settings that a verdict blames, of those that its fix changes.
NAMED: dict[VerdictName, tuple[str, ...]] = {
    "asleep": ("learning_rate", "weight_std", "l2"),
    "slow": ("learning_rate",),
    "slow_or_small": ("learning_rate", "n_hidden"),
    "thrashing": ("learning_rate",),
    "too_few_hidden": ("n_hidden", "epochs"),
    "held_back": ("l2",),
    "not_at_equilibrium": ("k",),
    "unfinished": ("epochs",),
}


@dataclass
class Labels:
    """Shares of ensembles that learn, each measured once."""

    known: dict[str, int] = field(default_factory=dict)

    def n_learned(self, recipe: Recipe) -> int:
        """Count the replicas of a recipe that learn."""
        name = recipe.replace(seed=1000).hash()
        if name not in self.known:
            run = recipe.replace(seed=1000).start(n_replicas=N_REPLICAS)
            run.advance(run.n_updates)
            exact, bound = measure(run.rbm, run.dataset), run.dataset.log_likelihood_bound
            assert exact.valid_mass is not None
            assert exact.log_likelihood is not None
            assert bound is not None
            self.known[name] = sum(
                has_learned(float(mass), float(ll), bound)
                for mass, ll in zip(exact.valid_mass, exact.log_likelihood, strict=True)
            )
        return self.known[name]

    def is_right(self, recipe: Recipe, found: Verdict) -> bool:
        """Whether the setting named is at fault: without its change the others do not help."""
        if found.name == "learned":
            return True  # by exact numbers of the machine itself
        named = NAMED.get(found.name, tuple(found.fix))
        rest: Fix = {name: value for name, value in found.fix.items() if name not in named}
        helps = self.n_learned(recipe.replace(**found.fix)) >= ENOUGH
        if found.name == "stuck":
            return helps
        return helps and self.n_learned(recipe.replace(**rest)) < ENOUGH


@dataclass
class Tally:
    """How often a verdict was given, was right, and was mended by *Fix it*."""

    given: int = 0
    right: int = 0
    mended: int = 0
    wrong: list[str] = field(default_factory=list)


def judged(recipes: Iterator[Recipe], labels: Labels) -> Mapping[VerdictName, Tally]:
    """Train and judge each recipe, label its verdict, and press *Fix it*."""
    tallies: dict[VerdictName, Tally] = {}
    for recipe in recipes:
        found = judge(trained(recipe))
        assert found is not None
        tally = tallies.setdefault(found.name, Tally())
        tally.given += 1
        right = labels.is_right(recipe, found)
        mended = found.name == "learned" or is_mended(recipe, found.fix)
        tally.right, tally.mended = tally.right + right, tally.mended + mended
        if not (right and mended):
            said = f"{link(recipe)} -> {dict(found.fix)}: right {right}, mended {mended}"
            tally.wrong.append(said)
    return tallies


def is_mended(recipe: Recipe, fix: Fix) -> bool:
    """Whether *Fix it* leads to *learned*."""
    after = judge(trained(recipe.replace(**fix)))
    return after is not None and after.name == "learned"


def link(recipe: Recipe) -> str:
    """Write what a recipe changes of its gate's usual settings."""
    own, usual = recipe.to_query(), default_recipe(recipe.dataset).to_query()
    changed = [f"{name}={value}" for name, value in own.items() if usual[name] != value]
    return " ".join([recipe.dataset, *changed])


def labelled_set() -> Iterator[Recipe]:
    """Gates × rates × layers × seeds, and what else the sidebar can set wrong."""
    for gate in GATES:
        usual = default_recipe(gate)
        yield from _variants(usual, n_hidden=(1, 2, 3, 4, 6), learning_rate=RATES, seed=(0, 1))
        yield from _variants(usual, n_hidden=(8,), learning_rate=RATES)
        yield from _variants(usual, n_hidden=(4, 8), learning_rate=RATES, momentum=(0.9,))
        yield from _variants(usual, learning_rate=RATES[:5], weight_std=(0.01,), seed=(3,))
        yield from _variants(usual, n_hidden=(6, 8), epochs=(2, 3, 4, 5, 6, 8), seed=(4,))
        yield from _variants(usual, n_hidden=(6, 8), l2=(0.003, 0.01, 0.03, 0.1), seed=(6,))
    for table in UNKNOWN:
        yield from _variants(default_recipe(table), n_hidden=(4, 6, 8), learning_rate=RATES[:4])


def _variants(usual: Recipe, **settings: Sequence[float]) -> Iterator[Recipe]:
    for values in product(*settings.values()):
        yield usual.replace(**dict(zip(settings, values, strict=True)))


def main() -> None:
    """Print how often each verdict was given, right, and mended, and where it was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="judge each so-manieth run")
    parser.add_argument("--first", type=int, default=0, help="begin with this run")
    given = parser.parse_args()
    tallies = judged(islice(labelled_set(), given.first, None, given.every), Labels())
    sys.stdout.write("verdict            given  right mended\n")
    for name, tally in sorted(tallies.items()):
        sys.stdout.write(f"{name:18} {tally.given:5} {tally.right:6} {tally.mended:6}\n")
        sys.stdout.write("".join(f"    {line}\n" for line in tally.wrong))


if __name__ == "__main__":
    main()
