"""Dreams give the engine's numbers, whoever asks and however often they are interrupted."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from pages.images.downloads import strip_png
from pages.images.dreams import LAST_STEP, Dream, DreamRequest, Start, dream_of, dream_steps
from rbm_core import (
    RBM,
    ConfigError,
    chain_strip,
    fingerprint,
    load_pretrained,
    machine_path,
    make_generator,
    start_states,
    strip_steps,
)

SHAPE = (5, 7)


@pytest.fixture
def machine() -> RBM:
    generator = make_generator(0, "test")
    return RBM.initialise(35, 11, 0.5, generator=generator)


def asked(machine: RBM, *, start: Start, k: int, n_chains: int = 16, seed: int = 0) -> DreamRequest:
    """What asks for a dream of a machine."""
    return DreamRequest(
        machine=fingerprint(machine),
        start=start,
        k=k,
        image_shape=SHAPE,
        n_chains=n_chains,
        seed=seed,
    )


def finish(dream: Dream) -> None:
    deadline = time.monotonic() + 30
    while not dream.done:
        assert time.monotonic() < deadline, dream.snapshot.step
        assert not dream.error, dream.error
        dream.asked = time.monotonic()
        time.sleep(0.02)


@pytest.mark.parametrize("start", ["noise", "probe"])
def test_dream_equals_the_engines_strip(machine: RBM, start: Start) -> None:
    request = asked(machine, start=start, k=3, n_chains=5, seed=7)
    dream = dream_of(machine, request)
    finish(dream)
    coins = make_generator(7, "sample")
    begin = start_states(start, machine, 5, coins, image_shape=SHAPE)
    strip = chain_strip(machine, begin, strip_steps(3), coins, show="samples")
    for step, states in zip(strip_steps(3), strip, strict=True):
        assert torch.equal(dream.snapshot.frames[step].samples.float() / 255, states)
        energies = torch.from_numpy(dream.snapshot.energies[step])
        assert torch.allclose(energies, machine.free_energy(states))


def test_scheduler_goes_on_after_a_dream_has_ended(machine: RBM) -> None:
    for seed in (21, 22):
        dream = dream_of(machine, asked(machine, start="noise", k=1, seed=seed))
        finish(dream)
    deadline = time.monotonic() + 10
    while dream.snapshot.state != "done":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_dream_is_shared_by_all_who_ask_for_the_same(machine: RBM) -> None:
    request = asked(machine, start="noise", k=1)
    again = asked(machine.clone(), start="noise", k=1)
    assert dream_of(machine, request) is dream_of(machine.clone(), again)
    other = asked(machine, start="noise", k=1, seed=1)
    assert dream_of(machine, request) is not dream_of(machine, other)


def test_dream_shows_its_start_before_the_first_turn(machine: RBM) -> None:
    request = asked(machine, start="noise", k=2, seed=99)
    dream = Dream(machine, request)
    assert dream.snapshot.step == 0
    assert set(dream.snapshot.frames) == {0}


def test_dream_that_nobody_watches_stops(machine: RBM) -> None:
    dream = Dream(machine, asked(machine, start="noise", k=1))
    dream.state = "running"
    dream.asked -= 60
    assert not dream.work(time.monotonic() + 1)
    assert (dream.snapshot.state, dream.busy) == ("paused", False)
    assert dream.snapshot.step == 0


def test_dream_without_rows_to_start_from_is_refused(machine: RBM) -> None:
    with pytest.raises(ConfigError, match="rows"):
        dream_of(machine, asked(machine, start="data", k=1), None)


def test_dream_keeps_every_step_of_the_strip() -> None:
    for k in (1, 3, 25):
        assert set(strip_steps(k)) <= set(dream_steps(k))
        assert dream_steps(k)[-1] == LAST_STEP


@pytest.mark.slow
def test_strip_is_the_picture_that_the_command_line_draws(tmp_path: Path) -> None:
    known = load_pretrained("small-digits")
    k = int(known.recipe.training.k_schedule.values[-1])
    request = DreamRequest(machine=known.fingerprint, start="noise", k=k, image_shape=(8, 8))
    dream = dream_of(known.rbm, request)
    finish(dream)
    view = SimpleNamespace(k=k, image_shape=(8, 8))
    ours = strip_png(view, dream.snapshot, "probabilities")  # type: ignore[arg-type]
    out = tmp_path / "strip.png"
    steps = ",".join(map(str, strip_steps(k)))
    command = f"-m rbm_core sample {machine_path('small-digits')} --chains 16 --scale 8"
    subprocess.run(
        [sys.executable, *command.split(), "--steps", steps, "--out", str(out)], check=True
    )
    assert out.read_bytes() == ours
