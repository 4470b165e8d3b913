"""A Chromium for the browser tests: the machine's own, Playwright's, else the package manager's.

Only the standard library is needed: this runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.console import say, stop

__all__ = ["find_browser", "provide_browser"]

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
START_S = 30


@dataclass(frozen=True, kw_only=True)
class PackageManager:
    """How one of the system's package managers installs Chromium.

    Attributes:
        program: What it is called.
        refresh: Arguments that bring its lists up to date, which a bare image needs; or none.
        install: Arguments before the name of a package.
        packages: What Chromium is called there, the likelier name first.
    """

    program: str
    refresh: tuple[str, ...] = ()
    install: tuple[str, ...]
    packages: tuple[str, ...] = ("chromium",)


MANAGERS = (
    PackageManager(
        program="apt-get",
        refresh=("update", "-qq"),
        install=(
            *("install", "-y", "-qq", "--no-install-recommends"),
            # Another installation may be under way on a machine that has just started.
            *("-o", "DPkg::Lock::Timeout=120"),
        ),
        packages=("chromium", "chromium-browser"),
    ),
    PackageManager(program="dnf", install=("install", "-y", "-q")),
    PackageManager(program="apk", install=("add", "--quiet", "--no-cache")),
)


def find_browser(own: str) -> str | None:
    """Return a Chromium that starts: one on the PATH, else Playwright's, else None.

    Args:
        own: Where Playwright would keep its own.
    """
    on_path = (found for name in PROGRAMS if (found := shutil.which(name)))
    return next((found for found in (*on_path, own) if _starts(found)), None)


def provide_browser(own: str, download: Callable[[], bool]) -> None:
    """Make sure that there is a Chromium to test in, or end the program with what to run.

    Args:
        own: Where Playwright would keep its own.
        download: Have Playwright fetch its own, quietly, and tell whether it could.
    """
    if find_browser(own):
        return
    say("no Chromium or Chrome here: asking Playwright for its own (about 170 MB)")
    if download() and find_browser(own):
        return
    manager = next((each for each in MANAGERS if shutil.which(each.program)), None)
    if manager is None:
        stop("no Chromium for the browser tests: install Chromium or Chrome so that it is on PATH")
    rights = _administrator_rights()
    if rights is not None:
        say(f"Playwright's cannot be had, or does not start: installing it by {manager.program}")
        if _install(manager, rights) and find_browser(own):
            return
    line = " ".join([manager.program, manager.install[0], manager.packages[0]])
    stop(f"no Chromium for the browser tests. As administrator, run: {line}")


def _starts(program: str) -> bool:
    """Whether the browser is there and starts.

    Ubuntu's chromium-browser is a script that only asks for the snap, and Playwright's own needs
    libraries that a bare system lacks: what cannot tell its version is no browser.
    """
    if sys.platform == "win32":  # there, --version opens a window
        return Path(program).is_file()
    return _succeeds([program, "--version"])


def _administrator_rights() -> list[str] | None:
    """What to put before a command that only root may run; None where a password is asked."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    return sudo if shutil.which("sudo") and _succeeds([*sudo, "true"]) else None


def _install(manager: PackageManager, rights: list[str]) -> bool:
    """Install Chromium under the first of its names that the package manager knows."""
    command = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", manager.program]
    if manager.refresh and not _succeeds([*command, *manager.refresh], limit_s=None):
        return False
    return any(
        _succeeds([*command, *manager.install, package], limit_s=None)
        for package in manager.packages
    )


def _succeeds(command: list[str], *, limit_s: float | None = START_S) -> bool:
    """Run a command with its output hidden, and tell whether it is there and succeeds in time."""
    if shutil.which(command[0]) is None:
        return False
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
