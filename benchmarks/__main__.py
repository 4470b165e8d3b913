"""`make bench`: measure this engine beside its peers and write the page of this processor's class.

python -m benchmarks                      everything, some minutes
python -m benchmarks --case images dream  these parts alone; the rest of the page stays
python -m benchmarks --quick              rough and short, printed and not written
python -m benchmarks --held-to avx2       the AVX2 code paths, on a processor that has more
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.processor import OLDER, hold_to, page_name, processor, vectors
from benchmarks.programs import CONTENDERS
from benchmarks.sections.classes import class_at_gates, class_at_images
from benchmarks.sections.cuda import cuda
from benchmarks.sections.dream import dream
from benchmarks.sections.ensembles import ensembles
from benchmarks.sections.growth import growth
from benchmarks.sections.lock import lock
from benchmarks.sections.processes import processes
from benchmarks.sections.start import start
from benchmarks.sections.updates import gates, image_updates
from benchmarks.sections.whole_runs import whole_runs
from benchmarks.setting import load_average, setting
from benchmarks.table import Section, markers, update_page
from benchmarks.timing import Effort, one_thread

__all__ = ["CASES", "main", "missed_limits", "template"]

CASES: dict[str, Callable[[Effort, Path | None], Section]] = {
    "images": image_updates,
    "gates": gates,
    "whole-runs": whole_runs,
    "ensembles": ensembles,
    "dream": dream,
    "processes": processes,
    "start": start,
    "class-gates": class_at_gates,
    "class-images": class_at_images,
    "lock": lock,
    "growth": growth,
    "cuda": cuda,
}

FULL = Effort(rounds=7, seconds=0.2)
QUICK = Effort(rounds=3, seconds=0.04, full=False)
DOCS = Path("docs")

HEAD = """\
# Benchmarks

How long this engine takes beside the notebook it grew out of, beside other RBM libraries, and
beside the matrix products that no such program can do without. Each class of processors has a page
of its own: this one shows {vectors}; [AVX2](benchmarks.md) is what most processors have,
[AVX-512](benchmarks-avx512.md) has wider vectors. Measure it yourself:

```
.venv/bin/pip install -r benchmarks/requirements.txt   # the peers, if you want them
make bench                                             # a quarter of an hour; rewrites the page
make bench ARGS="--case images --quick"                # one part, roughly, printed only
make bench ARGS="--held-to avx2"                       # AVX2 figures on a processor with AVX-512
```

The last one holds torch, oneDNN, MKL, numpy, OpenBLAS and Numba to the code they have for AVX2, by
their own environment variables; the page then says that it was measured so. A full run ends with 1
where a limit is missed, and lists what was.

How it is measured: all programs in one process, one thread each, taking turns in rounds whose
order turns around; the CPU time of the process, the median over the rounds, and for ratios the
median of the ratios within a round. Every program gets the same rows, as bits, and reads them from
memory. Ours runs as it does in the app, with all that it records: free energies, success rates.
From the peers' loops everything was left out that is not the update itself (data loaders, progress
files, metrics), and the notebook is measured without its image loader: what is compared is the
arithmetic. `boltzmann9`, `rbms` (as it comes) and scikit-learn train by PCD, scikit-learn with
k = 1 only; the others by CD.

"Products alone" are the 2 k + 1 products between the layers and the two of the gradient, into
buffers, by `torch.mm`, or by oneDNN, which torch carries too; "the better library" is the faster of
both. An engine that multiplies less than in full can fall below that line.

The class is `python -m benchmarks.classroom [gates|images] --sessions 30 --seconds 60`: it serves
the dashboard and lets raw websockets that speak Streamlit's own protocol visit it. They open the
link, train, begin anew, pause and switch pages, look at the screen for one to three seconds in
between, and have it redrawn at the beat that the page asks for, as a browser does. They draw
nothing, so that thirty fit on the machine that serves. The images are MNIST where `RBM_DATA` names
a folder with it, else the 8×8 digits. A class of 30 is held to its limits, meant for two cores.
"""


def template() -> str:
    """Return the page before anything is measured."""
    pairs = ("\n".join(markers(name)) for name in ("setting", *CASES))
    return HEAD.format(vectors=vectors().upper()) + "\n" + "\n\n".join(pairs) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the cases that were asked for; 1 where a limit was missed in a full run."""
    words = sys.argv[1:] if arguments is None else arguments
    given = _parser().parse_args(words)
    if given.held_to and vectors() != given.held_to:
        hold_to(given.held_to, "benchmarks", words)
    if given.data is not None:
        os.environ["RBM_DATA"] = str(given.data)  # what is started from here reads it too
    effort = QUICK if given.quick else FULL
    page = given.out or (None if given.quick else DOCS / page_name(vectors()))
    warnings.filterwarnings("ignore", category=FutureWarning, module="torch")  # rbms compiles
    missing = [contender.name for contender in CONTENDERS if not contender.installed]
    print(f"on {processor()}", file=sys.stderr)
    if missing:
        print(f"not installed, so not measured: {', '.join(missing)}", file=sys.stderr)
    began, sections = load_average(), []
    with one_thread():
        for name in given.case or CASES:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            sections.append(CASES[name](effort, given.data))
            _report(sections[-1], page)
    _report(setting(effort, (began, load_average())), page)
    missed = missed_limits(sections)
    print("\n".join(missed), file=sys.stderr)
    return int(bool(missed) and effort.full)


def missed_limits(sections: Sequence[Section]) -> list[str]:
    """Return a line for each limit that was missed, after one that counts them.

    Args:
        sections: What was measured.
    """
    missed = [
        f"missed: {section.title}: {claim.text}; measured {claim.measured}"
        for section in sections
        for claim in section.claims
        if not claim.holds
    ]
    return [f"limits missed: {len(missed)}", *missed] if missed else []


def _report(section: Section, page: Path | None) -> None:
    """Print a section, and write it at once: a long run that is stopped keeps what it has."""
    print(section.markdown(), end="\n\n", flush=True)
    if page is not None:
        update_page(page, template(), [section])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure this engine beside its peers."
    )
    parser.add_argument("--case", nargs="+", choices=list(CASES), help="these parts alone")
    parser.add_argument("--quick", action="store_true", help="rough and short; not written")
    parser.add_argument("--data", type=Path, help="folder of data sets; otherwise RBM_DATA")
    parser.add_argument("--held-to", choices=list(OLDER), help="an older processor's vectors")
    parser.add_argument("--out", type=Path, help="the page to write; otherwise that of the class")
    return parser


if __name__ == "__main__":
    sys.exit(main())
