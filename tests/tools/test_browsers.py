"""Where a Chromium for the browser tests comes from, on machines made of small shell scripts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.browsers import find_browser, provide_browser

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the machines are shell scripts")

Write = Callable[..., Path]
ROOT, VISITOR = 0, 1000
# A machine's programs have nothing but their own folder on the PATH, so they name what they call.
STARTS, FAILS = "exit 0", "exit 1"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Put programs on an otherwise empty machine's PATH; the person there is root unless said."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(os, "geteuid", lambda: ROOT)

    def write(name: str, body: str) -> Path:
        program = folder / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        return program

    write("env", 'shift; exec "$@"')
    return write


def apt_that_installs(package: str, log: Path, body: str = STARTS) -> str:
    """A package manager that knows one package, and notes what it was asked."""
    program = log.parent / "bin" / package
    return f"""echo "$@" >> {log}
    case "$*" in
        *update*) exit 0 ;;
        *" {package}") printf '#!/bin/sh\\n{body}\\n' > {program}; /bin/chmod 755 {program} ;;
        *) exit 100 ;;
    esac"""


def refuse() -> bool:
    """Playwright's download on a machine that does not reach it."""
    return False


def must_not_be_asked() -> bool:
    """A download that nobody should want."""
    pytest.fail("a browser was there, and another was asked for")


def test_a_browser_that_starts_is_found_before_one_that_does_not(machine: Write) -> None:
    machine("chromium", FAILS)
    starts = machine("google-chrome", STARTS)
    assert find_browser("") == str(starts)


def test_a_browser_on_the_path_is_taken_as_it_is(machine: Write) -> None:
    machine("chromium", STARTS)
    provide_browser("", must_not_be_asked)


def test_playwrights_own_comes_before_the_package_manager(machine: Write, tmp_path: Path) -> None:
    log, own = tmp_path / "log", tmp_path / "bin" / "chrome-linux"
    machine("apt-get", apt_that_installs("chromium", log))

    def download() -> bool:
        machine(own.name, STARTS)
        return True

    provide_browser(str(own), download)
    assert not log.exists()


def test_one_of_playwrights_that_cannot_start_is_not_enough(machine: Write, tmp_path: Path) -> None:
    log, own = tmp_path / "log", tmp_path / "bin" / "chrome-linux"
    machine("apt-get", apt_that_installs("chromium", log))

    def download() -> bool:
        machine(own.name, "echo libnss3.so: cannot open >&2; exit 127")
        return True

    provide_browser(str(own), download)
    assert find_browser(str(own)) == str(tmp_path / "bin" / "chromium")


@pytest.mark.parametrize("package", ["chromium", "chromium-browser"])
def test_the_package_manager_refreshes_its_lists_and_installs(
    machine: Write, tmp_path: Path, package: str
) -> None:
    log = tmp_path / "log"
    machine("apt-get", apt_that_installs(package, log))
    provide_browser("", refuse)
    first, *rest = log.read_text().splitlines()
    assert first.startswith("update")
    assert rest[-1].endswith(f" {package}")


def test_the_installed_browser_must_start(machine: Write, tmp_path: Path) -> None:
    machine("apt-get", apt_that_installs("chromium", tmp_path / "log", FAILS))
    with pytest.raises(SystemExit, match="apt-get install chromium"):
        provide_browser("", refuse)


def test_sudo_is_used_where_it_asks_no_password(
    machine: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: VISITOR)
    machine("true", STARTS)
    machine("sudo", f'echo sudo "$@" >> {tmp_path / "rights"}; shift; exec "$@"')
    machine("apt-get", apt_that_installs("chromium", tmp_path / "log"))
    provide_browser("", refuse)
    asked = (tmp_path / "rights").read_text().splitlines()
    assert asked[0] == "sudo -n true"
    assert any("apt-get install" in line for line in asked)
    assert find_browser("") == str(tmp_path / "bin" / "chromium")


@pytest.mark.parametrize("sudo", [None, "exit 1"])
def test_without_rights_nothing_is_tried_and_one_line_says_what_to_run(
    machine: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sudo: str | None
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: VISITOR)
    log = tmp_path / "log"
    machine("apt-get", apt_that_installs("chromium", log))
    if sudo:
        machine("sudo", sudo)
    with pytest.raises(SystemExit) as stopped:
        provide_browser("", refuse)
    assert str(stopped.value).endswith("run: apt-get install chromium")
    assert "\n" not in str(stopped.value)
    assert not log.exists()


def test_without_a_package_manager_one_line_says_what_is_missing(machine: Write) -> None:
    with pytest.raises(SystemExit, match="install Chromium or Chrome"):
        provide_browser("", refuse)
