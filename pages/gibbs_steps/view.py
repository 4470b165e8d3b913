"""What a visitor has done on *Gibbs, step by step*; the one owner of that part of the session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.components.coin_rows import last_orders
from app.gates.machine import Machine
from app.gates.runs import GateJob
from app.session import state
from pages.gibbs_steps.ages import Age, ages, liveliest
from pages.gibbs_steps.stepping import advance
from pages.gibbs_steps.walk import HIDDEN, Walk, begin, hold, set_coins

__all__ = ["GibbsView", "gibbs_view"]

# The page opens with these steps made: a walk of the trained XOR then has seen all four valleys.
FIRST_STEPS = 2000


@dataclass(eq=False)
class GibbsView:
    """The walk on screen.

    Attributes:
        machine: The machine that walks.
        walk: Its walk.
        n_acts: Acts so far; with it each moment of each walk has a name of its own.
        ages: The moments of the run whose machines can walk.
        chosen: Which of them the user chose, or None to leave it to `liveliest`.
    """

    ages: tuple[Age, ...]
    machine: Machine
    walk: Walk
    n_acts: int = 0
    chosen: int | None = None

    @property
    def age(self) -> int:
        """Number of the moment of the run whose machine walks."""
        wanted = liveliest(self.ages) if self.chosen is None else self.chosen
        return min(wanted, len(self.ages) - 1)

    @property
    def moment(self) -> str:
        """Name of the moment on screen."""
        return str(self.n_acts)

    def choose_age(self, age: int) -> None:
        """Let the machine of another moment of the run walk."""
        self.chosen = age

    def half_step(self) -> None:
        """Draw one layer."""
        self._put(advance(self.machine.rbm, self.walk, 1))

    def steps(self, n_steps: int) -> None:
        """Make full steps; one that is half done counts as the first."""
        half_done = self.walk.n_half_steps % 2
        self._put(advance(self.machine.rbm, self.walk, 2 * n_steps - half_done))

    def rewind(self) -> None:
        """Go back to the first state, same seed; what was set by hand is forgotten."""
        self._put(begin(self.machine.rbm, self.walk.seed, self.walk.n_restarts))

    def new_start(self) -> None:
        """Begin another walk, on the seed's next random stream."""
        self._put(begin(self.machine.rbm, self.walk.seed, self.walk.n_restarts + 1))

    def take_orders(self, key: str) -> None:
        """Take over coins and holds that the user set, if they were meant for this moment."""
        orders = last_orders(key)
        if orders is None or orders.moment != self.moment:
            return
        rbm = self.machine.rbm
        if set(orders.held) != set(self.walk.held):
            self.walk = hold(self.walk, rbm, orders.held)
        held = () if self.walk.next_layer == HIDDEN else orders.held
        coins = {unit: number for unit, number in orders.coins.items() if unit not in held}
        self.walk = set_coins(self.walk, rbm, coins)

    def _put(self, walk: Walk) -> None:
        self.walk = walk
        self.n_acts += 1


@lru_cache(maxsize=64)
def _opening(machine: Machine) -> Walk:
    """The walk that the page opens with, the same for everybody with this machine."""
    return advance(machine.rbm, begin(machine.rbm, machine.recipe.seed), 2 * FIRST_STEPS)


def gibbs_view(job: GateJob, *, busy: bool) -> GibbsView:
    """Return this visitor's walk, begun anew when the machine is another one.

    Args:
        job: The run whose machine walks.
        busy: Whether it still trains; the walk of its younger self then goes on.
    """
    offered = ages(job)
    now = offered[-1].machine
    found = state.session().of_page(
        GibbsView, lambda: GibbsView(ages=offered, machine=now, walk=_opening(now))
    )
    if found.machine.recipe != now.recipe:
        found.chosen = None
    elif busy:
        return found
    found.ages = offered
    machine = offered[found.age].machine
    if found.machine is not machine:
        found.machine, found.walk = machine, _opening(machine)
        found.n_acts += 1
    return found
