#!/usr/bin/env python3
"""Make or refresh the virtual environment that the Makefile's targets run in.

    python3 tools/install.py [--dev] [--browser] [--torch auto|cpu|cuda] [--venv .venv]

Only the standard library is needed, and nothing happens when the environment already holds what
the requirement files ask for, in the versions that constraints.txt names.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.browsers import provide_browser
from tools.console import say, stop
from tools.environment import CONSTRAINTS, ROOT, Environment
from tools.torch_build import install_torch

# Printed by the environment's Python: the path of Playwright's Chromium, there or not.
PLAYWRIGHT_PROBE = (
    "from playwright.sync_api import sync_playwright;"
    "playwright = sync_playwright().start();"
    "print(playwright.chromium.executable_path); playwright.stop()"
)

# Run by the environment's Python: what training needs compiled is kept beside its source.
COMPILE = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r});"
    "from rbm_core import compile_loops; compile_loops()"
)


def requirement_files(dev: bool) -> list[Path]:
    """The files to install from; the development one includes the other."""
    files = [ROOT / "requirements.txt"]
    return [*files, ROOT / "requirements-dev.txt"] if dev else files


def digest(files: list[Path]) -> str:
    """A name for the content of the files, and of the versions that they are held to."""
    contents = [file.read_bytes() for file in (*files, CONSTRAINTS)]
    return hashlib.sha256(b"\0".join(contents)).hexdigest()


def is_current(stamp: Path, content: str, build: str) -> bool:
    """Whether the stamp records these requirements, with a torch build that will do."""
    if not stamp.is_file():
        return False
    recorded, _, recorded_build = stamp.read_text().partition(" ")
    return recorded == content and build in ("auto", recorded_build)


def install(env: Environment, dev: bool, build: str) -> None:
    """Bring the environment up to the requirement files, and record that."""
    # The development environment holds all that the dashboard needs, too.
    wanted = {env.folder / ".rbm-lab-run": requirement_files(dev=False)}
    if dev:
        wanted[env.folder / ".rbm-lab-dev"] = requirement_files(dev=True)
    if env.python.exists() and all(
        is_current(stamp, digest(files), build) for stamp, files in wanted.items()
    ):
        return
    for stamp in wanted:  # until all is in place, nothing is said to be
        stamp.unlink(missing_ok=True)
    env.create()
    install_torch(env, build)
    newest = requirement_files(dev)[-1]
    say(f"installing {newest.name}")
    if not env.install("-r", str(newest)):
        stop(f"{newest.name} could not be installed; pip's message says why")
    for stamp, files in wanted.items():
        stamp.write_text(f"{digest(files)} {build}")


def loops(folder: Path) -> list[Path]:
    """The engine's files that hold compiled functions, or what those call."""
    return [
        file
        for file in sorted(folder.rglob("*.py"))
        if b"numba" in file.read_bytes() or b"import compiled" in file.read_bytes()
    ]


def compile_loops(env: Environment) -> None:
    """Compile what training needs, unless that was done since it last changed."""
    stamp, content = env.folder / ".rbm-lab-compiled", digest(loops(ROOT / "rbm_core"))
    if stamp.is_file() and stamp.read_text() == content:
        return
    say("compiling the engine's loops (half a minute)")
    if env.run("-c", COMPILE):
        stamp.write_text(content)
    else:
        say("they could not be compiled beforehand; the first start tries again")


def playwright_browser(env: Environment) -> str:
    """Where Playwright keeps its own Chromium, or would."""
    return (env.output("-c", PLAYWRIGHT_PROBE) or "").strip()


def download_browser(env: Environment) -> bool:
    """Have Playwright fetch its own Chromium, and tell whether it could."""
    # Playwright waits half a minute for each of several hosts, several times over.
    os.environ.setdefault("PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT", "5000")
    return env.run("-m", "playwright", "install", "--no-shell", "chromium")


def main() -> None:
    """Read the command line and install."""
    parser = argparse.ArgumentParser(description="Set up RBM Lab's virtual environment.")
    parser.add_argument("--dev", action="store_true", help="also what checks and tests need")
    parser.add_argument("--browser", action="store_true", help="also a Chromium for the tests")
    parser.add_argument("--torch", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv", metavar="FOLDER")
    args = parser.parse_args()
    env = Environment(args.venv.absolute())
    install(env, args.dev, args.torch)
    compile_loops(env)
    if args.browser:
        provide_browser(playwright_browser(env), lambda: download_browser(env))


if __name__ == "__main__":
    main()
