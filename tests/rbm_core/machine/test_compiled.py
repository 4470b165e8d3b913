"""Laws of compiled code on disk: it serves as long as nothing that it was made from changes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rbm_core.machine.compiled import ENGINE, sources_digest

SOURCE = "from rbm_core.machine.compiled import compiled\n"
INNER = SOURCE + "@compiled\ndef inner(x: int) -> int:\n    return x + {}\n"
OUTER = (
    SOURCE + "from inner import inner\n@compiled\ndef outer(x: int) -> int:\n    return inner(x)\n"
)
CALL = (
    "import rbm_core.machine.compiled as c, pathlib\n"
    "c.ENGINE = pathlib.Path('.')\n"
    "from outer import outer\n"
    "print(outer(1), sum(outer.stats.cache_hits.values()))"
)


def called(folder: Path) -> list[str]:
    """What a new process gets from the outer function, and how often its code was on disk."""
    paths = os.pathsep.join([str(folder), str(ENGINE.parent)])
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        cwd=folder, env=os.environ | {"PYTHONPATH": paths, "NUMBA_CACHE_DIR": ""},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


def test_code_on_disk_is_made_anew_when_a_function_that_it_calls_changes(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(OUTER)
    (tmp_path / "inner.py").write_text(INNER.format(1))
    assert called(tmp_path) == ["2", "0"]
    assert called(tmp_path) == ["2", "1"]
    (tmp_path / "inner.py").write_text(INNER.format(5))
    assert called(tmp_path) == ["6", "0"]


def test_only_sources_of_compiled_code_are_in_the_digest(tmp_path: Path) -> None:
    (tmp_path / "compiled.py").write_text(SOURCE)
    before = sources_digest(tmp_path)
    (tmp_path / "other.py").write_text("x = 1\n")
    assert sources_digest(tmp_path) == before
    (tmp_path / "compiled.py").write_text(SOURCE + "x = 1\n")
    assert sources_digest(tmp_path) != before


def test_code_is_compiled_where_no_folder_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(OUTER)
    (tmp_path / "inner.py").write_text(INNER.format(1))
    refused = (
        "import tempfile\ndef no(**_: object) -> None: raise OSError\ntempfile.TemporaryFile = no\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", refused + CALL],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ENGINE.parent}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split()[0] == "2"
