"""`make bench`: measure this engine beside its peers and write docs/benchmarks.md.

python -m benchmarks                      everything, some minutes
python -m benchmarks --case images dream  these parts alone; the rest of the page stays
python -m benchmarks --quick              rough and short, printed and not written
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from benchmarks.programs import CONTENDERS
from benchmarks.sections.cuda import cuda
from benchmarks.sections.dream import dream
from benchmarks.sections.ensembles import ensembles
from benchmarks.sections.growth import growth
from benchmarks.sections.processes import processes
from benchmarks.sections.updates import gates, image_updates
from benchmarks.sections.whole_runs import whole_runs
from benchmarks.setting import load_average, setting
from benchmarks.table import Section, markers, update_page
from benchmarks.timing import Effort, one_thread

__all__ = ["CASES", "main", "template"]

CASES: dict[str, Callable[[Effort, Path | None], Section]] = {
    "images": image_updates,
    "gates": gates,
    "whole-runs": whole_runs,
    "ensembles": ensembles,
    "dream": dream,
    "processes": processes,
    "growth": growth,
    "cuda": cuda,
}

FULL = Effort(rounds=7, seconds=0.2)
QUICK = Effort(rounds=3, seconds=0.04, full=False)
PAGE = Path("docs/benchmarks.md")

HEAD = """\
# Benchmarks

How long this engine takes beside the notebook it grew out of, beside other RBM libraries, and
beside the matrix products that no such program can do without. Measure it yourself:

```
.venv/bin/pip install -r benchmarks/requirements.txt   # the peers, if you want them
make bench                                             # some minutes; rewrites this page
make bench ARGS="--case images --quick"                # one part, roughly, printed only
```

How it is measured: all programs in one process, one thread each, taking turns in rounds whose
order turns around; the CPU time of the process, the median over the rounds, and for ratios the
median of the ratios within a round. Every program gets the same rows, as bits, and reads them from
memory. Ours runs as it does in the app, with all that it records: free energies, success rates.
From the peers' loops everything was left out that is not the update itself (data loaders, progress
files, metrics), and the notebook is measured without its image loader: what is compared is the
arithmetic. `boltzmann9`, `rbms` (as it comes) and scikit-learn train by PCD, scikit-learn with
k = 1 only; the others by CD.

"Products alone" are the 2 k + 1 products between the layers and the two of the gradient, into
buffers, by `torch.mm`. On processors that are not Intel's, oneDNN, which torch carries too, is up
to twice as fast as the library behind `torch.mm`; this engine uses it for large products, so it
can fall below that line. The last line is the floor it has left.

## A class

```
python -m benchmarks.classroom                              # 30 visitors at gates, then at images
python -m benchmarks.classroom gates --sessions 10 --seconds 30
```

It serves the dashboard and lets raw websockets that speak Streamlit's own protocol visit it: they
open the link, train, begin anew, pause and switch pages, look at the screen for one to three
seconds in between, and redraw it at the beat that the page asks for, as a browser does. They draw
nothing, so that thirty fit on the machine that serves. The images are MNIST where `RBM_DATA` names
a folder with it, else the 8×8 digits. A class of 30 is held to its limits, meant for two cores: the
command ends with 1 where one is missed.
"""


def template() -> str:
    """Return the page before anything is measured."""
    pairs = ("\n".join(markers(name)) for name in ("setting", *CASES))
    return HEAD + "\n" + "\n\n".join(pairs) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the cases that were asked for."""
    given = _parser().parse_args(arguments)
    effort = QUICK if given.quick else FULL
    page = given.out or (None if given.quick else PAGE)
    warnings.filterwarnings("ignore", category=FutureWarning, module="torch")  # rbms compiles
    missing = [contender.name for contender in CONTENDERS if not contender.installed]
    if missing:
        print(f"not installed, so not measured: {', '.join(missing)}", file=sys.stderr)
    began = load_average()
    with one_thread():
        for name in given.case or CASES:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            _report(CASES[name](effort, given.data), page)
    _report(setting(effort, (began, load_average())), page)
    return 0


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
    parser.add_argument("--out", type=Path, help=f"the page to write; otherwise {PAGE}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
