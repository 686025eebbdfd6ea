"""All that the lessons say and show, in one page of JupyterLab: everybody can read it, and in a small window, too."""

import re

import jupytext
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.authoring.cells import METADATA
from coursekit.authoring.lesson import lessons
from tests.browser.conftest import ROOT, THEMES, violations

pytestmark = pytest.mark.browser
WIDE = """() => [...document.querySelectorAll('.jp-Notebook .jp-RenderedHTMLCommon')]
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.scrollWidth - e.clientWidth} px: ${e.innerText.slice(0, 80)}`)"""


@pytest.fixture(scope="module")
def everything(lab):
    """The text cells of all lessons as their sources say now, and below those of a lesson all outputs of its solution."""
    cells = []
    for lesson in lessons(ROOT):
        cells += [cell for cell in jupytext.read(lesson.source).cells if cell.cell_type == "markdown"]
        outputs = [
            output for cell in nbformat.read(lesson.solution, 4).cells for output in cell.get("outputs", [])
        ]
        cells.append(new_code_cell(f"# {lesson.name}", outputs=outputs))
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), lab.root / "everything.ipynb")
    notebook = lab.open("everything.ipynb")
    notebook.trust()
    formulas = sum(len(re.findall(r"\$\$.+?\$\$", cell.source, re.DOTALL)) for cell in cells)
    drawn = "document.querySelectorAll('mjx-container[display=true]').length"
    lab.page.wait_for_function(f"{drawn} >= {formulas}", timeout=120_000)
    yield notebook
    lab.theme(THEMES[0])
    lab.resize(1280)


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(everything, theme):
    everything.lab.theme(theme)
    assert violations(everything.page, theme) == []


@pytest.mark.parametrize("width", [800, 640])
def test_a_small_window_and_large_letters(everything, width):
    """640 px is what a window of 1280 px has at 200 %."""
    everything.lab.resize(width)
    assert everything.page.evaluate(WIDE) == []


def test_every_formula_can_be_read(everything):
    assert everything.page.locator("mjx-merror").count() == 0
