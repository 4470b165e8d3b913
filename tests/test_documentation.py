"""The documentation builds without a warning, asks nothing of others, and names what exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import rbm_core

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("app/", "benchmarks/", "docs/", "examples/", "pages/", "rbm_core/", "tests/", "tools/")
# What a browser loads by itself; a link is followed by choice.
LOADED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//"""
    r"""|<link\b[^>]*\brel=["']?(?:stylesheet|preconnect|preload|icon)\b[^>]*\bhref=["']?(?:https?:)?//"""
    r"""|url\(["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site, every warning an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-d", str(folder)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(
        command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_the_site_loads_nothing_from_other_hosts(site: Path) -> None:
    for file in (*site.rglob("*.html"), *site.rglob("*.css")):
        found = LOADED.search(file.read_text(encoding="utf-8"))
        assert found is None, f"{file.relative_to(site)}: {found.group()}"


def test_the_site_tells_every_public_name_of_the_engine(site: Path) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (site / "engine").glob("*.html"))
    told = set(re.findall(r'id="rbm_core\.[\w.]+\.(\w+)"', pages))
    assert set(rbm_core.__all__) <= told


def test_the_site_tells_every_command(site: Path) -> None:
    page = (site / "command_line.html").read_text(encoding="utf-8")
    for command in ("presets", "train", "evaluate", "sample", "correct", "data"):
        assert f"python -m rbm_core {command}" in page


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md", "docs/architecture.md"])
def test_every_path_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = {path for path in re.findall(r"`([\w./]+)`", text) if path.startswith(ROOMS)}
    assert named
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_architecture_says_why_each_dependency_is_here(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    names = {re.split(r"[^\w-]", line)[0] for line in lines if re.match(r"\w", line)}
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = text.partition("## Dependencies")[2].partition("\n## ")[0]
    assert {name for name in names if not re.search(rf"\b{name}\b", told)} == set()
