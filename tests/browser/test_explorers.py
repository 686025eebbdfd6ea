"""Every explorer of the course by keyboard, each control from its one end to the other."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.authoring.cells import METADATA
from coursekit.site.explorers import explorer_of
from nnutils.checks.catalogue import lessons
from tests.browser.conftest import THEMES, violations

pytestmark = pytest.mark.browser
EXPLORERS = {topic: kind for topic in lessons() if (kind := explorer_of(topic))}
VALUE = "e => e.closest('.noUi-target').noUiSlider.get(true)"  # aria-valuenow has one decimal
BACK = "(e, value) => e.closest('.noUi-target').noUiSlider.set(value)"


@pytest.fixture(scope="module")
def notebook(lab):
    """A cell for each explorer, run."""
    imports = "from nnutils.lessons.{}.explorer import {}\n\n{}()"
    sources = [imports.format(topic, kind.__name__, kind.__name__) for topic, kind in EXPLORERS.items()]
    cells = [new_code_cell(source) for source in sources]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), lab.root / "explorers.ipynb")
    notebook = lab.open("explorers.ipynb")
    notebook.run_all()
    return notebook


def test_no_explorer_is_left_out(notebook):
    assert len(EXPLORERS) >= 18
    assert notebook.errors() == []


@pytest.mark.parametrize("topic", EXPLORERS)
def test_each_control_goes_to_both_ends(notebook, topic, picture):
    """At each end another picture is drawn, or the same one with other words, and no error stands in its place."""
    cell = notebook.cell(f"nnutils.lessons.{topic}.explorer")
    cell.scroll_into_view_if_needed()
    handles = cell.locator(".noUi-handle").all()
    assert handles
    for number, handle in enumerate(handles):
        start, first, ends = handle.evaluate(VALUE), drawn(cell), []
        handle.focus()
        for key in ("Home", "End"):
            value, before = handle.evaluate(VALUE), drawn(cell)
            notebook.page.keyboard.press(key)
            ends.append(handle.evaluate(VALUE))
            there = ends[-1] == value
            assert there or wait(lambda before=before: drawn(cell) != before, notebook), f"{key}, {number}"
        assert ends[0] < ends[1], number
        handle.evaluate(BACK, start)  # so that the next one finds what is drawn first
        assert wait(lambda first=first: drawn(cell) == first, notebook)
    picture(cell, f"explorer-{topic}")
    assert cell.locator("[role=alert]").count() == 0


def drawn(cell):
    return cell.locator("img").first.evaluate("e => e.alt + e.src")


def wait(is_done, notebook):
    """Whether it comes true. The widget shows a new element each time, so it is asked for anew."""
    for _ in range(400):
        if is_done():
            return True
        notebook.page.wait_for_timeout(50)
    return False


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_use_them(notebook, theme):
    notebook.lab.theme(theme)
    found = violations(notebook.page, theme)
    notebook.lab.theme(THEMES[0])
    assert found == []
