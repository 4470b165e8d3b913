"""A virtual environment, and its pip held to the versions tested."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tools.console import say, stop

__all__ = ["CONSTRAINTS", "OLDEST_PYTHON", "ROOT", "Environment"]

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST_PYTHON = (3, 11)


class Environment:
    """A virtual environment and its pip."""

    def __init__(self, folder: Path, *, is_windows: bool = sys.platform == "win32") -> None:
        self.folder = folder
        self.python = folder / ("Scripts/python.exe" if is_windows else "bin/python")

    def create(self) -> None:
        """Create the environment unless a usable one is there; whole or not at all."""
        is_new_enough = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
        if self.run("-c", is_new_enough) and (
            self.run("-c", "import pip") or self.run("-m", "ensurepip")
        ):
            return
        if self.folder.exists():
            say(f"{self.folder.name} holds no usable Python with pip: making it again")
        say(f"creating {self.folder.name} with Python {sys.version.split()[0]}")
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(self.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if made.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            reason = made.stdout.decode(errors="replace").strip().splitlines()
            stop(
                f"{sys.executable} cannot make a virtual environment"
                f" ({reason[-1] if reason else 'no reason given'})."
                " On Debian and Ubuntu: apt install python3-venv"
            )

    def run(self, *args: str) -> bool:
        """Run the environment's Python quietly and tell whether it succeeded."""
        return self.output(*args) is not None

    def output(self, *args: str) -> str | None:
        """Run the environment's Python quietly and return what it printed, None on failure."""
        if not self.python.exists():
            return None
        done = subprocess.run(
            [str(self.python), *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        return done.stdout.decode() if done.returncode == 0 else None

    def pip(self, *args: str) -> bool:
        """Run pip, which prints only errors, and tell whether it succeeded."""
        quiet = ["-qq", "--no-input", "--disable-pip-version-check"]
        command = [str(self.python), "-m", "pip", *args, *quiet]
        return subprocess.run(command, check=False, cwd=ROOT).returncode == 0

    def install(self, *args: str) -> bool:
        """Have pip install in the versions tested, and tell whether it succeeded."""
        return self.pip("install", "--constraint", str(CONSTRAINTS), *args)
