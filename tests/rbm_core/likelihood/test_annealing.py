"""Laws of annealed importance sampling, against exact log Z."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from rbm_core import RBM, ConfigError, ShapeError, SizeError, log_partition, make_generator
from rbm_core.exact.enumeration import log_likelihood, visible_distribution
from rbm_core.exact.samples import exact_samples
from rbm_core.likelihood.annealing import ais, reverse_ais
from rbm_core.likelihood.betas import BETA_SCHEDULES, beta_schedule
from rbm_core.likelihood.bracket import log_likelihood_bracket, log_partition_bracket
from rbm_core.machine.independent import base_machine
from rbm_core.machine.states import state_index


def machine(seed: int, n_visible: int = 5, n_hidden: int = 3, std: float = 1.0) -> RBM:
    """A machine with weights and both biases drawn."""
    stream = make_generator(seed, "test")
    rbm = RBM.initialise(n_visible, n_hidden, std, generator=stream, dtype=torch.float64)
    v_bias = torch.as_tensor(stream.normal(size=n_visible))  # type: ignore[union-attr]
    h_bias = torch.as_tensor(stream.normal(size=n_hidden))  # type: ignore[union-attr]
    return RBM(rbm.weights, v_bias, h_bias)


def rows(n: int, n_visible: int) -> Tensor:
    return exact_samples(machine(99, n_visible), n, make_generator(1))


def test_salakhutdinov_murray_schedule_has_the_published_spacings() -> None:
    betas = beta_schedule("salakhutdinov-murray")
    steps = betas.diff()
    assert len(steps) == 500 + 4000 + 10_000
    assert torch.allclose(steps[:500], torch.tensor(1e-3, dtype=torch.float64), atol=1e-12)
    assert torch.allclose(steps[500:4500], torch.tensor(1e-4, dtype=torch.float64), atol=1e-12)
    assert torch.allclose(steps[4500:], torch.tensor(1e-5, dtype=torch.float64), atol=1e-12)


@pytest.mark.parametrize("name", BETA_SCHEDULES)
def test_every_named_schedule_rises_from_zero_to_one(name: str) -> None:
    betas = beta_schedule(name)
    assert float(betas[0]) == 0.0
    assert float(betas[-1]) == 1.0
    assert bool((betas.diff() > 0).all())
    assert torch.equal(beta_schedule(betas), betas)


@pytest.mark.parametrize("with_data", [False, True])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_ais_weights_are_unbiased_on_a_coarse_path(direction: str, with_data: bool) -> None:
    # Three jumps only: every factor of the weight matters, and the mean is still exact.
    rbm = machine(3)
    base = base_machine(rbm, rows(40, 5) if with_data else None)
    base = RBM(base.weights, base.visible_bias, torch.tensor([0.3, -0.8, 0.1]).double())
    run = ais if direction == "forward" else reverse_ais
    betas = torch.tensor([0.0, 0.3, 0.7, 1.0])
    result = run(rbm, make_generator(5), betas=betas, n_runs=40_000, base=base)
    ratio = float(log_partition(rbm) - log_partition(base))
    weights = torch.exp(result.log_weights - (ratio if direction == "forward" else -ratio))
    error = float(weights.std() / math.sqrt(len(weights)))
    assert error < 0.05
    assert abs(float(weights.mean()) - 1) < 4 * error


def test_ais_bracket_contains_exact_log_partition_20_times_of_20() -> None:
    found = []
    for seed in range(20):
        rbm = machine(seed, 13, 7, 0.3 + 0.1 * seed)
        bracket = log_partition_bracket(
            rbm, make_generator(seed, "ais"), betas="linear-1000", n_runs=100
        )
        assert bracket.exact_start
        found.append(bool(bracket.contains(log_partition(rbm), 3)))
    assert sum(found) == 20


def test_ais_std_error_is_the_spread_over_repetitions() -> None:
    rbm = machine(7, 11, 5, 1.2)
    runs = [ais(rbm, make_generator(s), betas="linear-100", n_runs=50) for s in range(60)]
    spread = float(torch.stack([r.log_partition for r in runs]).std())
    told = float(torch.stack([r.std_error for r in runs]).mean())
    assert 0.7 < told / spread < 1.4


def test_coarse_ais_errs_low_and_reverse_ais_errs_high() -> None:
    rbm = machine(2, 7, 5, 2.0)
    exact = float(log_partition(rbm))
    betas = torch.tensor([0.0, 1.0])
    low = [ais(rbm, make_generator(s), betas=betas, n_runs=3).log_partition for s in range(200)]
    high = [
        reverse_ais(rbm, make_generator(s), betas=betas, n_runs=3).log_partition for s in range(200)
    ]
    assert float(torch.stack(low).mean()) < exact - 0.1
    assert float(torch.stack(high).mean()) > exact + 0.1


def test_ais_of_replicas_estimates_each_replica() -> None:
    alone = [machine(seed, 7, 5) for seed in (1, 2, 3)]
    triples = zip(*(rbm.parameters() for rbm in alone), strict=True)
    together = RBM(*(torch.stack(parts) for parts in triples))
    bracket = log_partition_bracket(together, make_generator(0), betas="linear-1000", n_runs=101)
    assert bracket.lower.shape == (3,)
    assert bool(bracket.contains(log_partition(together)).all())
    assert float((bracket.upper - bracket.lower).abs().max()) < 0.3


def test_single_precision_ais_agrees_with_exact_log_partition() -> None:
    rbm = machine(11, 101, 13, 0.3)
    bracket = log_partition_bracket(
        rbm.to(dtype=torch.float32), make_generator(0), betas="linear-1000", n_runs=100
    )
    assert bool(bracket.contains(log_partition(rbm)))
    assert float(bracket.upper - bracket.lower) < 0.5


def test_ais_is_seeded() -> None:
    rbm = machine(1)
    first, again, other = (
        ais(rbm, make_generator(s), betas="linear-100", n_runs=7).log_weights for s in (4, 4, 5)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(("n_visible", "n_hidden"), [(5, 3), (3, 5)])
def test_exact_samples_follow_the_exact_distribution(n_visible: int, n_hidden: int) -> None:
    rbm, n = machine(8, n_visible, n_hidden), 100_000
    v = exact_samples(rbm, n, make_generator(3))
    p = visible_distribution(rbm)
    seen = torch.bincount(state_index(v), minlength=len(p)) / n
    floor = float((p * (1 - p) / n).sqrt().sum() / 2)
    assert float((seen - p).abs().sum() / 2) < 1.5 * floor


def test_large_machine_bracket_starts_at_data_and_says_so() -> None:
    stream = make_generator(0)
    rbm = RBM.initialise(23, 29, 0.2, generator=stream)
    with pytest.raises(ConfigError, match="give data"):
        log_partition_bracket(rbm, stream)
    with pytest.raises(SizeError):
        reverse_ais(rbm, stream, betas="linear-100")
    data = (torch.rand(31, 23, generator=torch.Generator().manual_seed(1)) < 0.5).float()
    bracket = log_partition_bracket(
        rbm, stream, data=data, betas="linear-1000", n_runs=50, n_gibbs_steps=100
    )
    assert not bracket.exact_start
    assert abs(float(bracket.upper - bracket.lower)) < 0.2


def test_log_likelihood_bracket_contains_the_exact_log_likelihood() -> None:
    rbm, data = machine(4), rows(17, 5)
    bracket = log_partition_bracket(rbm, make_generator(2), betas="linear-1000", data=data)
    likelihood = log_likelihood_bracket(rbm, data, bracket)
    assert bool(likelihood.contains(log_likelihood(rbm, data)))
    assert torch.equal(likelihood.lower_std_error, bracket.upper_std_error)
    width = (likelihood.upper - likelihood.lower) - (bracket.upper - bracket.lower)
    assert abs(float(width)) < 1e-9


def test_ais_refuses_what_it_cannot_use() -> None:
    rbm, stream = machine(1), make_generator(0)
    with pytest.raises(ConfigError, match="salakhutdinov-murray"):
        ais(rbm, stream, betas="fast")
    for betas in ([0.0, 0.5, 0.5, 1.0], [0.1, 1.0], [0.0, 0.9], [0.0]):
        with pytest.raises(ConfigError, match="rise"):
            ais(rbm, stream, betas=torch.tensor(betas))
    with pytest.raises(ConfigError, match="n_runs is 1"):
        ais(rbm, stream, betas="linear-100", n_runs=1)
    with pytest.raises(ConfigError, match="not zero"):
        ais(rbm, stream, betas="linear-100", base=rbm)
    with pytest.raises(ShapeError, match="base_machine"):
        ais(rbm, stream, betas="linear-100", base=base_machine(machine(1, 7, 3)))
    with pytest.raises(ShapeError, match="start has shape"):
        reverse_ais(rbm, stream, betas="linear-100", start=torch.zeros(3, 5), n_runs=7)
    with pytest.raises(ShapeError, match="data has shape"):
        base_machine(rbm, torch.zeros(3, 4))
    large = RBM.initialise(23, 29, 0.2, generator=stream)
    with pytest.raises(ConfigError, match="n_gibbs_steps"):
        log_partition_bracket(large, stream, data=torch.zeros(3, 23), n_gibbs_steps=-1)
