"""The flip-and-correct experiment: what is sampled agrees with what is exact, on every gate."""

from __future__ import annotations

import math

import pytest
import torch

from rbm_core import (
    GATES,
    RBM,
    CorrectionConfig,
    Dataset,
    correct,
    default_recipe,
    enumerate_states,
    expected_correction,
    load_dataset,
    make_generator,
)
from rbm_core.recipes.presets import preset

N_CHAINS = 4000


def trained(name: str) -> tuple[RBM, Dataset]:
    recipe = preset("xor-ready").recipe if name == "xor" else default_recipe(name)
    dataset = recipe.load_dataset()
    run = recipe.start(dataset)
    for _ in run:
        pass
    return run.rbm, dataset


@pytest.fixture(scope="module")
def machines() -> dict[str, tuple[RBM, Dataset]]:
    return {name: trained(name) for name in ("and", "or", "xor", "nand", "nor", "xnor", "implies")}


def test_repair_with_inputs_held_leaves_them_and_mends_the_output(
    machines: dict[str, tuple[RBM, Dataset]],
) -> None:
    """Every trained gate and row: inputs never change, P(correct) ≥ 0.85 at the end."""
    for name, (rbm, dataset) in machines.items():
        for row in range(len(dataset.train)):
            config = CorrectionConfig(n_steps=12, row=row)
            result = correct(rbm, dataset, config, generator=make_generator(0, "correction", row))
            assert bool((result.states[..., :2] == dataset.train[row, :2]).all()), name
            exact = expected_correction(rbm, dataset, config)
            assert float(exact.p_legal[-1]) >= 0.85, (name, row)
            assert float(result.p_legal[-1].mean()) >= 0.85, (name, row)


def test_repair_shares_sum_to_one_and_agree_with_the_exact_ones(
    machines: dict[str, tuple[RBM, Dataset]],
) -> None:
    """Inputs free: within four standard errors of a binomial share, on every gate."""
    for name, (rbm, dataset) in machines.items():
        config = CorrectionConfig(n_steps=12, clamp_inputs=False)
        exact = expected_correction(rbm, dataset, config)
        sampled = correct(
            rbm, dataset, config, n_chains=N_CHAINS, generator=make_generator(1, name)
        )
        for answer in (exact, sampled):
            assert answer.repaired_by_output + answer.repaired_by_input == pytest.approx(1.0)
        share = exact.repaired_by_input
        error = math.sqrt(share * (1 - share) / (N_CHAINS * (1 - exact.unrepaired)))
        assert abs(sampled.repaired_by_input - share) < 4 * error, name
        floor = 4 * math.sqrt(max(exact.unrepaired, 1 / N_CHAINS) / N_CHAINS)
        assert abs(sampled.unrepaired - exact.unrepaired) < floor, name


@pytest.mark.parametrize("clamp", [True, False])
def test_repair_curve_sampled_agrees_with_the_exact_one(
    clamp: bool, machines: dict[str, tuple[RBM, Dataset]]
) -> None:
    rbm, dataset = machines["xor"]
    config = CorrectionConfig(n_steps=12, clamp_inputs=clamp, row=3)
    exact = expected_correction(rbm, dataset, config).p_legal
    sampled = correct(rbm, dataset, config, n_chains=N_CHAINS, generator=make_generator(2)).p_legal
    error = sampled.std(1).clamp(min=1e-3) / math.sqrt(N_CHAINS)
    assert bool((torch.abs(sampled.mean(1) - exact) < 4.5 * error).all())


def test_repair_shares_equal_first_passage_by_brute_force() -> None:
    """Paths of length 3 enumerated one by one on a small machine, hidden layer summed out."""
    dataset = load_dataset("xor")
    rbm = RBM.initialise(3, 2, 1.3, generator=make_generator(5), dtype=torch.float64)
    v, h = enumerate_states(3), enumerate_states(2)
    p_on = rbm.mean_h_given_v(v)
    p_h = torch.stack([(p_on * x + (1 - p_on) * (1 - x)).prod(-1) for x in h], -1)
    q_on = rbm.mean_v_given_h(h)
    p_v = torch.stack([(q_on * x + (1 - q_on) * (1 - x)).prod(-1) for x in v], -1)
    step = (p_h @ p_v).tolist()
    legal = {0b000, 0b011, 0b101, 0b110}
    start = 0b111  # row 1 1 → 0 with its output flipped
    by_output = by_input = 0.0

    def walk(state: int, weight: float, left: int) -> None:
        nonlocal by_output, by_input
        for after, p in enumerate(step[state]):
            if after in legal:
                by_output += weight * p * (after >> 1 == start >> 1)
                by_input += weight * p * (after >> 1 != start >> 1)
            elif left > 1:
                walk(after, weight * p, left - 1)

    walk(start, 1.0, 3)
    config = CorrectionConfig(n_steps=3, clamp_inputs=False, row=3)
    exact = expected_correction(rbm, dataset, config)
    assert exact.repaired_by_output == pytest.approx(by_output / (by_output + by_input))
    assert exact.repaired_by_input == pytest.approx(by_input / (by_output + by_input))
    assert exact.unrepaired == pytest.approx(1 - by_output - by_input)


def test_repair_of_two_flipped_outputs_starts_with_both_wrong() -> None:
    dataset = load_dataset("half-adder")
    rbm = RBM.initialise(4, 3, 1.0, generator=make_generator(4))
    config = CorrectionConfig(n_steps=2, row=3, output=(0, 1))
    result = correct(rbm, dataset, config, n_chains=5, generator=make_generator(6))
    assert result.states[0].tolist() == [[1.0, 1.0, 0.0, 1.0]] * 5
    assert result.h.shape == (2, 5, 3)
    assert GATES["half-adder"][3] == "10"
