"""What shipped recipes reach, exactly."""

from __future__ import annotations

import statistics
import time

import pytest

from rbm_core import log_likelihood, preset


@pytest.mark.soak
def test_bars_and_stripes_preset_reaches_its_bound_within_a_tenth_of_a_nat() -> None:
    recipe = preset("bars-and-stripes").recipe
    dataset = recipe.load_dataset()
    began = time.process_time()
    results = []
    for seed in range(5):
        run = recipe.replace(seed=seed).start(dataset)
        for _record in run:
            pass
        results.append(float(log_likelihood(run.rbm, dataset.train)))
    assert dataset.log_likelihood_bound == pytest.approx(-2.599302, abs=1e-6)
    assert statistics.median(results) >= -2.70
    assert max(results) <= -2.599302
    assert (time.process_time() - began) / 5 < 60
