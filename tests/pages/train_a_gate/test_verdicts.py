"""Each preset gets the verdict it was made for, and *Fix it* repairs what is at fault."""

from __future__ import annotations

import pytest

from pages.train_a_gate.verdicts import judge
from pages.train_a_gate.words.verdicts import fix_label, verdict
from rbm_core import PRESETS
from tests.gate_jobs import quick_recipe, trained


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
