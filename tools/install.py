#!/usr/bin/env python3
"""Make or refresh the virtual environment that the Makefile's targets run in.

    python3 tools/install.py [--dev] [--browser] [--torch auto|cpu|cuda] [--venv .venv]

Only the standard library is needed, and nothing happens when the environment already holds what
the requirement files ask for. On Linux, torch from PyPI is a CUDA build of several GB, so torch and
torchvision come from PyTorch's CPU index where that can be reached, and from PyPI where it cannot.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.browsers import provide_browser  # noqa: E402
from tools.console import say, stop  # noqa: E402

OLDEST_PYTHON = (3, 11)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PROBE_SECONDS = 5.0
TORCH_PACKAGES = ("torch", "torchvision")
# Printed by the environment's Python: torch's version, torchvision's, torch's CUDA or null.
TORCH_PROBE = (
    "import json, torch, torchvision as tv;"
    "print(json.dumps([torch.__version__, tv.__version__, torch.version.cuda]))"
)
# Likewise: the path of Playwright's Chromium, there or not.
PLAYWRIGHT_PROBE = (
    "from playwright.sync_api import sync_playwright;"
    "playwright = sync_playwright().start();"
    "print(playwright.chromium.executable_path); playwright.stop()"
)


class Environment:
    """A virtual environment and its pip."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"

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


# ------------------------------------------------------------------------------------- torch


def torch_requirements() -> list[str]:
    """The lines of requirements.txt that ask for torch and torchvision."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.split(r"[^\w-]", line)[0] in TORCH_PACKAGES]


def release(version: str) -> tuple[int, ...]:
    """'2.14.1+cpu' -> (2, 14, 1)."""
    numbers = re.match(r"[\d.]+", version)
    return tuple(int(part) for part in numbers.group().strip(".").split(".")) if numbers else ()


def is_suitable(found: str | None, build: str) -> bool:
    """Whether the installed pair, as TORCH_PROBE printed it, satisfies file and wanted build."""
    if found is None:
        return False
    *versions, cuda = json.loads(found)
    for version, requirement in zip(versions, torch_requirements(), strict=True):
        if release(version) < release(requirement.partition(">=")[2]):
            return False
    if build == "cuda":
        return cuda is not None or sys.platform != "linux"
    return build == "auto" or cuda is None


def is_reachable(url: str) -> bool:
    """Whether the URL answers in time, through the proxies and certificates of the environment."""
    answers: list[bool] = []

    def ask() -> None:
        request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - our own https URL
        try:
            context = ssl.create_default_context()
            for name in ("PIP_CERT", "REQUESTS_CA_BUNDLE"):
                if os.path.isfile(os.environ.get(name, "")):  # noqa: PTH113 - may be unset
                    context.load_verify_locations(os.environ[name])
            with urllib.request.urlopen(  # noqa: S310
                request, timeout=PROBE_SECONDS, context=context
            ) as response:
                answers.append(response.status == 200)
        except (OSError, ValueError):
            answers.append(False)

    # A thread, because a look-up of the host's name heeds no timeout.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PROBE_SECONDS)
    return answers == [True]


def install_torch(env: Environment, build: str) -> None:
    """Install torch and torchvision, unless a suitable pair is there."""
    found = env.output("-c", TORCH_PROBE)
    if is_suitable(found, build):
        return
    from_cpu_index = build != "cuda" and is_reachable(f"{CPU_INDEX}/torch/")
    if build == "cpu" and not from_cpu_index:
        stop(
            f"the CPU build comes from {CPU_INDEX}, which cannot be reached from here."
            " Use TORCH=auto to take PyPI's build instead"
        )
    if is_suitable(found, "auto"):
        say(f"replacing the installed torch by the {build} build")
        env.pip("uninstall", "--yes", *TORCH_PACKAGES)
    if from_cpu_index:
        say("installing the CPU build of torch and torchvision (about 200 MB)")
        if env.pip("install", "--index-url", CPU_INDEX, *torch_requirements()):
            return
        if build == "cpu":
            stop(f"{CPU_INDEX} has no build that fits; pip's message says why")
    if build == "auto":
        say("PyTorch's CPU index cannot be used from here: taking PyPI's build")
    size = "several GB with CUDA" if sys.platform == "linux" else "about 200 MB"
    say(f"installing torch and torchvision from PyPI ({size}, some minutes)")
    if not env.pip("install", *torch_requirements()):
        stop("torch could not be installed; pip's message says why")


# ----------------------------------------------------------------------------------- the rest


def requirement_files(dev: bool) -> list[Path]:
    """The files to install from; the development one includes the other."""
    files = [ROOT / "requirements.txt"]
    return [*files, ROOT / "requirements-dev.txt"] if dev else files


def digest(files: list[Path]) -> str:
    """A name for the content of the files."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


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
    if not env.pip("install", "-r", str(newest)):
        stop(f"{newest.name} could not be installed; pip's message says why")
    for stamp, files in wanted.items():
        stamp.write_text(f"{digest(files)} {build}")


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
    if args.browser:
        provide_browser(playwright_browser(env), lambda: download_browser(env))


if __name__ == "__main__":
    main()
