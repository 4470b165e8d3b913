"""Laws of chain strips: the frames are the chain's own states, and starts are what they say."""

import numpy as np
import pytest
import torch

from rbm_core import RBM, ConfigError, clamp_mask, gibbs_chain, make_generator
from rbm_core.experiments.chain_strip import (
    chain_strip,
    probe_squares,
    start_states,
    strip_frames,
    strip_steps,
)


def machine(n_visible: int = 5, n_hidden: int = 3) -> RBM:
    return RBM.initialise(n_visible, n_hidden, 1.0, generator=make_generator(3, "test"))


def start(n_chains: int = 7) -> torch.Tensor:
    return start_states("noise", machine(), n_chains, make_generator(4))


@pytest.mark.parametrize("steps", [(0, 1, 3, 8), (2, 8), (0,)])
def test_strip_samples_are_the_states_of_one_chain(steps: tuple[int, ...]) -> None:
    rbm, v = machine(), start()
    chain = [v, *gibbs_chain(rbm, v, 8, make_generator(5))]
    strip = chain_strip(rbm, v, steps, make_generator(5), show="samples")
    assert torch.equal(strip, torch.stack([chain[step] for step in steps]))


def test_strip_probabilities_are_what_its_samples_were_drawn_from() -> None:
    rbm = machine()
    v = start(40_000)
    frames = list(strip_frames(rbm, v, (0, 1, 4), make_generator(6)))
    assert torch.equal(frames[0].probabilities, v)
    for frame in frames[1:]:
        p = frame.probabilities.double()
        spread = (p * (1 - p)).sum(0).sqrt() / len(v)
        assert bool(((frame.samples.double() - p).mean(0).abs() < 4.5 * spread).all())
    shown = chain_strip(rbm, v, (0, 1, 4), make_generator(6))
    assert torch.equal(shown, torch.stack([frame.probabilities for frame in frames]))


def test_strip_comes_frame_by_frame() -> None:
    frames = strip_frames(machine(), start(), (1, 10**9), make_generator(7))
    assert next(frames).step == 1  # and nobody waits for the other


def test_strip_holds_clamped_units() -> None:
    v = start()
    strip = chain_strip(machine(), v, (1, 5), make_generator(8), clamp=clamp_mask(5, [1, 4]))
    assert torch.equal(strip[:, :, [1, 4]], v[:, [1, 4]].expand(2, -1, -1))


@pytest.mark.parametrize("steps", [(), (3, 1), (1, 1), (-1, 2)])
def test_strip_steps_must_rise(steps: tuple[int, ...]) -> None:
    with pytest.raises(ConfigError, match="steps are"):
        chain_strip(machine(), start(), steps, make_generator(0))


def test_strip_shows_one_of_two_things() -> None:
    with pytest.raises(ConfigError, match="'energies'; allowed are probabilities, samples"):
        chain_strip(machine(), start(), (1,), make_generator(0), show="energies")


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (1, (0, 1, 2, 10, 100, 1000, 10_000)),
        (3, (0, 1, 3, 6, 30, 100, 1000, 10_000)),
        (25, (0, 1, 25, 50, 100, 250, 1000, 10_000)),
    ],
)
def test_strip_moments_rise_through_k(k: int, expected: tuple[int, ...]) -> None:
    assert strip_steps(k) == expected


@pytest.mark.parametrize(
    ("shape", "sides"), [((28, 28), (24, 18)), ((8, 8), (6, 4)), ((64, 64), (54, 40))]
)
def test_probes_are_squares_of_sparse_noise(shape: tuple[int, int], sides: tuple[int, int]) -> None:
    n = 20_000
    probes = probe_squares(shape, make_generator(9), n).reshape(n, *shape)
    for half, side, density in (
        (probes[: n // 2], sides[0], 0.1),
        (probes[n // 2 :], sides[1], 0.3),
    ):
        on = half.mean(0)
        margin = (shape[0] - side) // 2
        inside = np.zeros(shape, bool)
        inside[margin : margin + side, margin : margin + side] = True
        assert bool((on[~torch.from_numpy(inside)] == 0).all())
        rates = on[torch.from_numpy(inside)]
        assert len(rates) == side * side
        assert bool(
            ((rates - density).abs() < 5.5 * (density * (1 - density) / (n // 2)) ** 0.5).all()
        )


def test_notebook_probes_come_four_and_four() -> None:
    probes = probe_squares((28, 28), make_generator(10)).reshape(8, 28, 28)
    assert bool((probes[:4, 2:5].sum((1, 2)) > 0).all())
    assert float(probes[4:, :5].sum()) == 0.0


def test_data_start_draws_different_rows_as_bits() -> None:
    rows = torch.rand(11, 5, generator=torch.Generator().manual_seed(1))
    v = start_states("data", machine(), 11, make_generator(11), rows=rows)
    crisp = {tuple(row) for row in (rows >= 0.5).float().tolist()}
    assert {tuple(row) for row in v.tolist()} == crisp
    drawn = start_states("data", machine(), 7, make_generator(11), rows=rows, binarisation="grey")
    assert len({tuple(row) for row in drawn.tolist()}) == 7
    assert {tuple(row) for row in drawn.tolist()} <= {tuple(row) for row in rows.tolist()}


def test_same_seed_same_start_other_seed_another() -> None:
    rbm = machine(784, 3)
    for kind in ("noise", "probe"):
        states = [
            start_states(kind, rbm, 8, make_generator(seed), image_shape=(28, 28))
            for seed in (1, 1, 2)
        ]
        assert torch.equal(states[0], states[1])
        assert not torch.equal(states[0], states[2])


def test_start_says_what_it_needs() -> None:
    rbm = machine()
    with pytest.raises(ConfigError, match="'dream'; allowed are noise, data, probe"):
        start_states("dream", rbm, 3, make_generator(0))
    with pytest.raises(ConfigError, match="none came"):
        start_states("data", rbm, 3, make_generator(0))
    with pytest.raises(ConfigError, match="2 came"):
        start_states("data", rbm, 3, make_generator(0), rows=torch.zeros(2, 5))
    with pytest.raises(ConfigError, match="5 visible units are no picture"):
        start_states("probe", rbm, 3, make_generator(0), image_shape=(28, 28))
    with pytest.raises(ConfigError, match="no room"):
        probe_squares((2, 2), make_generator(0))
