"""constraints.txt: every version that the program is tested with, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.environment import CONSTRAINTS, ROOT
from tools.lock import CUDA, without_cuda
from tools.torch_build import is_suitable, pinned_torch

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
FILES = ("requirements.txt", "requirements-dev.txt")


def read(file: Path) -> list[Requirement]:
    """The requirements of a file, comments and included files left out."""
    lines = (line.partition("#")[0].strip() for line in file.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def pins(python: str | None = None) -> dict[str, str]:
    """The versions that hold on this platform, for this Python or another, by name."""
    environment = None if python is None else {"python_full_version": f"{python}.0"}
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in read(CONSTRAINTS)
        if pin.marker is None or pin.marker.evaluate(environment)
    }


def installed(name: str, extra: str = "", seen: set[str] | None = None) -> Iterator[str]:
    """What is installed of a requirement and all that it stands on."""
    seen = set() if seen is None else seen
    if name in seen or CUDA.match(name):
        return
    seen.add(name)
    yield name
    for line in requires(name) or []:
        needed = Requirement(line)
        marker: Marker | None = needed.marker
        if marker is None or marker.evaluate({"extra": extra}):
            yield from installed(canonicalize_name(needed.name), ",".join(needed.extras), seen)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("file", FILES)
def test_every_requirement_has_a_version_that_it_allows(file: str, python: str) -> None:
    pinned = pins(python)
    for requirement in read(ROOT / file):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


def test_no_name_has_two_versions_at_once() -> None:
    names = [pin.name for pin in read(CONSTRAINTS) if pin.marker is None or pin.marker.evaluate()]
    assert len(names) == len(set(names))


def test_these_tests_run_on_the_versions_named() -> None:
    pinned = pins()
    names = {
        each
        for file in FILES
        for requirement in read(ROOT / file)
        for each in installed(canonicalize_name(requirement.name))
    }
    found = {name: version(name).partition("+")[0] for name in names}
    assert {name: pinned.get(name) for name in names} == found


def test_torch_is_the_same_for_every_python() -> None:
    assert set(pinned_torch()) == {"torch", "torchvision"}


def test_what_only_the_cuda_build_stands_on_is_left_to_it() -> None:
    resolved = "numpy==1.0\nnvidia-cublas==13.1\ncuda-toolkit==13.0\ntriton==3.8\ntqdm==4.0\n"
    assert without_cuda(resolved) == "numpy==1.0\ntqdm==4.0\n"
    assert not re.search(r"^(nvidia|cuda|triton)", CONSTRAINTS.read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("suffix", "cuda", "suitable"),
    [
        ("", "13.0", {"auto", "cuda"}),
        ("", None, {"auto", "cpu"}),
        ("+cpu", None, {"auto", "cpu"}),
    ],
)
def test_an_installed_torch_will_do_where_build_and_version_agree(
    monkeypatch: pytest.MonkeyPatch, suffix: str, cuda: str | None, suitable: set[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    pair = [f"{each}{suffix}" for each in pinned_torch().values()]
    found = json.dumps([*pair, cuda])
    assert {build for build in ("auto", "cpu", "cuda") if is_suitable(found, build)} == suitable
    assert not is_suitable(json.dumps(["1.0.0", pair[1], cuda]), "auto")
    assert not is_suitable(None, "auto")
