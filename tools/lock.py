#!/usr/bin/env python3
"""Write constraints.txt anew: the newest versions that the requirement files allow.

    python3 tools/lock.py

One resolution serves every supported Python and platform: where they differ, a marker says so. What
comes out is untested until `make check` and `make test` are green on it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.console import say, stop
from tools.environment import CONSTRAINTS, OLDEST_PYTHON, ROOT, Environment

HEADER = """\
# The exact versions that RBM Lab is tested with, of everything: `make lock` writes this file, and
# `make run`, `make test`, the container and continuous integration install by it.
# torch's CUDA build names the exact versions of what it stands on itself, so none stand here.
"""
CUDA = re.compile(r"(cuda|nvidia|triton)\b")


def resolve(env: Environment) -> str:
    """Resolve the requirement files for every supported Python and platform."""
    oldest = ".".join(str(part) for part in OLDEST_PYTHON)
    options = ["--universal", "--python-version", oldest, "--no-header", "--no-annotate", "--quiet"]
    done = subprocess.run(
        [str(env.python), "-m", "uv", "pip", "compile", *options, "requirements-dev.txt"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        stop("the requirement files cannot be resolved; the message above says why")
    return done.stdout.decode()


def without_cuda(resolved: str) -> str:
    """Leave out what only torch's CUDA build stands on."""
    return "".join(line for line in resolved.splitlines(keepends=True) if not CUDA.match(line))


def main() -> None:
    """Resolve in an environment of its own, and write the file."""
    with tempfile.TemporaryDirectory() as folder:
        env = Environment(Path(folder) / "venv")
        env.create()
        # The resolver is not of the environment that it resolves.
        if not env.pip("install", "uv"):
            stop("the resolver could not be installed; pip's message says why")
        CONSTRAINTS.write_text(HEADER + without_cuda(resolve(env)), encoding="utf-8")
    say(f"wrote {CONSTRAINTS.name}: try it with make check and make test")


if __name__ == "__main__":
    main()
