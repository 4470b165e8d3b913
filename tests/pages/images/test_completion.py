"""Completing keeps what is held, equals the engine's completion, and beats the mean picture."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pages.images.completion import (
    HOLDS,
    N_CHAINS,
    N_STEPS,
    SHOWN_STEPS,
    complete_picture,
    held_by,
)
from rbm_core import (
    RBM,
    ConfigError,
    complete,
    load_dataset,
    load_pretrained,
    make_generator,
    strip_frames,
)

SHAPE = (8, 8)


@pytest.fixture(scope="module")
def machine() -> RBM:
    return load_pretrained("small-digits").rbm


@pytest.fixture(scope="module")
def picture() -> torch.Tensor:
    rows = load_dataset("digits").test
    assert rows is not None
    return (rows[0] >= 0.5).float()


@pytest.mark.parametrize("hold", ["left", "rim"])
def test_completion_keeps_the_held_pixels_at_every_step(
    machine: RBM, picture: torch.Tensor, hold: str
) -> None:
    held = held_by(hold, SHAPE)
    done = complete_picture(machine, picture, held.numpy(), None, 0)
    for frame in done.frames:
        assert torch.equal(frame.samples[:, held], picture[held].expand(N_CHAINS, -1))
    assert torch.equal(done.estimate[held], picture[held])


def test_completion_shown_ends_where_the_engines_completion_ends(
    machine: RBM, picture: torch.Tensor
) -> None:
    held = held_by("top", SHAPE)
    done = complete_picture(machine, picture, held.numpy(), None, 5)
    coins = make_generator(5, "repair")
    expected = complete(machine, picture[None], held, N_STEPS, coins, n_chains=N_CHAINS)
    assert torch.equal(done.frames[-1].samples[:1], expected.samples)
    assert torch.equal(done.estimate, expected.probabilities[0])
    begin = torch.where(held, picture, 0.0).repeat(N_CHAINS, 1)
    coins = make_generator(5, "repair")
    for ours, theirs in zip(
        done.frames, strip_frames(machine, begin, SHOWN_STEPS, coins, clamp=held), strict=True
    ):
        assert ours.step == theirs.step
        assert torch.equal(ours.samples, theirs.samples)
        assert torch.equal(ours.probabilities, theirs.probabilities)


def test_completion_never_looks_at_what_it_must_draw(machine: RBM, picture: torch.Tensor) -> None:
    held = held_by("bottom", SHAPE)
    other = torch.where(held, picture, 1 - picture)
    first = complete_picture(machine, picture, held.numpy(), None, 2)
    second = complete_picture(machine, other, held.numpy(), None, 2)
    assert torch.equal(first.estimate, second.estimate)


def test_completion_beats_the_mean_picture_on_held_out_digits(machine: RBM) -> None:
    data = load_dataset("digits")
    assert data.test is not None
    mean = data.train.mean(0)
    held = held_by("left", SHAPE).numpy()
    ours, fills = [], []
    for row in data.test[::12]:
        done = complete_picture(machine, (row >= 0.5).float(), held, mean, 0)
        ours.append(done.error)
        fills.append(done.mean_fill_error)
    assert np.mean(ours) < 0.8 * np.mean(fills)


def test_completion_with_everything_held_has_no_error_to_speak_of(
    machine: RBM, picture: torch.Tensor
) -> None:
    done = complete_picture(machine, picture, np.ones(64, dtype=bool), None, 0)
    assert done.n_free == 0
    assert np.isnan(done.error)


@pytest.mark.parametrize("shape", [(8, 8), (5, 7), (28, 28)])
def test_opposite_halves_share_the_picture_and_a_rim_surrounds_it(shape: tuple[int, int]) -> None:
    for one, other in (("left", "right"), ("top", "bottom")):
        assert torch.equal(held_by(one, shape), ~held_by(other, shape))
    rim = held_by("rim", shape).reshape(shape)
    assert rim[0].all()
    assert rim[:, -1].all()
    assert not rim[shape[0] // 2, shape[1] // 2]
    assert not held_by("nothing", shape).any()


def test_an_unknown_hold_is_named_with_what_is_allowed() -> None:
    with pytest.raises(ConfigError, match=r"middle.*left"):
        held_by("middle", SHAPE)
    assert "rim" in HOLDS
