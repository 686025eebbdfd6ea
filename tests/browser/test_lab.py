"""A student's first half hour, in a real JupyterLab: run a lesson, answer wrongly, then rightly, move a slider."""

import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def address(lab_server, tmp_path_factory):
    root = tmp_path_factory.mktemp("course") / "notebooks"
    shutil.copytree(NOTEBOOKS, root, ignore=shutil.ignore_patterns("*.json", ".*", "*.mine-*"))
    with lab_server(root, tmp_path_factory.mktemp("scratch")) as running:
        yield running, root


@pytest.fixture(scope="module")
def open_notebook(address, lab_browser, lab_notebook):
    with lab_browser() as page:
        yield lambda name: lab_notebook(page, address[0], f"{name}.ipynb")


def test_a_fresh_copy_runs_to_its_end_and_is_answered(open_notebook, address):
    notebook = open_notebook("00_start_here")
    notebook.run_all()
    assert notebook.errors() == []
    assert "not attempted yet" in notebook.output("= check(feature_means)")

    notebook.rewrite("def feature_means", "def feature_means(X):\n    return X.mean(axis=1)")
    notebook.run("def feature_means")
    assert "These are the means of the rows" in notebook.run("= check(feature_means)")

    notebook.rewrite("def feature_means", "def feature_means(X):\n    return X.mean(axis=0)")
    notebook.run("def feature_means")
    assert "passed" in notebook.run("= check(feature_means)")

    notebook.rewrite("what_is_a_row = None", 'what_is_a_row = "b"')
    notebook.run("what_is_a_row = ")
    assert "b is not it" in notebook.run('quiz("what_is_a_row"')
    assert "feature_means" in (address[1] / "nnutils-progress.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name, call", [("01_data_splits", "dev_set_size()"), ("12_momentum_rmsprop_adam", "optimizer_race()")]
)
def test_an_explorer_follows_its_slider_by_keyboard(open_notebook, name, call):
    notebook = open_notebook(name)
    notebook.run_all()
    assert notebook.errors() == []
    cell = notebook.cell(call)
    cell.scroll_into_view_if_needed()
    words, picture = cell.locator("[role=status]"), cell.locator("img")
    before = words.inner_text(), picture.get_attribute("src")
    cell.locator(".noUi-handle").first.focus()
    for _ in range(5):
        notebook.page.keyboard.press("ArrowRight")
    for _ in range(50):  # the widget renders its words anew: ask for them again each time
        if words.inner_text() != before[0]:
            break
        notebook.page.wait_for_timeout(200)
    assert words.inner_text() != before[0]
    assert picture.get_attribute("src") != before[1]
    assert cell.locator("[role=alert]").count() == 0
