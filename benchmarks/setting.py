"""Where and with what a report was measured, without naming the machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from benchmarks.processor import processor
from benchmarks.programs import CONTENDERS
from benchmarks.table import Section
from benchmarks.timing import Effort
from rbm_core import __version__

__all__ = ["load_average", "setting"]


def setting(effort: Effort, load: tuple[float, float]) -> Section:
    """Describe the machine, the versions, and what was missing.

    Args:
        effort: Rounds and seconds of the run.
        load: Load average when it began and when it ended.
    """
    packages = ["torch", "numpy"] + [c.distribution for c in CONTENDERS if c.distribution]
    missing = [contender.name for contender in CONTENDERS if not contender.installed]
    lines = [
        f"- {processor()}; {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        "one thread each",
        f"- RBM Lab {__version__}",
        f"- Python {platform.python_version()}, "
        + ", ".join(f"{name} {_version(name)}" for name in packages),
        f"- {effort.rounds} rounds of about {effort.seconds:g} s; load average {load[0]:.1f} at "
        f"the beginning and {load[1]:.1f} at the end (the run itself counts for 1)",
    ]
    if missing:
        lines.append(f"- not installed, so not measured: {', '.join(missing)}")
    return Section(name="setting", title="Where", body=["\n".join(lines)])


def load_average() -> float:
    """Load average of the last minute, NaN where the system keeps none."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "(none)"
