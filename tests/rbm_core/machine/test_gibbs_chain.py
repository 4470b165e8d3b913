"""Laws of chains: they are Gibbs steps one after another, with the same coins."""

from __future__ import annotations

import pytest
import torch

from rbm_core import RBM, ShapeError, clamp_mask, gibbs_chain, gibbs_step, make_generator, noise
from rbm_core.generators import bernoulli
from rbm_core.machine.gibbs import PACKED_MIN

# Machines of primes (5 visible, 3 hidden, 7 chains), with replicas along no, one and two axes.
REPLICAS: list[tuple[int, ...]] = [(), (2,), (2, 3)]


def machine(replicas: tuple[int, ...], n_visible: int = 5, n_hidden: int = 3) -> RBM:
    shape = (*replicas, n_visible, n_hidden)
    weights = torch.linspace(-1.5, 1.5, torch.Size(shape).numel()).reshape(shape)
    return RBM(weights, weights[..., 0] / 2, weights[..., 0, :] / 3)


@pytest.mark.parametrize("replicas", REPLICAS)
@pytest.mark.parametrize("clamped", [None, (0, 3)])
def test_a_chain_is_gibbs_steps_one_after_another(
    replicas: tuple[int, ...], clamped: tuple[int, ...] | None
) -> None:
    rbm = machine(replicas)
    clamp = None if clamped is None else clamp_mask(5, clamped)
    v = noise(rbm, 7, make_generator(0))
    stream, same = make_generator(1), make_generator(1)
    for state in gibbs_chain(rbm, v, 11, stream, clamp=clamp):
        v, _ = gibbs_step(rbm, v, same, clamp=clamp)
        assert torch.equal(state, v)


@pytest.mark.parametrize("clamped", [None, (0, 3, 66)])
@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_chain_on_packed_bits_is_gibbs_steps_too(
    clamped: tuple[int, ...] | None, share: float
) -> None:
    rbm = machine((), 67, 83)
    rbm = RBM(rbm.weights / 3, rbm.visible_bias + share - 0.5, rbm.hidden_bias)
    assert rbm.weights.numel() >= PACKED_MIN
    clamp = None if clamped is None else clamp_mask(67, clamped)
    v = bernoulli(torch.full((7, 67), share), make_generator(0))
    stream, same = make_generator(1), make_generator(1)
    n_on = 0.0
    for state in gibbs_chain(rbm, v, 30, stream, clamp=clamp):
        v, _ = gibbs_step(rbm, v, same, clamp=clamp)
        assert torch.equal(state, v)
        n_on += float(v.mean())
    assert 0.1 < n_on / 30 < 0.9


def test_levels_between_bits_are_not_rounded_where_a_chain_begins() -> None:
    rbm = machine((), 67, 83)
    v = torch.full((7, 67), 0.3)
    stream, same = make_generator(1), make_generator(1)
    first = next(gibbs_chain(rbm, v, 1, stream))
    assert torch.equal(first, gibbs_step(rbm, v, same)[0])


def test_a_chain_keeps_the_states_it_gave_and_the_one_it_began_with() -> None:
    rbm = machine(())
    v = noise(rbm, 7, make_generator(0))
    began = v.clone()
    states = list(gibbs_chain(rbm, v, 5, make_generator(1)))
    again = [state.clone() for state in gibbs_chain(rbm, v, 5, make_generator(1))]
    assert torch.equal(v, began)
    assert all(torch.equal(a, b) for a, b in zip(states, again, strict=True))


def test_a_chain_of_the_wrong_width_is_refused() -> None:
    with pytest.raises(ShapeError, match="n_visible = 5"):
        next(gibbs_chain(machine(()), torch.zeros(7, 4), 1, make_generator(0)))
