"""Every data set has a name that people read."""

from __future__ import annotations

import pytest

from app.controls.words import dataset_label
from rbm_core import dataset_names


@pytest.mark.parametrize("name", [*dataset_names(), "bars-and-stripes-2x3", "table:0,1,1,0"])
def test_a_data_sets_label_is_no_slug(name: str) -> None:
    label = dataset_label(name)
    assert label != name
    assert label[0].isupper()
    assert label.upper().startswith(name[:3].upper())


def test_sets_of_other_sizes_have_other_labels() -> None:
    assert dataset_label("bars-and-stripes-2x3") == "Bars and stripes 2×3"
    assert len({dataset_label(name) for name in dataset_names()}) == len(dataset_names())
