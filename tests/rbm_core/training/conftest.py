"""Every law of a training run is held by compiled updates and by torch's alike."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["compiled", "torch"])
def made_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What makes the updates of the runs in this test."""
    if request.param == "torch":
        monkeypatch.setattr("rbm_core.training.run.compiles", lambda *_: False)
    return str(request.param)
