"""A view of a run says what held when it was taken."""

from __future__ import annotations

from pages.images.runs import ImageJob
from pages.images.view import RunView
from rbm_core import preset


def test_a_view_of_a_run_at_work_stays_so_when_the_run_stops() -> None:
    job = ImageJob(preset("small-digits").recipe)
    job.state = "running"
    job.publish_state()
    before = RunView(job=job, shot=job.snapshot)
    job.state = "paused"
    assert RunView(job=job, shot=job.snapshot).busy  # it has yet to say so
    job.publish()
    after = RunView(job=job, shot=job.snapshot)
    # A page drawn with the one is drawn anew for the other: were both of now, Train stayed grey.
    assert (before.busy, after.busy) == (True, False)
