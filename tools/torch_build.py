"""Which build of torch an environment gets, and from where.

On Linux, torch from PyPI is a CUDA build of several GB, so torch and torchvision come from
PyTorch's CPU index where that can be reached, and from PyPI where it cannot. What they stand on
comes from PyPI in either case: the index holds old copies of it, which the constraints rule out.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import sys
import threading
import urllib.request

from tools.console import say, stop
from tools.environment import CONSTRAINTS, Environment

__all__ = ["install_torch", "is_suitable", "pinned_torch"]

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PROBE_SECONDS = 5.0
PACKAGES = ("torch", "torchvision")
# Printed by the environment's Python: torch's version, torchvision's, torch's CUDA or null.
TORCH_PROBE = (
    "import json, torch, torchvision as tv;"
    "print(json.dumps([torch.__version__, tv.__version__, torch.version.cuda]))"
)


def pinned_torch() -> dict[str, str]:
    """The versions of torch and torchvision in constraints.txt, the same for every Python."""
    text = CONSTRAINTS.read_text(encoding="utf-8")
    return {
        name: version
        for name, version in re.findall(r"^(\w+)==([\d.]+)$", text, flags=re.MULTILINE)
        if name in PACKAGES
    }


def is_suitable(found: str | None, build: str) -> bool:
    """Whether the installed pair, as TORCH_PROBE printed it, is the pinned one in that build.

    Args:
        found: What the probe printed; None where it failed.
        build: auto, cpu or cuda.
    """
    if found is None:
        return False
    *versions, cuda = json.loads(found)
    pinned = pinned_torch()
    # 2.14.1+cpu is 2.14.1 in a build of its own.
    if [version.partition("+")[0] for version in versions] != [pinned[name] for name in PACKAGES]:
        return False
    if build == "cuda":
        return cuda is not None or sys.platform != "linux"
    return build == "auto" or cuda is None


def install_torch(env: Environment, build: str) -> None:
    """Install torch and torchvision, unless a suitable pair is there.

    Args:
        env: Where to.
        build: auto, cpu or cuda.
    """
    found = env.output("-c", TORCH_PROBE)
    if is_suitable(found, build):
        return
    from_cpu_index = build != "cuda" and _is_reachable(f"{CPU_INDEX}/torch/")
    if build == "cpu" and not from_cpu_index:
        stop(
            f"the CPU build comes from {CPU_INDEX}, which cannot be reached from here."
            " Use TORCH=auto to take PyPI's build instead"
        )
    if is_suitable(found, "auto"):
        say(f"replacing the installed torch by the {build} build")
        env.pip("uninstall", "--yes", *PACKAGES)
    if from_cpu_index:
        say("installing the CPU build of torch and torchvision (about 200 MB)")
        if env.install("--no-deps", "--index-url", CPU_INDEX, *PACKAGES):
            return
        if build == "cpu":
            stop(f"{CPU_INDEX} has no build that fits; pip's message says why")
    if build == "auto":
        say("PyTorch's CPU index cannot be used from here: taking PyPI's build")
    size = "several GB with CUDA" if sys.platform == "linux" else "about 200 MB"
    say(f"installing torch and torchvision from PyPI ({size}, some minutes)")
    if not env.install(*PACKAGES):
        stop("torch could not be installed; pip's message says why")


def _is_reachable(url: str) -> bool:
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
