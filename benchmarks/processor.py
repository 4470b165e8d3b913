"""What the processor is, and how to hold all that computes to the vectors of an older one."""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path

import torch

__all__ = ["OLDER", "hold_to", "page_name", "processor", "vectors"]

CPU_FACTS = Path("/proc/cpuinfo")
# By each library's own variable: torch, oneDNN, MKL, numpy, OpenBLAS (numpy's, scipy's), Numba.
OLDER = {
    "avx2": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        "OPENBLAS_CORETYPE": "Haswell",
        "NUMBA_CPU_NAME": "znver3",
        "NUMBA_CPU_FEATURES": "+avx2,+fma,-avx512f",
    }
}
# The page that readers are sent to shows what most processors have.
COMMON = "avx2"


def vectors() -> str:
    """Name the widest vectors that torch uses here: "avx2", "avx512" and the like."""
    return torch.backends.cpu.get_cpu_capability().lower()


def processor() -> str:
    """Name the processor and its vectors, and say where they are not all used."""
    named = re.search(r"^model name\s*:\s*(.+)$", _cpu_facts(), re.MULTILINE)
    name = named[1] if named else platform.processor() or platform.machine()
    if vectors() == "avx2" and " avx512f " in _cpu_facts():
        return f"{name}: the AVX2 code paths on a processor with AVX-512"
    return f"{name}, {vectors().upper()}"


def page_name(of_vectors: str) -> str:
    """Return the name of the page of a class of processors.

    Args:
        of_vectors: What `vectors` says.
    """
    return "benchmarks.md" if of_vectors == COMMON else f"benchmarks-{of_vectors}.md"


def hold_to(older: str, module: str, arguments: list[str]) -> None:
    """Begin this program anew, held to an older processor's vectors; this process becomes it.

    Args:
        older: One of OLDER.
        module: What `python -m` runs.
        arguments: Its command line.
    """
    os.execve(  # noqa: S606  (no shell is wanted)
        sys.executable,
        [sys.executable, "-m", module, *arguments],
        {**os.environ, **OLDER[older]},
    )


def _cpu_facts() -> str:
    return CPU_FACTS.read_text(encoding="utf-8") if CPU_FACTS.exists() else ""
