"""Attribution splits a field into the parts that make it."""

from __future__ import annotations

import pytest
import torch

from rbm_core import RBM, ConfigError, attribution, enumerate_states, make_generator

N_VISIBLE, N_HIDDEN = 5, 3


def machine() -> RBM:
    rbm = RBM.initialise(N_VISIBLE, N_HIDDEN, 1.0, generator=make_generator(7), dtype=torch.float64)
    return RBM(rbm.weights, torch.linspace(-1, 1, N_VISIBLE).double(), rbm.hidden_bias + 0.3)


def test_attribution_sums_to_the_expected_field() -> None:
    """The parts add up to Σ_h p(h|v) (h Wᵀ + b_v)_i, summed over every hidden state."""
    rbm = machine()
    v, h = enumerate_states(N_VISIBLE), enumerate_states(N_HIDDEN)
    p_on = rbm.mean_h_given_v(v)
    p_h = torch.stack([(p_on * x + (1 - p_on) * (1 - x)).prod(-1) for x in h], -1)
    for unit in range(N_VISIBLE):
        expected = p_h @ rbm.visible_field(h)[:, unit]
        torch.testing.assert_close(attribution(rbm, v, unit).sum(-1), expected)


def test_attribution_has_one_part_per_hidden_unit_and_the_bias_last() -> None:
    rbm = machine()
    parts = attribution(rbm, enumerate_states(N_VISIBLE)[:7], 2)
    assert parts.shape == (7, N_HIDDEN + 1)
    assert bool((parts[:, -1] == rbm.visible_bias[2]).all())


def test_attribution_of_an_ensemble_is_that_of_each_replica() -> None:
    one = RBM.initialise(N_VISIBLE, N_HIDDEN, 1.0, generator=make_generator(3), n_replicas=2)
    v = enumerate_states(N_VISIBLE, dtype=torch.float32).expand(2, -1, -1)
    together = attribution(one, v, 1)
    for index in range(2):
        torch.testing.assert_close(together[index], attribution(one.replica(index), v[index], 1))


def test_attribution_names_the_unit_that_does_not_exist() -> None:
    with pytest.raises(ConfigError, match="unit is 5"):
        attribution(machine(), enumerate_states(N_VISIBLE), 5)
