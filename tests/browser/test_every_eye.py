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
PICTURE = re.compile(r"data:image/png;base64,[^\"']+")
SMALL = (  # one pixel: here only the words and the width of a picture count
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
# MathJax draws a formula twice: as MathML for readers who listen, and for the eye in elements that axe-core passes over, as
# they are hidden from those readers and their letters are no text. They are half of all elements: empty boxes take their place.
WITHOUT_GLYPHS = """() => {
    const drawn = [...document.querySelectorAll('mjx-math[aria-hidden=true]')];
    const sizes = drawn.map(e => e.getBoundingClientRect());
    drawn.forEach((e, k) => {
        e.replaceChildren();
        e.style.cssText = `display: inline-block; width: ${sizes[k].width}px; height: ${sizes[k].height}px`;
    });
}"""


@pytest.fixture(scope="module")
def everything(lab):
    """The text cells of all lessons as their sources say now, and below those of a lesson all outputs of its solution."""
    cells = []
    for lesson in lessons(ROOT):
        cells += [cell for cell in jupytext.read(lesson.source).cells if cell.cell_type == "markdown"]
        solution = nbformat.v4.reads(lesson.solution.read_text("utf-8"))  # trusted, and not validated
        outputs = [output for cell in solution.cells for output in cell.get("outputs", [])]
        for output in outputs:
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = PICTURE.sub(SMALL, output.data["text/html"])
        cells.append(new_code_cell(f"# {lesson.name}", outputs=outputs))
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), lab.root / "everything.ipynb")
    notebook = lab.open("everything.ipynb")
    notebook.trust()
    formulas = sum(len(re.findall(r"\$\$.+?\$\$", cell.source, re.DOTALL)) for cell in cells)
    drawn = "document.querySelectorAll('mjx-container[display=true]').length"
    lab.wait(f"{drawn} >= {formulas}", 120)
    yield notebook
    lab.theme(THEMES[0])
    lab.resize(1280)


@pytest.mark.parametrize("width", [800, 640])
def test_a_small_window_and_large_letters(everything, width):
    """640 px is what a window of 1280 px has at 200 %."""
    everything.lab.resize(width)
    assert everything.page.evaluate(WIDE) == []


def test_every_formula_can_be_read(everything):
    assert everything.page.locator("mjx-merror").count() == 0


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(everything, theme):
    everything.lab.resize(1280)
    everything.lab.theme(theme)
    everything.page.evaluate(WITHOUT_GLYPHS)
    assert violations(everything.page, theme) == []
