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
DRAWN = "(cell => { const image = cell.querySelector('img'); return image?.alt + image?.src })(cell)"


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
    shown = cell.element_handle()
    handles = cell.locator(".noUi-handle").all()
    assert handles
    for number, handle in enumerate(handles):
        start, ends = handle.evaluate(VALUE), []
        keep(shown, "first")
        handle.focus()
        for key in ("Home", "End"):
            value = handle.evaluate(VALUE)
            keep(shown, "before")
            notebook.page.keyboard.press(key)
            ends.append(handle.evaluate(VALUE))
            if ends[-1] != value:
                wait(notebook, shown, "!= cell.before")
        assert ends[0] < ends[1], number
        handle.evaluate(BACK, start)  # so that the next one finds what is drawn first
        wait(notebook, shown, "== cell.first")
    picture(cell, f"explorer-{topic}")
    assert cell.locator("[role=alert]").count() == 0


def keep(shown, name):
    """Let the page remember what a cell shows now. Pictures are long: they stay in the page, where they are compared."""
    shown.evaluate(f"cell => {{ cell.{name} = {DRAWN} }}")


def wait(notebook, shown, what):
    """Wait until what a cell shows is so. The widget shows a new element each time, so it is looked for anew."""
    notebook.page.wait_for_function(f"cell => {DRAWN} {what}", arg=shown, polling=50, timeout=20_000)


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_use_them(notebook, theme):
    notebook.lab.theme(theme)
    found = violations(notebook.page, theme)
    notebook.lab.theme(THEMES[0])
    assert found == []
