"""The notebook's k = 4 against k = 30 on equal updates: k decides nothing, but from noise.

Its short run had 15 000 updates and its long one 7500, so success told of updates, not of k.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rbm_core import RBM, load_dataset, log_likelihood, preset, relaxation_time, valid_mass

AND = load_dataset("and")
AGES = (7500, 15_000)


@dataclass(frozen=True)
class Medians:
    """Of 32 machines."""

    log_likelihood: float
    valid_mass: float
    relaxation_time: float


def medians(scheme: str, k: int) -> list[Medians]:
    """At each of the ages."""
    recipe = preset("notebook-and-short").recipe.replace(scheme=scheme, k=k, seed=1)
    run, found = recipe.start(AND, n_replicas=32), []
    for age in AGES:
        run.advance(age - run.update)
        found.append(middle(run.rbm))
    return found


def middle(rbm: RBM) -> Medians:
    return Medians(
        float(log_likelihood(rbm, AND.train).median()),
        float(valid_mass(rbm, AND).median()),
        float(relaxation_time(rbm).median()),
    )


@pytest.mark.slow
def test_on_equal_updates_four_steps_from_the_data_train_what_thirty_do() -> None:
    short, long = medians("cd", 4), medians("cd", 30)
    for few, many in zip(short, long, strict=True):
        assert abs(few.log_likelihood - many.log_likelihood) <= 0.003
        assert abs(few.valid_mass - many.valid_mass) <= 0.003
    # What the notebook saw between its runs is what 7500 more updates do.
    assert short[0].log_likelihood == pytest.approx(-1.437, abs=0.005)
    assert short[1].log_likelihood == pytest.approx(-1.402, abs=0.003)
    assert short[0].valid_mass == pytest.approx(0.954, abs=0.005)
    assert short[1].valid_mass == pytest.approx(0.985, abs=0.003)
    assert short[0].relaxation_time == pytest.approx(18.9, abs=1.5)
    assert short[1].relaxation_time == pytest.approx(58.7, abs=3)


@pytest.mark.slow
def test_from_noise_too_few_steps_spoil_the_machine_though_its_rows_look_right() -> None:
    few, many = medians("rdm", 4), medians("rdm", 30)
    assert few[1].log_likelihood == pytest.approx(-2.27, abs=0.1)
    assert few[1].valid_mass > 0.995  # nothing wrong to see there
    assert few[1].log_likelihood < few[0].log_likelihood - 0.2
    # k = 30 is enough until the relaxation time passes it.
    assert many[0].relaxation_time < 30 < many[1].relaxation_time
    assert many[1].log_likelihood < many[0].log_likelihood - 0.02
    assert many[0].log_likelihood > -1.46
