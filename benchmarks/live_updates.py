"""What a live update costs the server, and the network: `python -m benchmarks.live_updates`.

A browser watches a run in training. CPU time is the server process's, less that of the trainer
thread and less what the idle page costs, over the polls of half a second that fell in the time.
Needs Linux and a Chromium; the second page needs MNIST under RBM_DATA.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.browsers import find_browser
from tools.dashboard import BROWSER_FLAGS, serve

PAGES = {
    "Train a gate": "/train_a_gate?preset=and-from-scratch&epochs=60&updates-per-epoch=1000",
    "Images, MNIST, 64 units": "/images?preset=mnist-64",
}
POLL_S = 0.5
SETTLE_S = 12
WATCH_S = 10
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(stat: Path) -> float:
    """CPU seconds of a process or thread so far."""
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def spent(pid: int) -> tuple[float, dict[str, float]]:
    """CPU seconds of a process, and of each of its threads."""
    tasks = Path(f"/proc/{pid}/task")
    threads = {task.name: cpu_s(task / "stat") for task in tasks.iterdir()}
    return cpu_s(Path(f"/proc/{pid}/stat")), threads


def beside_trainer(page: Page, pid: int) -> float:
    """CPU seconds of the server in the time of a watch, less those of its busiest thread."""
    whole, threads = spent(pid)
    page.wait_for_timeout(WATCH_S * 1000)
    whole_now, threads_now = spent(pid)
    trainer = max(now - threads.get(name, 0.0) for name, now in threads_now.items())
    return whole_now - whole - trainer


def watch(page: Page, pid: int, url: str) -> tuple[float, float]:
    """Milliseconds of server CPU and kilobytes on the wire of a live update."""
    received: list[int] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda data: received.append(len(data))))
    page.goto(url)
    page.wait_for_timeout(SETTLE_S * 1000)
    idle = beside_trainer(page, pid)
    page.get_by_text("Slow", exact=True).click()
    page.wait_for_timeout(1000)
    page.locator(".st-key-train button:visible").click()
    page.wait_for_timeout(3000)
    received.clear()
    busy = beside_trainer(page, pid)
    n_updates = WATCH_S / POLL_S
    return 1000 * (busy - idle) / n_updates, sum(received) / 1000 / n_updates


def main() -> None:
    """Print a line for each page."""
    with serve() as address, sync_playwright() as playwright:
        port = address.rsplit(":", 1)[1]
        found = subprocess.run(
            ["pgrep", "-f", f"server.port={port}"], capture_output=True, text=True, check=True
        )
        pid = int(found.stdout.split()[0])
        program = find_browser(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        for name, path in PAGES.items():
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            cpu, kilobytes = watch(page, pid, address + path)
            print(f"{name}: {cpu:.1f} ms of server CPU, {kilobytes:.1f} KB an update")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
