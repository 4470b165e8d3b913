"""Laws of the image folders: every customary layout is found, what is missing is named."""

import dataclasses
import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from rbm_core import DataError, load_dataset
from rbm_core.datasets import image_folders
from rbm_core.datasets.image_folders import IMAGE_SETS, data_root, find_image_set
from tests.rbm_core.idx_files import FILES, idx_bytes, write_set


@pytest.fixture(autouse=True)
def _no_system_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no data set of this computer answer in place of the test's."""
    alone = {
        name: dataclasses.replace(entry, system_folder=tmp_path / "system")
        if entry.system_folder
        else entry
        for name, entry in IMAGE_SETS.items()
    }
    monkeypatch.setattr(image_folders, "IMAGE_SETS", alone)


@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("mnist", "MNIST/raw"),
        ("mnist", "MNIST"),
        ("mnist", "mnist"),
        ("mnist", ""),
        ("fashion-mnist", "FashionMNIST/raw"),
        ("fashion-mnist", "fashion-mnist"),
        ("fashion-mnist", ""),
    ],
)
def test_images_load_from_every_layout(
    tmp_path: Path, name: str, place: str, gzipped: bool
) -> None:
    arrays = write_set(tmp_path / place, gzipped=gzipped)
    data = load_dataset(name, tmp_path)
    assert data.test is not None
    assert data.train_labels is not None
    assert data.test_labels is not None
    images, labels, test_images, test_labels = (arrays[file] for file in FILES)
    assert data.train.dtype == torch.float32
    assert np.array_equal(data.train.numpy(), images.reshape(13, 784).astype(np.float32) / 255)
    assert np.array_equal(data.test.numpy(), test_images.reshape(7, 784).astype(np.float32) / 255)
    assert data.train_labels.tolist() == labels.tolist()
    assert data.test_labels.tolist() == test_labels.tolist()
    assert data.image_shape == (28, 28)
    assert len(data.class_names) == 10


def test_fashion_loads_from_the_system_folder_when_the_root_has_none(tmp_path: Path) -> None:
    write_set(tmp_path / "system", gzipped=True)
    assert len(load_dataset("fashion-mnist", tmp_path / "empty").train) == 13
    with pytest.raises(DataError, match="mnist is not on this computer"):
        load_dataset("mnist", tmp_path / "empty")


def test_torchvision_layout_wins_over_a_bare_folder(tmp_path: Path) -> None:
    write_set(tmp_path)
    write_set(tmp_path / "MNIST" / "raw")
    assert find_image_set("mnist", tmp_path) == tmp_path / "MNIST" / "raw"


@pytest.mark.parametrize(
    ("name", "sibling"), [("mnist", "fashion-mnist"), ("fashion-mnist", "mnist")]
)
def test_bare_folder_of_one_set_is_never_taken_for_its_sibling(
    tmp_path: Path, name: str, sibling: str
) -> None:
    write_set(tmp_path)
    first = np.frombuffer(IMAGE_SETS[sibling].first_labels, np.uint8)
    labels = np.concatenate([first, np.zeros(3, np.uint8)])
    (tmp_path / FILES[1]).write_bytes(idx_bytes(labels))
    assert find_image_set(sibling, tmp_path) == tmp_path
    with pytest.raises(DataError, match="not on this computer"):
        load_dataset(name, tmp_path)


def test_root_is_said_or_from_the_environment_or_beside_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RBM_DATA", str(tmp_path))
    assert data_root() == tmp_path
    assert data_root(tmp_path / "said") == tmp_path / "said"
    monkeypatch.delenv("RBM_DATA")
    assert data_root() == Path(image_folders.__file__).parents[2] / "data"


def test_missing_set_says_where_it_looked_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_dataset("mnist", tmp_path)
    message = str(caught.value)
    assert str(tmp_path / "MNIST" / "raw") in message
    assert f"python -m rbm_core data fetch mnist --root {tmp_path}" in message
    assert "RBM_DATA" in message
    assert "\n" not in message


def test_incomplete_set_names_the_files_it_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "MNIST" / "raw"
    write_set(folder)
    (folder / FILES[2]).unlink()
    with pytest.raises(DataError, match=f"incomplete.*lacks {FILES[2]} ") as caught:
        load_dataset("mnist", tmp_path)
    assert FILES[0] not in str(caught.value)


def test_broken_set_names_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "MNIST" / "raw"
    arrays = write_set(folder)
    (folder / FILES[0]).unlink()
    packed = gzip.compress(idx_bytes(arrays[FILES[0]]))
    (folder / f"{FILES[0]}.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DataError, match=f"{FILES[0]}.gz is a truncated"):
        load_dataset("mnist", tmp_path)


@pytest.mark.parametrize(
    ("file", "values", "reason"),
    [
        (FILES[0], np.zeros((13, 28, 27), np.uint8), "28×27"),
        (FILES[0], np.zeros((12, 28, 28), np.uint8), "12 images and .* 13 labels"),
        (FILES[3], np.full(7, 10, np.uint8), "label 10"),
    ],
)
def test_set_that_does_not_fit_together_is_refused(
    tmp_path: Path, file: str, values: np.ndarray, reason: str
) -> None:
    folder = tmp_path / "MNIST" / "raw"
    write_set(folder)
    (folder / file).write_bytes(idx_bytes(values))
    with pytest.raises(DataError, match=reason):
        load_dataset("mnist", tmp_path)


def test_class_names_are_torchvisions() -> None:
    from torchvision.datasets import FashionMNIST

    assert list(IMAGE_SETS["fashion-mnist"].class_names) == FashionMNIST.classes


@pytest.mark.skipif("RBM_DATA" not in os.environ, reason="needs the real MNIST under RBM_DATA")
def test_real_mnist_has_its_known_counts() -> None:
    data = load_dataset("mnist")
    assert data.test is not None
    assert data.train_labels is not None
    assert (len(data.train), len(data.test)) == (60_000, 10_000)
    assert torch.bincount(data.train_labels).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert float(data.train.double().mean()) == pytest.approx(0.130660, abs=1e-6)
