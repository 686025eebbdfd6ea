"""A lesson in a browser: run, answered, moved, reloaded and handed in, with nothing but files of the site.

The test needs a Pyodide of the version that JupyterLite's kernel takes: NNUTILS_PYODIDE is its folder or its address.
"""

import base64
import functools
import http.server
import json
import os
import threading
from types import SimpleNamespace

import pytest

from coursekit.authoring.lesson import lessons
from coursekit.site.live.build import address_of, build_live
from coursekit.site.live.runtime import Runtime
from nnutils.checks.absent import SAID
from tests.site.conftest import ROOT, Quiet

PYODIDE = os.environ.get("NNUTILS_PYODIDE", "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not PYODIDE, reason="NNUTILS_PYODIDE names no Pyodide"),
]
(LESSON,) = lessons(ROOT, ("08",))  # of those with an explorer and a Keras cell the one that runs fastest
LIMIT = 600  # seconds for one step, on a machine that others use, too
RIGHT = """def numerical_gradient(f, theta, eps):
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        nudge = np.zeros(theta.shape)
        nudge[i] = eps
        grad[i] = (f(theta + nudge) - f(theta - nudge)) / (2 * eps)
    return grad"""
WRONG = RIGHT.replace("(2 * eps)", "eps")
ANSWER, CHECK = "def numerical_gradient", "= check(numerical_gradient)"

# A cell is asked for what it holds, not for how it looks: outside of the window JupyterLab may draw none.
CELLS = "[...jupyterapp.shell.currentWidget.content.model.cells].filter(c => c.type == 'code')"
FIND = f"const cell = {CELLS}.find(c => c.sharedModel.getSource().includes(text))"
TELLS = """c => c.outputs.toJSON().map(o => [o.text, o.evalue, o.data?.['text/plain']].flat().join('')).join('\\n')"""


class LiveNotebook:
    """A lesson that runs in the page itself."""

    def __init__(self, page):
        self.page = page

    def started(self):
        """Wait until its cells and a kernel are there. The kernel's status is known when the first cell has run."""
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel")

    def command(self, name):
        """Run one of JupyterLab's commands, and do not wait for its end."""
        self.page.evaluate("name => { jupyterapp.commands.execute(name) }", name)

    def run_all(self):
        """Run all cells, and wait for the last."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(f"{CELLS}.every(c => c.executionCount && c.executionState == 'idle')")

    def rewrite(self, text, source):
        """Put `source` into the cell that contains `text`."""
        self.page.evaluate(
            f"([text, source]) => {{ {FIND}; cell.sharedModel.setSource(source) }}", [text, source]
        )

    def source(self, text):
        """The source of the cell that contains `text`."""
        return self.page.evaluate(f"text => {{ {FIND}; return cell.sharedModel.getSource() }}", text)

    def run(self, text):
        """Run the cell that contains `text`, and return what it tells."""
        before = self.page.evaluate(
            f"""text => {{ {FIND}; const content = jupyterapp.shell.currentWidget.content;
            content.activeCellIndex = [...content.model.cells].indexOf(cell); return cell.executionCount }}""",
            text,
        )
        self.command("notebook:run-cell")
        done = f"([text, before]) => {{ {FIND}; return cell.executionCount > before && cell.executionState == 'idle' }}"
        self.page.wait_for_function(done, arg=[text, before])
        return self.output(text)

    def output(self, text):
        """What the cell that contains `text` tells."""
        return self.page.evaluate(f"text => {{ {FIND}; return ({TELLS})(cell) }}", text)

    def errors(self):
        """All errors, and all that was written to stderr."""
        wrong = "o => o.output_type == 'error' || o.name == 'stderr'"
        return self.page.evaluate(f"() => {CELLS}.flatMap(c => c.outputs.toJSON()).filter({wrong})")

    def explorer(self, text):
        """The explorer below the cell that contains `text`."""
        cells = self.page.locator(".jp-CodeCell")
        return cells.filter(has=self.page.locator(".jp-InputArea-editor", has_text=text)).first

    def stored(self, name):
        """A file as the browser keeps it."""
        script = "async name => (await jupyterapp.serviceManager.contents.get(name, {content: true})).content"
        return self.page.evaluate(script, name)


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """The address of a site that holds just the lesson, and what was asked of it."""
    site, work = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("work")
    build_live(ROOT, [LESSON], site, work, Runtime.at(PYODIDE))
    asked = []

    class Noting(Quiet):
        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

    handler = functools.partial(Noting, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield SimpleNamespace(address=f"http://127.0.0.1:{server.server_address[1]}", asked=asked)
        server.shutdown()


@pytest.fixture
def page(chromium, live):
    """A page of a browser that has never been here; nothing may be asked of another place."""
    context, elsewhere = chromium.new_context(viewport={"width": 1280, "height": 900}), []
    context.on("request", lambda request: elsewhere.append(request.url))
    page = context.new_page()
    page.set_default_timeout(1000 * LIMIT)
    page.on("dialog", lambda dialog: dialog.accept())  # whether to leave the page
    yield page
    context.close()
    assert [url for url in elsewhere if not url.startswith((live.address, "data:", "blob:"))] == []


def test_a_lesson_is_run_answered_kept_and_handed_in(page, live, tmp_path):
    page.goto(f"{live.address}/{address_of(LESSON)}")
    notebook = LiveNotebook(page)
    notebook.started()
    notebook.run_all()
    assert notebook.errors() == []
    assert "not attempted yet" in notebook.output(CHECK)
    assert notebook.output("import keras").strip() == SAID
    assert [path for path in live.asked if "scipy" in path or "scikit" in path or "openssl" in path] == []
    moves_by_keyboard(page, notebook.explorer("u_curve()"))

    notebook.rewrite(ANSWER, WRONG)
    notebook.run(ANSWER)
    assert "You divided by eps" in notebook.run(CHECK)
    notebook.rewrite(ANSWER, RIGHT)
    notebook.run(ANSWER)
    assert "passed" in notebook.run(CHECK)
    notebook.command("docmanager:save")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")

    page.reload()
    notebook.started()
    assert notebook.source(ANSWER) == RIGHT and "passed" in notebook.output(CHECK)
    record = json.loads(base64.b64decode(notebook.stored("nnutils-progress.json")))
    assert record["numerical_gradient"]["status"] == "passed" and record["numerical_gradient"]["tries"] == 2

    with page.expect_download() as download:
        notebook.command("docmanager:download")
    submissions = tmp_path / "submissions"
    download.value.save_as(submissions / "ada" / f"{LESSON.name}.ipynb")
    assert graded(submissions, tmp_path / "grades")["numerical_gradient"] == "passed"


def moves_by_keyboard(page, explorer):
    """An arrow moves the first slider, and another picture and other words come."""
    explorer.scroll_into_view_if_needed()
    words, picture = explorer.locator("[role=status]"), explorer.locator("img")
    before = words.inner_text(), picture.get_attribute("src")
    explorer.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([cell, words, src]) => cell.querySelector('[role=status]').innerText != words && cell.querySelector('img').src != src",
        arg=[explorer.element_handle(), *before],
    )
    assert explorer.locator("[role=alert]").count() == 0

    content = "jupyterapp.shell.currentWidget.content"  # elsewhere the key goes to the next cell, as ever
    page.evaluate(f"() => {{ {content}.activeCellIndex = 2; {content}.activeCell.node.focus() }}")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"{content}.activeCellIndex == 3")


def graded(submissions, out):
    """The status of each item of the only submission."""
    from coursekit.cli import main

    assert main(["grade", str(submissions), "--out", str(out)]) == 0
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    items = [item for line in lines for item in line.get("items", [])]
    return {item["name"]: item["status"] for item in items}
