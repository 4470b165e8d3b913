"""Where and with what a report was measured, without naming the machine."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from benchmarks.programs import CONTENDERS
from benchmarks.table import Section
from benchmarks.timing import Effort

__all__ = ["load_average", "processor", "setting"]

CPU_FACTS = Path("/proc/cpuinfo")


def setting(effort: Effort, load: tuple[float, float]) -> Section:
    """Describe the machine, the versions, and what was missing.

    Args:
        effort: Rounds and seconds of the run.
        load: Load average when it began and when it ended.
    """
    packages = ["torch", "numpy"] + [c.distribution for c in CONTENDERS if c.distribution]
    missing = [contender.name for contender in CONTENDERS if not contender.installed]
    lines = [
        f"- {platform.system()} on {platform.machine()} with "
        f"{torch.backends.cpu.get_cpu_capability()}, {os.cpu_count()} cores; one thread each",
        f"- Python {platform.python_version()}, "
        + ", ".join(f"{name} {_version(name)}" for name in packages),
        f"- {effort.rounds} rounds of about {effort.seconds:g} s; load average {load[0]:.1f} at "
        f"the beginning and {load[1]:.1f} at the end (the run itself counts for 1)",
    ]
    if missing:
        lines.append(f"- not installed, so not measured: {', '.join(missing)}")
    return Section(name="setting", title="Where", body=["\n".join(lines)])


def processor() -> str:
    """Name the processor and the widest vectors that torch uses on it."""
    named = re.search(r"^model name\s*:\s*(.+)$", _cpu_facts(), re.MULTILINE)
    name = named[1] if named else platform.processor() or platform.machine()
    return f"{name} ({torch.backends.cpu.get_cpu_capability()})"


def load_average() -> float:
    """Load average of the last minute, NaN where the system keeps none."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "(none)"


def _cpu_facts() -> str:
    return CPU_FACTS.read_text(encoding="utf-8") if CPU_FACTS.exists() else ""
