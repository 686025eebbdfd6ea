"""A real JupyterLab in a real Chromium, for tests that see what a student sees."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-dev-shm-usage --disable-extensions"
).split()
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": '{"windowingMode": "none"}',
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": '{"fetchNews": "false"}',
}


@contextlib.contextmanager
def server(root: Path, scratch: Path) -> Iterator[str]:
    """A JupyterLab that serves `root`; yields its address. Settings and logs go to `scratch`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, text in SETTINGS.items():
        file = scratch / "settings" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        f"--port={port}",
        "--ip=127.0.0.1",
        f"--ServerApp.root_dir={root}",
    ]
    command += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", "--allow-root"]
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
    }
    with (scratch / "lab.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield _answering(f"http://127.0.0.1:{port}", process, scratch / "lab.log")
        finally:
            process.terminate()
            process.wait(20)


def _answering(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(240):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/api", timeout=2):
            return address
        if process.poll() is not None:
            break
        time.sleep(0.25)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@contextlib.contextmanager
def browser(width: int = 1280, height: int = 900) -> Iterator[Any]:
    """A page of a fresh Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium.new_page(viewport={"width": width, "height": height})
        chromium.close()


class Notebook:
    """One notebook, open in the page."""

    def __init__(self, page: Any, address: str, path: str) -> None:
        self.page = page
        page.goto(f"{address}/lab/tree/{path}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(
            "window.jupyterapp && jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel",
            timeout=60_000,
        )
        self.idle()

    def command(self, name: str) -> None:
        """Run one of JupyterLab's commands."""
        self.page.evaluate(f"jupyterapp.commands.execute({name!r})")

    def idle(self, timeout: float = 180) -> None:
        """Wait until the kernel has nothing to do and no cell waits for it."""
        kernel = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.status == 'idle'"
        waiting = "![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'))"
        self.page.wait_for_function(f"{kernel} && {waiting}", timeout=1000 * timeout)

    def run_all(self, timeout: float = 180) -> None:
        """Run all cells and wait for the last."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_timeout(500)
        self.idle(timeout)

    def cell(self, text: str) -> Any:
        """The code cell whose source contains `text`."""
        return self.page.locator(
            ".jp-CodeCell", has=self.page.locator(".jp-InputArea-editor", has_text=text)
        ).first

    def rewrite(self, text: str, source: str) -> None:
        """Put `source` into the cell that contains `text`, as typed."""
        script = """([text, source]) => {
            const cells = [...jupyterapp.shell.currentWidget.content.model.cells];
            const cell = cells.find(c => c.type == 'code' && c.sharedModel.getSource().includes(text));
            cell.sharedModel.setSource(source);
        }"""
        self.page.evaluate(script, [text, source])

    def run(self, text: str) -> str:
        """Click into the cell that contains `text`, press Shift+Enter, and return its output's text."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_timeout(300)
        self.idle()
        return self.output(text)

    def output(self, text: str) -> str:
        """The output of the cell that contains `text`."""
        return self.cell(text).locator(".jp-OutputArea").inner_text()

    def errors(self) -> list[str]:
        """The text of all outputs that are errors."""
        return self.page.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
        ).all_inner_texts()

    def screenshot(self, path: Path) -> None:
        """The whole notebook, as long as it is."""
        panel = self.page.locator(".jp-WindowedPanel-outer").first
        height = panel.evaluate("e => e.scrollHeight")
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": before["width"], "height": min(int(height) + 200, 16_000)})
        panel.evaluate("e => { e.scrollTop = 0 }")
        self.page.wait_for_timeout(700)
        panel.screenshot(path=str(path))
        self.page.set_viewport_size(before)


@pytest.fixture(scope="session")
def lab_server() -> Any:
    """`server`, or a skip where no browser is installed."""
    if CHROMIUM is None:
        pytest.skip("no Chromium or Chrome on this machine")
    return server


@pytest.fixture(scope="session")
def lab_browser() -> Any:
    """`browser`."""
    return browser


@pytest.fixture(scope="session")
def lab_notebook() -> Any:
    """`Notebook`."""
    return Notebook
