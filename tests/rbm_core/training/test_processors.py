"""Law of larger machines' training: the same bits whatever the processor can do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TRAINING = """
import hashlib, torch
from rbm_core import RBM, Dataset, TrainConfig, make_generator, train
from rbm_core.generators import bernoulli
rows = bernoulli(torch.linspace(0, 1, 131).expand(70, 131), make_generator(0))
rbm = RBM.initialise(131, 83, 0.1, generator=make_generator(1))
run = train(Dataset(name="rows", train=rows), TrainConfig(k=2, batch_size=35, epochs=20), rbm)
run.advance(40)
print(hashlib.sha256(run.rbm.weights.numpy().tobytes()).hexdigest())
"""


def trained(cache: Path, **held_to: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", TRAINING],
        cwd=ROOT,
        env=os.environ | held_to | {"NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_training_gives_the_same_bits_with_and_without_wide_vectors(tmp_path: Path) -> None:
    here = trained(tmp_path / "here")
    assert here == trained(tmp_path / "plain", NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="")
    assert len(here) == 64
