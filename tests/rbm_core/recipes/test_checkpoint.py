"""Laws of checkpoints: what is written reads back, and what is broken is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save

from rbm_core import (
    RBM,
    CheckpointError,
    Recipe,
    TrainConfig,
    TrainState,
    fingerprint,
    load_checkpoint,
    save_checkpoint,
)
from rbm_core.machine.parameters import Parameters
from rbm_core.recipes.checkpoint import checkpoint_bytes, require_writable, write_whole
from tests.conftest import MakeMachine

RECIPE = Recipe(
    dataset="table:00,01,01,10",
    n_hidden=3,
    training=TrainConfig(
        scheme="pcd", momentum=0.5, gradient="centred", batch_size=7, order="draw"
    ),
)


def some_state() -> TrainState:
    run = RECIPE.start()
    run.advance(3)
    return run.state()


def parts(rbm: RBM) -> dict[str, torch.Tensor]:
    return dict(zip(("weights", "visible_bias", "hidden_bias"), rbm.parameters(), strict=True))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("lead", [(), (2,)])
def test_a_machine_reads_back_bit_for_bit(
    make_rbm: MakeMachine, tmp_path: Path, dtype: torch.dtype, lead: tuple[int, ...]
) -> None:
    rbm = make_rbm(0, *lead).to(dtype=dtype)
    save_checkpoint(tmp_path / "rbm.safetensors", rbm)
    found = load_checkpoint(tmp_path / "rbm.safetensors")
    assert found.recipe is None
    assert found.state is None
    for a, b in zip(rbm.parameters(), found.rbm.parameters(), strict=True):
        assert torch.equal(a, b)
        assert a.dtype == b.dtype
    assert fingerprint(found.rbm) == fingerprint(rbm)


def test_a_run_reads_back_whole(tmp_path: Path) -> None:
    state = some_state()
    save_checkpoint(tmp_path / "run.safetensors", state, RECIPE)
    found = load_checkpoint(tmp_path / "run.safetensors")
    assert found.recipe == RECIPE
    assert found.state is not None
    assert (found.state.update, found.state.seconds) == (state.update, state.seconds)
    for name in ("persistent_chains", "offset_v", "offset_h", "generator_state"):
        assert torch.equal(getattr(found.state, name), getattr(state, name)), name
    for a, b in zip(state.velocity, found.state.velocity, strict=True):
        assert torch.equal(a, b)
    assert torch.equal(found.rbm.weights, state.rbm.weights)


def test_a_file_of_three_tensors_from_elsewhere_loads(
    make_rbm: MakeMachine, tmp_path: Path
) -> None:
    rbm = make_rbm(0)
    (tmp_path / "three.safetensors").write_bytes(save(parts(rbm)))
    found = load_checkpoint(tmp_path / "three.safetensors")
    assert torch.equal(found.rbm.weights, rbm.weights)
    assert (found.recipe, found.state) == (None, None)


def test_half_precision_is_stored_on_request_and_read_as_single(make_rbm: MakeMachine) -> None:
    rbm = make_rbm(0)
    small = checkpoint_bytes(rbm, dtype=torch.float16)
    assert len(small) < len(checkpoint_bytes(rbm))
    found = load_checkpoint(small).rbm
    assert found.weights.dtype == torch.float32
    assert torch.equal(found.weights, rbm.weights.half().float())


def test_the_fingerprint_tells_machines_apart_by_one_bit_and_by_shape(
    make_rbm: MakeMachine,
) -> None:
    rbm = make_rbm(0)
    other = rbm.clone()
    other.hidden_bias[2] = np.nextafter(float(other.hidden_bias[2]), np.inf)
    assert fingerprint(rbm) == fingerprint(rbm.clone())
    assert fingerprint(rbm) != fingerprint(other)
    flat = RBM(torch.zeros(6, 1), torch.zeros(6), torch.zeros(1))
    tall = RBM(torch.zeros(1, 6), torch.zeros(1), torch.zeros(6))
    assert fingerprint(flat) != fingerprint(tall)
    assert len(fingerprint(rbm)) == 12


def test_a_file_truncated_anywhere_is_refused(tmp_path: Path) -> None:
    whole = checkpoint_bytes(some_state(), RECIPE)
    for length in [*range(24), *range(24, len(whole), 97), len(whole) - 1]:
        with pytest.raises(CheckpointError):
            load_checkpoint(whole[:length])
    path = tmp_path / "cut.safetensors"
    path.write_bytes(whole[:-7])
    with pytest.raises(CheckpointError, match=r"cut\.safetensors.*may be truncated"):
        load_checkpoint(path)


def test_a_byte_too_many_is_refused() -> None:
    with pytest.raises(CheckpointError):
        load_checkpoint(checkpoint_bytes(some_state(), RECIPE) + b"\0")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x80\x04\x95" * 99, b"{}" * 50, b"\xff" * 64, b"PK\x03\x04" * 20]
)
def test_a_foreign_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.bin"
    path.write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    assert "foreign.bin" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="does not exist; give the path"):
        load_checkpoint(tmp_path / "none.safetensors")
    with pytest.raises(CheckpointError, match="not a readable safetensors file"):
        load_checkpoint(tmp_path)


def broken(**tensors: torch.Tensor | None) -> bytes:
    good = parts(RBM(torch.ones(5, 3), torch.ones(5), torch.ones(3)))
    return save({name: t for name, t in (good | tensors).items() if t is not None})


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (broken(weights=None), "but no weights; a machine needs"),
        (broken(hidden_bias=torch.ones(5)), "do not fit"),
        (broken(weights=torch.ones(3, 5)), "do not fit"),
        (broken(weights=torch.ones(5, 3, dtype=torch.int64)), "must be floating point"),
        (broken(weights=torch.full((5, 3), torch.nan)), "weights holds values that are not finite"),
        (broken(visible_bias=torch.full((5,), torch.inf)), "visible_bias holds values"),
    ],
)
def test_tensors_that_are_no_machine_are_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(content)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    "metadata",
    [
        {"recipe": "{"},
        {"recipe": '{"dataset": "and", "n_hidden": -1}'},
        {"recipe": '{"dataset": "and", "n_hidden": 7}'},  # the machine has 3
        {"progress": '{"update": 3, "seconds": 0}'},  # without the state's tensors
        {"progress": "[]"},
        {"progress": "{"},
    ],
)
def test_metadata_that_does_not_fit_is_refused(metadata: dict[str, str]) -> None:
    tensors = parts(RBM(torch.ones(5, 3), torch.ones(5), torch.ones(3)))
    with pytest.raises(CheckpointError, match="does not fit together"):
        load_checkpoint(save(tensors, metadata))


def test_a_state_whose_tensors_do_not_fit_the_machine_is_refused() -> None:
    state = some_state()
    assert state.persistent_chains is not None
    wrong = {
        "offset_v": torch.zeros(3),
        "offset_h": torch.full((3,), torch.nan),
        "update": -1,
        "velocity": Parameters(torch.zeros(5, 3), torch.zeros(5), torch.zeros(3)),
        "persistent_chains": torch.zeros(7, 9),
    }
    for name, value in wrong.items():
        content = checkpoint_bytes(dataclasses.replace(state, **{name: value}), RECIPE)  # type: ignore[arg-type]
        with pytest.raises(CheckpointError, match="does not fit together"):
            load_checkpoint(content)


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.bin"
    write_whole(path, b"first")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(CheckpointError, match=r"cannot be written: No space left"):
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"
    assert [item.name for item in tmp_path.iterdir()] == ["kept.bin"]


def test_a_place_that_cannot_be_written_is_refused_beforehand(tmp_path: Path) -> None:
    require_writable(tmp_path / "new.bin")
    assert list(tmp_path.iterdir()) == []
    for write in (require_writable, lambda path: write_whole(path, b"")):
        with pytest.raises(CheckpointError, match="cannot be written"):
            write(tmp_path / "nowhere" / "new.bin")
    with pytest.raises(CheckpointError, match="is a folder"):
        require_writable(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="cannot be written"):
        require_writable(tmp_path / "file" / "new.bin")


def test_the_file_says_its_format_and_its_recipe_in_plain_json() -> None:
    content = checkpoint_bytes(some_state(), RECIPE)
    length = int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + length])["__metadata__"]
    assert metadata["format"] == "rbm-lab 1"
    assert json.loads(metadata["recipe"])["dataset"] == RECIPE.dataset
