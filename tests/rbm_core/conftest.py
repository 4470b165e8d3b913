"""Files that several tests of the engine read."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.torch import save

from tests import notebook_machines as notebook


@pytest.fixture
def notebook_files(tmp_path: Path) -> dict[str, str]:
    """Files with nothing but the three tensors."""
    paths = {}
    for name, rbm in notebook.MACHINES.items():
        path = tmp_path / f"{name}.safetensors"
        tensors = zip(("weights", "visible_bias", "hidden_bias"), rbm.parameters(), strict=True)
        path.write_bytes(save({key: t.float().contiguous() for key, t in tensors}))
        paths[name] = str(path)
    return paths
