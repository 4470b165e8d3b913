"""Corruption raises the free energy, chains lower it; flips are as many as asked."""

from __future__ import annotations

import numpy as np
import pytest

from pages.images.corruption import corruption_path, random_flips
from rbm_core import load_dataset, load_pretrained


def test_corruption_raises_the_free_energy_and_the_chain_lowers_it() -> None:
    machine = load_pretrained("small-digits").rbm
    data = load_dataset("digits")
    assert data.test is not None
    rises, falls = [], []
    for number, row in enumerate(data.test[:20]):
        path = corruption_path(machine, (row >= 0.5).float(), random_flips(64, 10, number), 0)
        rises.append(path.corrupted - path.clean)
        falls.append(path.corrupted - float(path.energies[-1].mean()))
        assert path.energies[0] == pytest.approx(path.corrupted, rel=1e-4)
    assert np.mean(rises) > 5
    assert np.mean(falls) > 5


def test_random_flips_turn_exactly_so_many_and_obey_the_seed() -> None:
    flips = random_flips(784, 41, 3)
    assert flips.sum() == 41
    assert np.array_equal(flips, random_flips(784, 41, 3))
    assert not np.array_equal(flips, random_flips(784, 41, 4))
