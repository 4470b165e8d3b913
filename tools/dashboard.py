"""A served dashboard, and how Chromium looks at it, for the browser tests and the screenshots."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

__all__ = ["BROWSER_FLAGS", "serve"]

ROOT = Path(__file__).resolve().parents[1]
# Quiet: a browser's own housekeeping would look like requests of the page.
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 60


@contextlib.contextmanager
def serve() -> Iterator[str]:
    """Serve the dashboard on a free port while the block runs, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    options += ["--browser.serverAddress=localhost"]
    server = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_S
        while not _healthy(address):
            if time.monotonic() > deadline or server.poll() is not None:
                raise RuntimeError(f"the dashboard was not up within {START_S} s; see its messages")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.read() == b"ok")
    except OSError:
        return False
