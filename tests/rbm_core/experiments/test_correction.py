"""Laws of the flip-and-correct experiment, against enumeration of every path."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from rbm_core import (
    RBM,
    ConfigError,
    CorrectionConfig,
    DataError,
    Dataset,
    ShapeError,
    correct,
    expected_correction,
    load_dataset,
    make_generator,
    state_index,
)
from tests import notebook_machines, oracle
from tests.conftest import MakeMachine

AsOracle = Callable[[RBM], oracle.Machine]
AND, ADDER = load_dataset("and"), load_dataset("half-adder")
LEGAL = np.array([1.0, 0, 1, 0, 1, 0, 0, 1])  # 000, 010, 100 and 111
N_CHAINS = 40_000


def expected_curve(
    matrix: oracle.Array, starts: list[int], legal: oracle.Array, n: int
) -> list[float]:
    law = np.bincount(starts, minlength=len(legal)) / len(starts)
    return [float(law @ np.linalg.matrix_power(matrix, t) @ legal) for t in range(n + 1)]


@pytest.mark.parametrize("clamp", [True, False])
def test_the_exact_curve_is_the_chain_pushed_from_flipped_rows(
    make_rbm: MakeMachine, as_oracle: AsOracle, clamp: bool
) -> None:
    rbm = make_rbm(0, n_visible=3, n_hidden=2)
    config = CorrectionConfig(n_steps=7, clamp_inputs=clamp)
    matrix = oracle.transition(as_oracle(rbm), (0, 1) if clamp else ())
    curve = expected_curve(matrix, [0b001, 0b011, 0b101, 0b110], LEGAL, 7)
    assert expected_correction(rbm, AND, config).p_legal.tolist() == pytest.approx(curve, abs=1e-12)
    kept = CorrectionConfig(n_steps=7, clamp_inputs=clamp, flip=False)
    curve = expected_curve(matrix, [0b000, 0b010, 0b100, 0b111], LEGAL, 7)
    assert expected_correction(rbm, AND, kept).p_legal.tolist() == pytest.approx(curve, abs=1e-12)
    one = CorrectionConfig(n_steps=7, clamp_inputs=clamp, row=2)
    curve = expected_curve(matrix, [0b101], LEGAL, 7)
    assert expected_correction(rbm, AND, one).p_legal.tolist() == pytest.approx(curve, abs=1e-12)


def test_either_output_of_two_can_be_flipped(make_rbm: MakeMachine, as_oracle: AsOracle) -> None:
    rbm = make_rbm(1, n_visible=4, n_hidden=3)
    legal = np.zeros(16)
    legal[[0b0000, 0b0101, 0b1001, 0b1110]] = 1
    matrix = oracle.transition(as_oracle(rbm))
    flips: list[tuple[int | tuple[int, ...], int]] = [(0, 0b10), (1, 0b01), ((0, 1), 0b11)]
    for output, mask in flips:
        config = CorrectionConfig(n_steps=5, clamp_inputs=False, output=output)
        starts = [row ^ mask for row in (0b0000, 0b0101, 0b1001, 0b1110)]
        curve = expected_curve(matrix, starts, legal, 5)
        got = expected_correction(rbm, ADDER, config).p_legal.tolist()
        assert got == pytest.approx(curve, abs=1e-12), output


@pytest.mark.parametrize("clamp", [True, False])
def test_sampled_trajectories_follow_the_exact_answer(clamp: bool) -> None:
    config = CorrectionConfig(n_steps=8, clamp_inputs=clamp)
    rbm = notebook_machines.SMALL
    exact = expected_correction(rbm, AND, config)
    drawn = correct(rbm, AND, config, n_chains=N_CHAINS, generator=make_generator(0))
    legal_share = LEGAL[state_index(drawn.states).numpy()].mean(1)
    error = 4 * 0.5 / N_CHAINS**0.5
    assert drawn.p_legal.mean(-1).numpy() == pytest.approx(exact.p_legal.numpy(), abs=error)
    assert legal_share == pytest.approx(exact.p_legal.numpy(), abs=error)
    for name in ("repaired_by_output", "repaired_by_input", "unrepaired"):
        assert getattr(drawn, name) == pytest.approx(getattr(exact, name), abs=error), name


def test_the_curve_of_a_chain_varies_less_than_its_states() -> None:
    """Averaging the last draw out is exact, so it can only take variance away."""
    config = CorrectionConfig(n_steps=4, clamp_inputs=False)
    drawn = correct(notebook_machines.BIG, AND, config, n_chains=4000, generator=make_generator(0))
    bits = torch.as_tensor(LEGAL)[state_index(drawn.states)]
    assert (drawn.p_legal[1:].var(-1) < bits[1:].var(-1)).all()
    assert ((drawn.p_legal >= 0) & (drawn.p_legal <= 1 + 1e-12)).all()


def test_who_repaired_the_row_is_read_off_the_first_legal_row(
    make_rbm: MakeMachine, as_oracle: AsOracle
) -> None:
    """First passage by enumerating every path of three steps."""
    rbm = make_rbm(3, n_visible=3, n_hidden=2)
    matrix = oracle.transition(as_oracle(rbm))
    by_output = by_input = never = 0.0
    for start in (0b001, 0b011, 0b101, 0b110):
        for path in np.ndindex(8, 8, 8):
            p = 0.25 * matrix[start, path[0]] * matrix[path[0], path[1]] * matrix[path[1], path[2]]
            first = next((state for state in path if LEGAL[state]), None)
            if first is None:
                never += p
            elif first >> 1 == start >> 1:
                by_output += p
            else:
                by_input += p
    config = CorrectionConfig(n_steps=3, clamp_inputs=False)
    exact = expected_correction(rbm, AND, config)
    assert exact.unrepaired == pytest.approx(never, abs=1e-12)
    assert exact.repaired_by_output == pytest.approx(by_output / (1 - never), abs=1e-12)
    assert exact.repaired_by_input == pytest.approx(by_input / (1 - never), abs=1e-12)


def test_held_inputs_never_change_and_only_the_output_can_repair() -> None:
    config = CorrectionConfig(n_steps=8)
    drawn = correct(notebook_machines.SMALL, AND, config, generator=make_generator(0))
    assert (drawn.states[:, :, :2] == drawn.states[0, :, :2]).all()
    assert drawn.repaired_by_input == 0.0
    assert expected_correction(notebook_machines.SMALL, AND, config).repaired_by_input == 0.0


def test_every_row_is_spoiled_equally_often_and_the_remainder_drawn() -> None:
    config = CorrectionConfig(n_steps=1)
    drawn = correct(notebook_machines.SMALL, AND, config, n_chains=103, generator=make_generator(0))
    counts = np.bincount(state_index(drawn.states[0]).numpy(), minlength=8)
    assert counts.sum() == 103
    assert set(counts[[0b001, 0b011, 0b101, 0b110]]) <= {25, 26, 27, 28}
    assert counts[[0b001, 0b011, 0b101, 0b110]].sum() == 103


def test_shares_without_a_repair_are_undefined_and_said_so() -> None:
    """A machine that never moves: nothing repairs the row."""
    frozen = RBM(80.0 * torch.eye(3), torch.full((3,), -40.0), torch.full((3,), -40.0))
    config = CorrectionConfig(n_steps=3)
    exact = expected_correction(frozen, AND, config)
    drawn = correct(frozen, AND, config, generator=make_generator(0))
    assert math.isnan(drawn.repaired_by_output)
    assert math.isnan(drawn.repaired_by_input)
    assert drawn.unrepaired == 1.0
    assert exact.unrepaired == pytest.approx(1.0)


def test_the_experiment_is_a_function_of_the_seed() -> None:
    config = CorrectionConfig(n_steps=5)
    one, same, other = (
        correct(notebook_machines.SMALL, AND, config, generator=make_generator(seed)).states
        for seed in (0, 0, 1)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_what_does_not_exist_is_refused_with_what_does(make_rbm: MakeMachine) -> None:
    rbm = make_rbm(0, n_visible=3, n_hidden=2)
    with pytest.raises(ConfigError, match="n_steps is 0; it must be a whole number of at least 1"):
        CorrectionConfig(n_steps=0)
    with pytest.raises(ConfigError, match="row is 4; the table has rows 0 to 3"):
        expected_correction(rbm, AND, CorrectionConfig(n_steps=1, row=4))
    with pytest.raises(ConfigError, match="row is -1"):
        expected_correction(rbm, AND, CorrectionConfig(n_steps=1, row=-1))
    with pytest.raises(ConfigError, match="output is 1; the table has outputs 0 to 0"):
        expected_correction(rbm, AND, CorrectionConfig(n_steps=1, output=1))
    with pytest.raises(ShapeError, match="needs one machine with 4 visible units"):
        expected_correction(rbm, ADDER, CorrectionConfig(n_steps=1))
    with pytest.raises(ShapeError, match="needs one machine"):
        expected_correction(make_rbm(0, 2, n_visible=3), AND, CorrectionConfig(n_steps=1))
    rows = Dataset(name="pictures", train=torch.zeros(5, 3))
    with pytest.raises(DataError, match="'pictures' has no output bit to flip"):
        correct(rbm, rows, CorrectionConfig(n_steps=1), generator=make_generator(0))
