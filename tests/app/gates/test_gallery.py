"""Nobody waits for the finished examples: the landing page's is ready, the others follow."""

from __future__ import annotations

import time

import pytest

from app.gates import gallery
from app.jobs.scheduler import scheduler
from app.shared_results import SharedResults
from rbm_core import PRESETS, names_truth_table


def test_the_landing_example_is_ready_first_and_the_others_follow() -> None:
    gallery.warm()
    landing = gallery.example(PRESETS[gallery.LANDING].recipe)
    assert landing is not None
    assert landing.snapshot.state == "done"
    slugs = [slug for slug, entry in PRESETS.items() if names_truth_table(entry.recipe.dataset)]
    others = [gallery.example(PRESETS[slug].recipe) for slug in slugs]
    assert sum(job is None for job in others) == len(gallery.UNTRAINED)


def test_a_server_is_up_soon_even_where_training_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "LANDING_SECONDS", 0.1)
    monkeypatch.setattr(gallery, "_jobs", SharedResults(len(PRESETS)))
    monkeypatch.setattr("app.jobs.job.Job.work", lambda _job, _until: False)
    began = time.monotonic()
    gallery.warm()
    assert time.monotonic() - began < 2.0
    for entry in PRESETS.values():
        if (job := gallery.example(entry.recipe)) is not None:
            scheduler().forget(job)
