"""A real JupyterLab in a real Chromium, for tests that see what a student sees.

All tests of a process share one server and one page. NNUTILS_SCREENSHOTS names a folder in which pictures are kept.
"""

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

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": '{"windowingMode": "none"}',
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": '{"fetchNews": "false"}',
    "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": '{"autosave": false}',
}
NOT_OF_THE_COURSE = shutil.ignore_patterns("*.json", ".*", "*.mine-*")
KERNEL = "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
FEED = ".jp-WindowedPanel-viewport"  # axe-core finds that this list of cells has the role of a feed, and no articles in it
OF_JUPYTERLAB = {  # what else axe-core finds in JupyterLab and in ipywidgets themselves
    ".cm-editor": "the text box of a cell has no name",
    ".jp-collapseHeadingButton": "the button that folds a section has no name",
    # https://github.com/leongersen/noUiSlider/issues/1019; ipywidgets sets none either, and a kernel cannot
    ".noUi-handle": "the handle of a slider has no name, only its value; its words stand before it",
    ".widget-play": "the buttons of ipywidgets' Play have no name",
}
THEMES = ("JupyterLab Light", "JupyterLab Dark")
EVERY = 200  # milliseconds between two looks; Playwright looks at each frame, which keeps the page busy while a kernel works


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
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--ServerApp.root_dir={root}", "--IdentityProvider.token=", "--allow-root"]
    command += ["--LabApp.expose_app_in_browser=True"]
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


class Lab:
    """JupyterLab in a page, which shows one notebook at a time."""

    def __init__(self, page: Any, address: str, root: Path) -> None:
        self.page, self.address, self.root = page, address, root

    def begin(self, path: str) -> Notebook:
        """A notebook in a page that was loaded anew, as on another day."""
        self.page.goto(f"{self.address}/lab/tree/{path}?reset")
        self.wait("window.jupyterapp?.shell?.currentWidget", 120)
        return self.shown(path)

    def open(self, path: str) -> Notebook:
        """A notebook in the page as it is, in the place of the one that is shown. If that is the same one, it stays."""
        if "/lab" not in self.page.url:
            return self.begin(path)
        if self.page.evaluate("jupyterapp.shell.currentWidget?.context?.path") == path:
            return self.shown(path)
        self.close()
        self.command("docmanager:open", path=path, factory="Notebook")
        return self.shown(path)

    def close(self) -> None:
        """Close all notebooks, without saving them, and end their kernels."""
        self.page.evaluate("""async () => {
            for (const shown of [...jupyterapp.shell.widgets('main')]) {
                await shown.sessionContext?.shutdown();
                shown.dispose();
            }
        }""")

    def shown(self, path: str) -> Notebook:
        """The notebook that is opening."""
        ready = f"jupyterapp.shell.currentWidget?.context?.path === {path!r} && {KERNEL}"
        self.wait(ready, 120)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        notebook = Notebook(self)
        notebook.idle()
        return notebook

    def wait(self, script: str, timeout: float = 60, **given: Any) -> None:
        """Wait until a script is true in the page; so many seconds at most."""
        self.page.wait_for_function(script, polling=EVERY, timeout=1000 * timeout, **given)

    def command(self, name: str, **arguments: Any) -> None:
        """Run one of JupyterLab's commands, and do not wait for its end: it may ask something."""
        script = "([name, given]) => { jupyterapp.commands.execute(name, given) }"
        self.page.evaluate(script, [name, arguments])

    def theme(self, name: str) -> None:
        """Show all in this theme."""
        self.command("apputils:change-theme", theme=name)
        is_light = str(name == THEMES[0]).lower()
        self.wait(f"document.body.dataset.jpThemeLight === '{is_light}'")
        self.page.wait_for_timeout(500)

    def resize(self, width: int, height: int = 900) -> None:
        """Make the window so wide. The list of files is shut where there is no room for it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(f"jupyterapp.shell.{'collapseLeft' if width < 1000 else 'expandLeft'}()")
        self.page.wait_for_timeout(700)


class Notebook:
    """The notebook that is shown."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.page = lab, lab.page

    def command(self, name: str) -> None:
        """Run one of JupyterLab's commands."""
        self.lab.command(f"notebook:{name}")

    def idle(self, timeout: float = 180) -> None:
        """Wait until the kernel has nothing to do and no cell waits for it."""
        waiting = "[...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'))"
        self.lab.wait(f"{KERNEL}?.status === 'idle' && !{waiting}", timeout)

    def run_all(self, timeout: float = 180) -> None:
        """Run all cells and wait for the last."""
        self.command("run-all-cells")
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

    def select(self, text: str) -> Any:
        """Click into the cell that contains `text`."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        return cell

    def run(self, text: str) -> str:
        """Click into the cell that contains `text`, press Shift+Enter, and return its output's text."""
        self.select(text)
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_timeout(300)
        self.idle()
        return self.output(text)

    def answer(self, text: str, source: str) -> None:
        """Write the cell that contains `text` anew and run it."""
        self.rewrite(text, source)
        self.run(source.splitlines()[0])

    def save(self) -> None:
        """Save the notebook."""
        self.lab.command("docmanager:save")
        self.lab.wait("!jupyterapp.shell.currentWidget.context.model.dirty")

    def output(self, text: str) -> str:
        """The output of the cell that contains `text`."""
        return self.cell(text).locator(".jp-OutputArea").inner_text()

    def errors(self) -> list[str]:
        """The text of all outputs that are errors."""
        return self.page.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
        ).all_inner_texts()

    def trust(self) -> None:
        """Show all that the stored outputs hold, as after a run."""
        self.page.evaluate(
            "() => { for (const cell of jupyterapp.shell.currentWidget.content.model.cells) cell.trusted = true }"
        )
        self.page.wait_for_timeout(500)


def violations(page: Any, theme: str) -> list[str]:
    """What axe-core finds in the notebook that is shown, without what JupyterLab has to answer for.

    In the dark theme only colours are looked at: all else is as in the light one.
    """
    from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe

    context = {"include": [[".jp-Notebook"]], "exclude": [[selector] for selector in OF_JUPYTERLAB]}
    options = DEFAULT_OPTIONS | ({"runOnly": ["color-contrast"]} if theme != THEMES[0] else {})
    rules = Axe().run(page, context, options).response["violations"]
    found = [(rule["id"], node) for rule in rules for node in rule["nodes"]]
    return [f"{rule}: {node['html'][:200]}" for rule, node in found if node["target"] != [FEED]]


def keep(picture: Any, name: str, **how: Any) -> None:
    """Keep a picture of the page or of a part of it, if somebody wants to look at it."""
    folder = os.environ.get("NNUTILS_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        picture.screenshot(path=Path(folder) / f"{name}.png", **how)


@pytest.fixture(scope="session")
def lab(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab whose root holds solutions/, and in which tests make folders of their own."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", root / "solutions", ignore=NOT_OF_THE_COURSE)
    with server(root, tmp_path_factory.mktemp("scratch")) as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        yield Lab(page, address, root)
        page.close()


@pytest.fixture(scope="session")
def picture() -> Any:
    """`keep`."""
    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Any:
    """Keep a picture of what was shown when a test failed."""
    report = yield
    seen = getattr(item, "funcargs", {}).get("lab")
    if report.when == "call" and report.failed and seen:
        with contextlib.suppress(Exception):
            keep(seen.page, f"failed-{item.name}")
    return report
