"""Two lessons in a browser: run, answered, moved, reloaded and handed in, with nothing but files of the site.

The tests need a Pyodide of the version that JupyterLite's kernel takes: NNUTILS_PYODIDE names its folder.
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
from coursekit.site.live.build import FOLDER, address_of, build_live
from coursekit.site.live.runtime import Runtime
from nnutils.checks.absent import SAID
from tests.browser.conftest import Notebook
from tests.site.conftest import ROOT, Quiet

PYODIDE = os.environ.get("NNUTILS_PYODIDE", "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not PYODIDE, reason="NNUTILS_PYODIDE names no folder with a Pyodide"),
]
CHOSEN = lessons(ROOT, ("00", "10"))  # the first one; and a cheap one with an explorer and a Keras cell
LIMIT = 150  # seconds, on a machine that others use, too
READ = "async name => (await jupyterapp.serviceManager.contents.get(name, {content: true})).content"


class LiveNotebook(Notebook):
    """A lesson that runs in the page itself."""

    def __init__(self, page, address, lesson):
        super().__init__(SimpleNamespace(page=page, command=self.execute))
        page.set_default_timeout(1000 * LIMIT)
        page.goto(f"{address}/{address_of(lesson)}")
        self.started()

    def started(self):
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function(
            "window.jupyterapp && jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
        )
        # its status is known when the first cell has run

    def idle(self, timeout=LIMIT):
        super().idle(timeout)

    def errors(self):
        script = """() => [...jupyterapp.shell.currentWidget.content.model.cells].filter(c => c.type == 'code')
            .flatMap(c => c.outputs.toJSON()).filter(o => o.output_type == 'error' || o.name == 'stderr')
            .map(o => o.evalue ?? o.text)"""
        return self.page.evaluate(script)

    def execute(self, name):
        self.page.evaluate(f"jupyterapp.commands.execute('{name}')")


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """The address of a site that holds just the two lessons, and what was asked of it."""
    site, work = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("work")
    build_live(ROOT, CHOSEN, site, work, Runtime.at(PYODIDE))
    for file in (site / FOLDER / "jupyter-lite.json", site / FOLDER / "lab" / "jupyter-lite.json"):
        configuration = json.loads(file.read_text(encoding="utf-8"))
        configuration["jupyter-config-data"]["exposeAppInBrowser"] = True  # for the commands of these tests
        file.write_text(json.dumps(configuration), encoding="utf-8")
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
    page.on("dialog", lambda dialog: dialog.accept())  # whether to leave the page
    yield page
    context.close()
    assert [url for url in elsewhere if not url.startswith((live.address, "data:", "blob:"))] == []


def test_a_lesson_is_answered_kept_and_handed_in(page, live, tmp_path):
    notebook = LiveNotebook(page, live.address, CHOSEN[0])
    notebook.run_all(LIMIT)
    assert notebook.errors() == []
    assert "everything is here" in notebook.output("check_environment()")
    assert notebook.cell("ways_to_train(").locator("img").get_attribute("alt")
    assert "not attempted yet" in notebook.output("= check(feature_means)")
    assert [path for path in live.asked if "scipy" in path or "scikit" in path or "openssl" in path] == []

    notebook.rewrite("def feature_means", "def feature_means(X):\n    return X.mean(axis=1)")
    notebook.run("def feature_means")
    assert "These are the means of the rows" in notebook.run("= check(feature_means)")
    notebook.rewrite("def feature_means", "def feature_means(X):\n    return X.mean(axis=0)")
    notebook.run("def feature_means")
    assert "passed" in notebook.run("= check(feature_means)")
    notebook.save()

    notebook = LiveNotebook(page, live.address, CHOSEN[0])  # on another day, by the same button
    assert "X.mean(axis=0)" in notebook.cell("def feature_means").inner_text()
    record = json.loads(base64.b64decode(page.evaluate(READ, "nnutils-progress.json")))
    assert record["feature_means"]["status"] == "passed" and record["feature_means"]["tries"] == 2
    names = page.evaluate(
        "async () => (await jupyterapp.serviceManager.contents.get('')).content.map(f => f.name)"
    )
    assert sorted(names) == sorted([*(f"{lesson.name}.ipynb" for lesson in CHOSEN), "nnutils-progress.json"])

    with page.expect_download() as download:
        notebook.execute("docmanager:download")
    folder = tmp_path / "submissions" / "ada"
    download.value.save_as(folder / f"{CHOSEN[0].name}.ipynb")
    assert graded(folder.parent, tmp_path / "grades")["feature_means"] == "passed"


def graded(submissions, out):
    """The status of each item of the only submission."""
    from coursekit.cli import main

    assert main(["grade", str(submissions), "--out", str(out)]) == 0
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    items = [item for line in lines for item in line.get("items", [])]
    return {item["name"]: item["status"] for item in items}


def test_a_lesson_goes_on_without_keras_and_its_explorer_moves(page, live):
    notebook = LiveNotebook(page, live.address, CHOSEN[1])
    notebook.run_all(LIMIT)
    assert notebook.errors() == []
    assert SAID[:40] in notebook.output("import keras")
    last = page.locator(".jp-CodeCell").last
    assert "[ ]" not in last.locator(".jp-InputPrompt").first.inner_text()

    cell = notebook.cell("batch_path()")
    cell.scroll_into_view_if_needed()
    words, picture = cell.locator("[role=status]"), cell.locator("img")
    before = words.inner_text(), picture.get_attribute("src")
    cell.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([e, src]) => document.contains(e) && e.getAttribute('src') != src",
        arg=[picture.element_handle(), before[1]],
    )
    assert cell.locator("[role=alert]").count() == 0
