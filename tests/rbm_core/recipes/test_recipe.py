"""Laws of recipes: equal ones give equal runs, and every text form reads back."""

from __future__ import annotations

import itertools
import json

import pytest
import torch

from rbm_core import PRESETS, ConfigError, Recipe, TrainConfig
from rbm_core.recipes.links import LINK_VERSION, QUERY_NAMES, read_setting

BASE = Recipe(dataset="and", n_hidden=3)


def many_recipes() -> list[Recipe]:
    """Presets, and a walk through every setting's odd corners."""
    odd: list[dict[str, object]] = [
        {"dataset": "table:00,01,01,10", "n_hidden": 7},
        {"weight_std": 0.123456789, "visible_bias": "data"},
        {"k": "step 0:1 10:5", "learning_rate": "geometric 0:0.1 20:0.001"},
        {"momentum": "linear 0:0.5 5:0.9", "l1": 1e-5, "l2": 2e-4},
        {"scheme": "rdm", "gradient": "centred", "order": "draw", "binarisation": "grey"},
        {"updates_per_epoch": 301, "batch_size": 13, "epochs": 17, "seed": 2**62 + 1},
        {"learning_rate": 1 / 3, "chain_method": "sampled"},
    ]
    recipes = [entry.recipe for entry in PRESETS.values()] + [BASE.replace(**o) for o in odd]
    pairs = itertools.combinations(odd, 2)
    return recipes + [BASE.replace(**(a | b)) for a, b in pairs]


def test_json_reads_back_as_the_same_recipe() -> None:
    for recipe in many_recipes():
        assert Recipe.from_json(recipe.to_json()) == recipe
        assert Recipe.from_dict(json.loads(recipe.to_json())) == recipe


def test_a_link_reads_back_as_the_same_recipe_on_any_base() -> None:
    for recipe in many_recipes():
        for base in (BASE, PRESETS["notebook-mnist"].recipe):
            query = recipe.to_query()
            assert set(query) == {"v", *QUERY_NAMES}
            assert Recipe.from_query(query, base) == (recipe, [])


def test_a_link_writes_values_that_equal_the_default_too() -> None:
    assert BASE.to_query()["scheme"] == "cd"
    assert BASE.to_query()["updates-per-epoch"] == ""
    assert BASE.to_query()["v"] == LINK_VERSION


def test_the_hash_is_equal_exactly_for_equal_recipes() -> None:
    recipes = many_recipes()
    for a, b in itertools.combinations(recipes, 2):
        assert (a.hash() == b.hash()) == (a == b)
    assert all(len(recipe.hash()) == 12 for recipe in recipes)
    assert BASE.replace(seed=1).hash() != BASE.hash()


def test_a_malformed_link_is_named_value_by_value_and_falls_back() -> None:
    query = BASE.to_query() | {
        "k": "four", "lr": "-1", "hidden": "3.5", "seed": "", "scheme": "CD", "init": "wide",
        "momentum": "0.5", "unrelated": "stays out of it",
    }  # fmt: skip
    recipe, complaints = Recipe.from_query(query, BASE)
    assert recipe == BASE.replace(momentum=0.5)
    assert len(complaints) == 6
    for name in ("k", "learning_rate", "hidden", "seed", "scheme", "init"):
        assert sum(name in line for line in complaints) >= 1, name
    assert all("\n" not in line for line in complaints)


def test_a_link_of_another_version_says_so() -> None:
    _recipe, complaints = Recipe.from_query({"v": "9", "k": "7"}, BASE)
    assert len(complaints) == 1
    assert "version is '9'; this program reads version 2" in complaints[0]


def test_a_link_of_the_first_version_keeps_its_settings_and_says_its_numbers_differ() -> None:
    recipe, complaints = Recipe.from_query(BASE.to_query() | {"v": "1", "k": "7"}, BASE)
    assert recipe == BASE.replace(k=7)
    assert len(complaints) == 1
    assert "made with version 0.1" in complaints[0]
    assert "numbers will differ" in complaints[0]


def test_a_link_with_few_values_keeps_the_bases_others() -> None:
    recipe, complaints = Recipe.from_query({"hidden": "5"}, BASE)
    assert (recipe, complaints) == (BASE.replace(n_hidden=5), [])


def test_a_setting_is_read_as_its_kind() -> None:
    assert read_setting("hidden", "7") == 7
    assert read_setting("init", "1e-2") == 0.01
    assert read_setting("updates-per-epoch", "") is None
    assert read_setting("lr", "linear 0:1 2:3") == "linear 0:1 2:3"
    with pytest.raises(ConfigError, match="hidden is 'x'; it must be a whole number"):
        read_setting("hidden", "x")
    with pytest.raises(ConfigError, match="init is 'x'; it must be a number"):
        read_setting("init", "x")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "recipe is not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "lacks dataset and n_hidden"),
        ('{"dataset": "and"}', "lacks n_hidden"),
        (
            '{"dataset": "and", "n_hidden": -1}',
            "n_hidden is -1; it must be a whole number from 1 to 4096",
        ),
        ('{"dataset": "and", "n_hidden": 5000}', "from 1 to 4096"),
        ('{"dataset": "and", "n_hidden": "three"}', "n_hidden is 'three'; it must be a whole"),
        ('{"dataset": 3, "n_hidden": 3}', "dataset is 3; it must be a name"),
        ('{"dataset": "and", "n_hidden": 3, "training": {"k": "four"}}', "k: 'four' is neither"),
        ('{"dataset": "and", "n_hidden": 3, "training": 7}', "training is 7"),
        ('{"dataset": "and", "n_hidden": 3, "training": {"rate": 1}}', "unknown settings rate"),
        ('{"dataset": "and", "n_hidden": 3, "hidden": 3}', "unknown settings hidden"),
        ('{"dataset": "and", "n_hidden": 3, "weight_std": "x"}', "weight_std is 'x'"),
        ('{"dataset": "and", "n_hidden": 3, "weight_std": -1}', "weight_std is -1"),
        ('{"dataset": "and", "n_hidden": 3, "weight_std": Infinity}', "weight_std is inf"),
        ('{"dataset": "and", "n_hidden": 3, "visible_bias": "one"}', "visible_bias is 'one'"),
    ],
)
def test_a_malformed_recipe_is_refused_in_one_clear_line(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Recipe.from_json(text)
    assert complaint in str(caught.value)


def test_an_unknown_setting_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"no setting hidden; it has .*n_hidden"):
        BASE.replace(hidden=3)


def test_a_fresh_machine_is_drawn_from_the_recipes_own_stream() -> None:
    dataset = BASE.load_dataset()
    first, same = BASE.fresh_rbm(dataset), BASE.replace(epochs=3).fresh_rbm(dataset)
    assert torch.equal(first.weights, same.weights)
    assert not torch.equal(first.weights, BASE.replace(seed=1).fresh_rbm(dataset).weights)
    assert BASE.seed == 0


def test_visible_biases_start_at_the_log_odds_of_the_data_when_asked() -> None:
    dataset = BASE.load_dataset()
    rbm = BASE.replace(visible_bias="data").fresh_rbm(dataset)
    odds = torch.logit(dataset.train.mean(0))
    assert torch.allclose(rbm.visible_bias, odds)
    assert not BASE.fresh_rbm(dataset).visible_bias.any()


def test_a_recipe_is_hashable_and_frozen() -> None:
    assert len({BASE, BASE.replace(), BASE.replace(seed=1)}) == 2
    with pytest.raises(AttributeError):
        BASE.n_hidden = 4  # type: ignore[misc]


def test_a_config_given_as_text_equals_one_given_as_numbers() -> None:
    assert TrainConfig(k="4", learning_rate="0.1") == TrainConfig(k=4, learning_rate=0.1)
