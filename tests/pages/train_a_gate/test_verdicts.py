"""Each preset gets the verdict it was made for, and *Fix it* repairs what is at fault."""

from __future__ import annotations

import pytest

from pages.train_a_gate.verdicts import judge
from pages.train_a_gate.words.verdicts import fix_label, verdict
from rbm_core import PRESETS, capacity, default_recipe
from tests.gate_jobs import quick_recipe, trained
from tests.labelled_runs import Labels, judged


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("xor-ready", "learned"),
        ("and-from-scratch", "learned"),
        ("too-few-hidden", "too_few_hidden"),
        ("asleep", "asleep"),
        ("too-fast", "thrashing"),
    ],
)
def test_preset_gets_the_verdict_it_was_made_for(slug: str, name: str) -> None:
    job = trained(PRESETS[slug].recipe)
    found = judge(job)
    assert found is not None
    assert found.name == name
    shown = job.snapshot.measured["valid_mass"][-1]
    assert f"{100 * shown:.1f} %" in verdict(found)


@pytest.mark.parametrize("slug", ["too-few-hidden", "asleep", "too-fast"])
def test_fix_it_repairs_the_preset(slug: str) -> None:
    recipe = PRESETS[slug].recipe
    broken = judge(trained(recipe))
    assert broken is not None
    assert "Fix it" in fix_label(broken.fix)
    mended = judge(trained(recipe.replace(**broken.fix)))
    assert mended is not None
    assert mended.name == "learned"


def test_run_cut_short_is_called_unfinished() -> None:
    found = judge(trained(quick_recipe("xor", epochs=5)))
    assert found is not None
    assert found.name == "unfinished"
    assert found.fix == {"epochs": 10}


def test_decay_that_eats_the_weights_is_named() -> None:
    found = judge(trained(quick_recipe("xor", epochs=20, l2=0.1)))
    assert found is not None
    assert (found.name, found.fix) == ("asleep", {"l2": 0.0})


def test_there_is_no_verdict_before_the_end() -> None:
    assert judge(trained(quick_recipe(), until=100)) is None


@pytest.mark.parametrize(("n_hidden", "rate"), [(4, 0.03), (12, 0.01), (6, 0.1)])
def test_slowness_is_not_blamed_on_size(n_hidden: int, rate: float) -> None:
    found = judge(trained(default_recipe("xor").replace(n_hidden=n_hidden, learning_rate=rate)))
    assert found is not None
    assert found.name in {"slow", "asleep"}
    assert found.fix == {"learning_rate": 1.0}


@pytest.mark.parametrize("gate", ["xor", "parity", "majority", "and"])
def test_too_small_a_layer_grows_to_the_smallest_that_always_learns(gate: str) -> None:
    known = capacity(gate)
    assert known is not None
    found = judge(trained(default_recipe(gate).replace(n_hidden=1)))
    assert found is not None
    assert (found.name, found.fix["n_hidden"]) == ("too_few_hidden", known.enough.n_hidden)
    assert "rows need more" not in verdict(found)


def test_momentum_that_throws_about_lowers_the_rate() -> None:
    found = judge(trained(default_recipe("xor").replace(learning_rate=10.0, momentum=0.9)))
    assert found is not None
    assert found.name == "thrashing"
    assert found.fix == {"learning_rate": pytest.approx(0.1)}


@pytest.mark.parametrize(("rate", "changed"), [(0.01, "learning_rate"), (1.0, "n_hidden")])
def test_of_a_table_that_nobody_measured_the_rate_is_raised_first(
    rate: float, changed: str
) -> None:
    recipe = default_recipe("table:00,01,01,11").replace(n_hidden=1, learning_rate=rate, epochs=30)
    found = judge(trained(recipe))
    assert found is not None
    assert (found.name, list(found.fix)) == ("slow_or_small", [changed])


def test_learned_while_chains_remember_says_what_that_means() -> None:
    found = judge(trained(PRESETS["xor-ready"].recipe))
    assert found is not None
    assert not found.readings.forgets
    assert "k = 4 is below τ" in verdict(found)


def test_verdicts_are_right_and_fix_it_mends_on_a_few_of_the_labelled_runs() -> None:
    """`python -m tests.labelled_runs` judges all of them."""
    recipes = (
        default_recipe(gate).replace(n_hidden=n_hidden, learning_rate=rate)
        for gate in ("and", "xor")
        for n_hidden in (2, 6)
        for rate in (0.03, 1.0, 10.0)
    )
    tallies = judged(recipes, Labels())
    assert {"learned", "slow", "thrashing", "too_few_hidden"} <= set(tallies)
    assert [line for tally in tallies.values() for line in tally.wrong] == []
