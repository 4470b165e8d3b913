"""Laws of completion: what is held stays, and the rest follows the exact conditional."""

import pytest
import torch

from rbm_core import RBM, ConfigError, ShapeError, clamp_mask, enumerate_states, make_generator
from rbm_core.experiments.completion import complete, half_mask

RBM_53 = RBM.initialise(5, 3, 1.0, generator=make_generator(3, "test"))


def test_completion_averages_to_the_exact_conditional() -> None:
    held = torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0])
    mask = clamp_mask(5, [0, 3])
    made = complete(RBM_53, held.expand(20_000, -1), mask, 60, make_generator(1), n_chains=2)
    states = enumerate_states(5, dtype=torch.float32)
    states = states[(states[:, 0] == 1) & (states[:, 3] == 1)]
    share = torch.softmax(-RBM_53.free_energy(states).double(), 0)
    exact = (share.unsqueeze(1) * states).sum(0)
    assert torch.allclose(made.probabilities.mean(0).double(), exact, atol=0.01)
    assert torch.allclose(made.samples.mean(0).double(), exact, atol=0.02)


def test_completion_holds_the_mask_and_never_looks_at_the_rest() -> None:
    mask = clamp_mask(5, [1, 2])
    v = torch.bernoulli(torch.full((7, 5), 0.5), generator=torch.Generator().manual_seed(1))
    other = torch.where(mask, v, 1 - v)
    first = complete(RBM_53, v, mask, 4, make_generator(2))
    second = complete(RBM_53, other, mask, 4, make_generator(2))
    assert torch.equal(first.samples[:, mask], v[:, mask])
    assert torch.equal(first.probabilities[:, mask], v[:, mask])
    assert torch.equal(first.samples, second.samples)
    assert torch.equal(first.probabilities, second.probabilities)


def test_more_chains_narrow_the_average_as_independent_draws_do() -> None:
    v, mask = torch.zeros(3000, 5), clamp_mask(5, [0])
    spread = [
        float(
            complete(RBM_53, v, mask, 1, make_generator(3), n_chains=n)
            .probabilities[:, 1:]
            .var(0)
            .sum()
        )
        for n in (1, 8)
    ]
    assert spread[1] * 8 == pytest.approx(spread[0], rel=0.15)


@pytest.mark.parametrize("shape", [(4, 4), (5, 3)])
def test_halves_are_complementary_and_where_they_say(shape: tuple[int, int]) -> None:
    left, right = half_mask(shape, "left"), half_mask(shape, "right")
    top, bottom = half_mask(shape, "top"), half_mask(shape, "bottom")
    assert torch.equal(left, ~right)
    assert torch.equal(top, ~bottom)
    height, width = shape
    for mask, cut in ((left, width // 2), (top.reshape(shape).T.flatten(), height // 2)):
        lines = mask.reshape(-1, width if mask is left else height)
        assert bool(lines[:, :cut].all())
        assert not bool(lines[:, cut:].any())


def test_completion_says_what_it_needs() -> None:
    v = torch.zeros(2, 5)
    with pytest.raises(ConfigError, match="at least 1"):
        complete(RBM_53, v, clamp_mask(5, [0]), 0, make_generator(0))
    with pytest.raises(ShapeError, match=r"bool of shape \(5,\)"):
        complete(RBM_53, v, torch.ones(5), 3, make_generator(0))
    with pytest.raises(ConfigError, match="'middle'; allowed are left"):
        half_mask((4, 4), "middle")
