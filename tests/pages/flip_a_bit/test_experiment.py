"""What *Flip a bit* computes: sampled agrees with exact, inputs stay held, every table works."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from app.gates.machine import Machine
from app.gates.names import bit_names
from pages.flip_a_bit.diagram import diagram
from pages.flip_a_bit.experiment import (
    N_CHAINS,
    Experiment,
    Flip,
    experiment,
    first_state,
    flipped,
    n_steps_for,
)
from pages.flip_a_bit.listing import flip_code
from pages.flip_a_bit.words import HELP, panel_titles, row_text, verdict
from rbm_core import RBM, Recipe, default_recipe, enumerate_states, preset
from tests import oracle

GATES = ("and", "or", "xor", "nand", "nor", "xnor", "implies")
# Four inputs, two outputs: parity and majority.
LARGE = "table:" + ",".join(
    f"{sum(map(int, f'{i:04b}')) % 2}{int(f'{i:04b}'.count('1') > 2)}" for i in range(16)
)


def trained(recipe: Recipe, update: int | None = None) -> Machine:
    run = recipe.start()
    run.advance(update or run.n_updates)
    return Machine(
        recipe=recipe,
        dataset=run.dataset,
        rbm=run.rbm,
        update=run.update,
        n_updates=run.n_updates,
    )


def untrained(dataset: str) -> Machine:
    recipe = default_recipe(dataset)
    data = recipe.load_dataset()
    rbm = recipe.fresh_rbm(data)
    return Machine(recipe=recipe, dataset=data, rbm=rbm, update=0, n_updates=2000)


@pytest.fixture(scope="module")
def xor() -> Machine:
    return trained(preset("xor-ready").recipe)


def spoiled(machine: Machine, **settings: object) -> Experiment:
    start = Flip(v=first_state(machine.dataset), **settings)  # type: ignore[arg-type]
    return experiment(machine, flipped(machine, start))


def test_flip_opens_on_the_row_with_all_inputs_on(xor: Machine) -> None:
    assert first_state(xor.dataset) == (1, 1, 0)
    assert row_text(xor, 3) == "1 1 → 0"
    assert not experiment(xor, Flip(v=(1, 1, 0))).started_wrong


def test_flip_spoils_the_chosen_output_and_puts_the_others_right() -> None:
    machine = untrained("half-adder")
    flip = Flip(v=(1, 1, 0, 1), output=1)  # both outputs wrong; right is carry 1, sum 0
    again = flipped(machine, flip)
    assert again.v == (1, 1, 1, 1)
    assert again.n_flips == 1
    assert flipped(machine, again).v == again.v
    assert bit_names(machine.dataset) == ("x", "y", "carry", "sum")


def test_flip_of_both_outputs_is_an_experiment_of_its_own() -> None:
    shown = experiment(untrained("half-adder"), Flip(v=(1, 1, 0, 1)))
    assert shown.spoiled == (0, 1)
    assert shown.flipped.chain[0] == (1, 1, 0, 1)
    assert shown.kept.chain[0] == (1, 1, 1, 0)


def test_steps_shown_are_twice_k_within_bounds_and_never_hide_the_line() -> None:
    assert [n_steps_for(k) for k in (1, 4, 6, 10, 30, 40, 100)] == [12, 12, 12, 20, 60, 60, 100]


def test_same_seed_gives_the_same_picture_and_another_flip_another(xor: Machine) -> None:
    copy = trained(xor.recipe)
    first, same = spoiled(xor), spoiled(copy)
    np.testing.assert_array_equal(first.flipped.p_legal, same.flipped.p_legal)
    assert first.id == same.id
    other = experiment(xor, flipped(xor, first.flip))
    assert not np.array_equal(first.flipped.p_legal, other.flipped.p_legal)
    np.testing.assert_array_equal(first.flipped.exact, other.flipped.exact)


@pytest.mark.parametrize("gate", GATES)
def test_flip_with_inputs_held_is_repaired_by_every_trained_gate(gate: str) -> None:
    """Every row: inputs unchanged at every step, P(right) ≥ 0.85 at the end."""
    machine = trained(preset("xor-ready").recipe if gate == "xor" else default_recipe(gate))
    for row in machine.dataset.train:
        start = tuple(int(bit) for bit in row)
        shown = experiment(machine, flipped(machine, Flip(v=start)))
        assert shown.started_wrong
        assert all(bits[:2] == start[:2] for bits in shown.flipped.chain)
        assert shown.flipped.exact[-1] >= 0.85
        assert shown.flipped.n_right / N_CHAINS >= 0.75
        assert shown.flipped.expected.by_output == pytest.approx(1.0)


def test_mean_of_the_chains_follows_the_exact_curve(xor: Machine) -> None:
    """Within five standard errors of a hundred chains, at every step."""
    for held in (True, False):
        side = spoiled(xor, hold_inputs=held).flipped
        error = side.p_legal.std(1) / np.sqrt(N_CHAINS)
        assert np.all(np.abs(side.p_legal.mean(1) - side.exact) <= 5 * error + 0.02)


def test_repair_shares_sum_to_one_and_agree_within_sampling_error(xor: Machine) -> None:
    side = spoiled(xor, hold_inputs=False).flipped
    for shares in (side.sampled, side.expected):
        assert shares.by_output + shares.by_input == pytest.approx(1.0)
    share = side.expected.by_input
    assert abs(side.sampled.by_input - share) < 4 * np.sqrt(share * (1 - share) / N_CHAINS)


def test_the_chain_shown_is_repaired_as_most_are_and_ends_right(xor: Machine) -> None:
    legal = {tuple(int(bit) for bit in row) for row in xor.dataset.train}
    for held in (True, False):
        side = spoiled(xor, hold_inputs=held).flipped
        assert side.chain[-1] in legal
        first = next(bits for bits in side.chain if bits in legal)
        by_input = first[:2] != side.chain[0][:2]
        assert by_input == (side.sampled.by_input > 0.5)


def expected_path(machine: Machine, shown: Experiment, start: tuple[int, ...]) -> oracle.Array:
    """P(a legal row) at every step, by powers of the oracle's transition matrix."""
    w, b, c = (parameter.double().numpy() for parameter in machine.rbm.parameters())
    held = tuple(range(machine.n_inputs)) if shown.flip.hold_inputs else ()
    matrix = oracle.transition(oracle.Machine(w, b, c), held)
    law = np.zeros(len(matrix))
    law[oracle.word_number(start)] = 1.0
    legal = [oracle.word_number(row) for row in machine.dataset.train.tolist()]
    path = []
    for _ in range(shown.n_steps + 1):
        path.append(law[legal].sum())
        law = law @ matrix
    return np.array(path)


@pytest.mark.parametrize("dataset", ["not", "half-adder", "majority", "parity", LARGE])
@pytest.mark.parametrize("held", [True, False])
def test_flip_works_for_any_table(dataset: str, held: bool) -> None:
    machine = untrained(dataset)
    row = tuple(int(bit) for bit in machine.dataset.train[-1])
    for output in range(machine.n_outputs):
        shown = spoiled(machine, hold_inputs=held, output=output)
        wrong = list(row)
        wrong[machine.n_inputs + output] ^= 1
        assert (shown.kept.chain[0], shown.flipped.chain[0]) == (row, tuple(wrong))
        for side, start in ((shown.kept, row), (shown.flipped, tuple(wrong))):
            np.testing.assert_allclose(side.exact, expected_path(machine, shown, start), atol=1e-6)
            error = np.sqrt(side.exact * (1 - side.exact) / N_CHAINS)
            assert np.all(np.abs(side.p_legal.mean(1) - side.exact) <= 5 * error + 1e-6)
            assert abs(side.n_right / N_CHAINS - side.exact[-1]) <= 5 * error[-1] + 1e-6
            if held:
                assert {bits[: machine.n_inputs] for bits in side.chain} == {
                    row[: machine.n_inputs]
                }
        assert f"{shown.flipped.exact[-1]:.2f}" in verdict(shown)


def test_titles_name_the_outputs_that_are_flipped() -> None:
    both = experiment(untrained("half-adder"), Flip(v=(1, 1, 0, 1)))
    assert panel_titles(both) == ("Carry and sum kept", "Carry and sum flipped")
    total = spoiled(untrained("half-adder"), output=1)
    assert panel_titles(total) == ("Sum kept", "Sum flipped")
    assert panel_titles(spoiled(untrained("majority"))) == ("Output kept", "Output flipped")


def test_diagram_holds_the_engines_numbers_for_every_state(xor: Machine) -> None:
    parts = diagram(xor, 0)
    v = enumerate_states(3, dtype=torch.float32)
    p = xor.rbm.mean_h_given_v(v)
    torch.testing.assert_close(torch.as_tensor(parts.p_hidden), p)
    expected = xor.rbm.weights[2] * p
    torch.testing.assert_close(torch.as_tensor(parts.pushes[:, :-1]), expected)
    assert np.all(parts.pushes[:, -1] == float(xor.rbm.visible_bias[2]))
    assert parts.legal == (0, 3, 5, 6)


def test_code_shown_gives_the_numbers_shown(
    xor: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines run as they stand, for presets, changed settings and half-trained machines."""
    changed = default_recipe("half-adder").replace(k=6, learning_rate=0.3, n_hidden=5, seed=3)
    cases = [spoiled(xor), spoiled(trained(changed, 150), hold_inputs=False, output=1)]
    for shown in cases:
        room: dict[str, object] = {}
        exec(compile(flip_code(shown), "shown", "exec"), room)  # noqa: S102  (that is the law)
        sampled, exact = room["sampled"], room["exact"]
        np.testing.assert_array_equal(sampled.p_legal.numpy(), shown.flipped.p_legal)  # type: ignore[attr-defined]
        np.testing.assert_array_equal(exact.p_legal.numpy(), shown.flipped.exact)  # type: ignore[attr-defined]
        notebook = room["notebook"].mean(1).numpy()  # type: ignore[attr-defined]
        np.testing.assert_array_equal(notebook, shown.flipped.notebook)
        assert "repaired by an input" in capsys.readouterr().out


def test_verdict_rests_on_the_engines_numbers(xor: Machine) -> None:
    held, free = spoiled(xor), spoiled(xor, hold_inputs=False)
    assert f"**{held.flipped.exact[-1]:.2f}** after 12 steps (exact)" in verdict(held)
    assert f"{held.flipped.n_right} of 100 chains stand right (sampled)" in verdict(held)
    assert "inputs held at 1 1" in verdict(held)
    share = free.flipped.expected.by_input
    assert f"repaired by an input: **{share:.0%}** (exact)" in verdict(free)


def test_verdict_names_why_a_machine_does_not_repair() -> None:
    asleep = preset("asleep").recipe
    assert "asleep: the largest weight is 0." in verdict(spoiled(trained(asleep)))
    young = trained(preset("xor-ready").recipe, 10)
    assert "10 of 2000 updates" in verdict(spoiled(young))
    rbm = young.rbm
    blind = RBM(rbm.weights * 0 + 3, rbm.visible_bias, rbm.hidden_bias)
    unlearned = Machine(
        recipe=young.recipe, dataset=young.dataset, rbm=blind, update=2000, n_updates=2000
    )
    assert "has not learned the table" in verdict(spoiled(unlearned))


def test_tooltips_are_at_most_twenty_words() -> None:
    assert all(len(text.split()) <= 20 for text in HELP.values())
