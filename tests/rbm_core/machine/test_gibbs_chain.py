"""Laws of chains: they are Gibbs steps one after another, with the same coins."""

from __future__ import annotations

import pytest
import torch

from rbm_core import RBM, ShapeError, clamp_mask, gibbs_chain, gibbs_step, make_generator, noise

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
