"""Laws of the distance between visits and the law they obey."""

from __future__ import annotations

import torch

from rbm_core import RBM, clamp_mask, gibbs_chain, make_generator, transition_matrix
from rbm_core.exact.enumeration import visible_distribution
from rbm_core.exact.visits import held_distribution, independent_floor, total_variation, walk_floor
from rbm_core.machine.states import enumerate_states, state_index


def _machine(seed: int = 3, weight_std: float = 1.0) -> RBM:
    return RBM.initialise(5, 3, weight_std, generator=make_generator(seed), dtype=torch.float64)


def test_walk_floor_equals_the_sum_over_powers_of_the_matrix() -> None:
    rbm = _machine()
    matrix, law = transition_matrix(rbm), visible_distribution(rbm)
    for n in (1, 2, 7, 50):
        variance = law * (1 - law)
        power = torch.eye(len(law), dtype=torch.float64)
        for k in range(1, n):
            power = power @ matrix
            variance = variance + 2 * (1 - k / n) * law * (power.diagonal() - law)
        wanted = (variance / n).sqrt().sum() / 2
        torch.testing.assert_close(walk_floor(matrix, law, torch.tensor([n]))[0], wanted)


def test_walk_floor_of_independent_draws_is_the_independent_floor() -> None:
    law = visible_distribution(_machine())
    matrix = law.expand(len(law), -1)
    n = torch.tensor([1, 10, 1000])
    torch.testing.assert_close(walk_floor(matrix, law, n), independent_floor(law, n))


def test_walk_floor_keeps_its_digits_when_the_chain_hardly_moves() -> None:
    """Two states that swap with chance 1e-12: after any few steps the walk has seen one of them."""
    stay = 1 - 1e-12
    matrix = torch.tensor([[stay, 1e-12], [1e-12, stay]], dtype=torch.float64)
    law = torch.tensor([0.5, 0.5], dtype=torch.float64)
    floor = walk_floor(matrix, law, torch.tensor([1, 10, 1000]))
    torch.testing.assert_close(floor, torch.full((3,), 0.5, dtype=torch.float64))


def test_distance_of_many_walks_lies_just_below_the_walk_floor() -> None:
    rbm = _machine(weight_std=1.5)
    matrix, law = transition_matrix(rbm), visible_distribution(rbm)
    generator = make_generator(5, "floor")
    n_chains, n_steps = 400, 200
    numbers = torch.multinomial(law, n_chains, True, generator=torch.Generator().manual_seed(1))
    first = enumerate_states(5)[numbers]
    seen = torch.zeros(n_chains, 32, dtype=torch.float64)
    for v in gibbs_chain(rbm, first, n_steps, generator):
        seen[torch.arange(n_chains), state_index(v)] += 1
    measured = total_variation(seen / n_steps, law).mean()
    floor = walk_floor(matrix, law, torch.tensor([n_steps]))[0]
    assert 0.7 * floor < measured < floor
    assert floor > independent_floor(law, torch.tensor([n_steps]))[0]


def test_held_distribution_is_the_conditional_of_the_joint() -> None:
    rbm = _machine()
    v = torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0])
    clamp = clamp_mask(5, [0, 3])
    law = held_distribution(rbm, v, clamp)
    free = visible_distribution(rbm)
    agree = [i for i in range(32) if i >> 4 & 1 == 1 and i >> 1 & 1 == 1]
    assert set(law.nonzero().flatten().tolist()) == set(agree)
    torch.testing.assert_close(law[agree], free[agree] / free[agree].sum())
    # It is what a clamped chain leaves unchanged.
    torch.testing.assert_close(law @ transition_matrix(rbm, clamp), law)
