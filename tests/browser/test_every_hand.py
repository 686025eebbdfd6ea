"""What a student without a mouse, with a small window or with a screen reader gets, in a real JupyterLab."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.authoring.cells import METADATA
from coursekit.authoring.lesson import LONGEST_LINE

pytestmark = pytest.mark.browser
FIGURE = """
from nnutils.figures.style import label, panels, show, styled

@styled
def cost():
    figure, axes = panels()
    axes.plot([3, 2, 1])
    label(axes, "It falls", "step", "cost")
    show(figure, "the cost goes from 3 to 1")

cost()"""
EXPLORER = """
import numpy as np
from nnutils.figures.explorer import Explorer, choice, log_slider, slider, whole_slider
from nnutils.figures.style import panels

class everything(Explorer):
    title, try_this, notice = "Every kind of control", "move one.", "what it says."

    def build(self):
        self.figure, axes = panels()
        (self.line,) = axes.plot([0, 1], [0, 1])
        return {
            "name": choice("a name", ["first", "second", "share prices 2004 to 2008"], "second"),
            "pair": choice("a pair", [("one", 1), ("two", 2)], 1),
            "number": slider("number", 0.5, 0, 1, 0.1),
            "power": log_slider("power", 1, -2, 2),
            "whole": whole_slider("whole", 3, 0, 9),
        }

    def draw(self, name, pair, number, power, whole):
        self.line.set_ydata([number, pair * whole])
        return f"{name}, {pair}, {number:.1f}, {power:.2f}, {whole}: all told."

everything()"""
CUT_OFF = "es => es.map(e => e.scrollWidth > e.clientWidth + 1)"
LINES = [f"# {'x' * (LONGEST_LINE - 2)}", f"# {'y' * LONGEST_LINE}"]


@pytest.fixture(scope="module")
def notebook(lab):
    cells = [new_code_cell(source.strip()) for source in (FIGURE, EXPLORER, *LINES)]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), lab.root / "cells.ipynb")
    opened = lab.open("cells.ipynb")
    opened.run_all()
    assert opened.errors() == []
    return opened


def pressed(notebook, words, control, key):
    """What the explorer says after a press of a key on the focused control."""
    before = words.inner_text()
    control.focus()
    notebook.page.keyboard.press(key)
    for _ in range(50):  # the widget renders its words anew: ask for them again each time
        if words.inner_text() != before:
            break
        notebook.page.wait_for_timeout(100)
    return words.inner_text()


def test_a_figure_has_its_alternative_text(notebook):
    image = notebook.cell("def cost").locator(".jp-OutputArea img")
    assert image.get_attribute("alt") == "It falls: cost against step. The cost goes from 3 to 1."
    assert image.evaluate("e => e.naturalWidth / e.width") == pytest.approx(2, abs=0.01)


def test_arrow_keys_reach_each_value_of_each_control(notebook):
    cell = notebook.cell("class everything")
    words, image = cell.locator("[role=status]"), cell.locator("img")
    handles = cell.locator(".noUi-handle").all()
    assert len(handles) == 5
    told = [pressed(notebook, words, handle, "ArrowRight") for handle in handles]
    assert told[0] == "share prices 2004 to 2008, 1, 0.5, 1.00, 3: all told."
    assert told[-1] == "share prices 2004 to 2008, 2, 0.6, 1.26, 4: all told."
    readouts = cell.locator(".widget-readout").evaluate_all(CUT_OFF)
    assert readouts == [False] * 5
    assert pressed(notebook, words, handles[0], "Home").startswith("first, 2")
    assert pressed(notebook, words, handles[0], "ArrowUp").startswith("second, 2")
    assert image.get_attribute("alt") == f"Every kind of control. {words.inner_text()}"
    assert cell.locator("select, input[type=radio]").count() == 0


@pytest.mark.parametrize("width", [800, 1280])
def test_controls_stand_in_columns_and_have_room(notebook, width):
    notebook.lab.resize(width)
    cell = notebook.cell("class everything")
    widths = "es => es.map(e => e.getBoundingClientRect().width).filter(width => width)"  # a label without words has none
    labels, tracks, cut = (
        cell.locator(part).evaluate_all(script)
        for part, script in (
            (".widget-label", widths),
            (".noUi-target", widths),
            (".widget-label, .widget-readout", CUT_OFF),
        )
    )
    notebook.lab.resize(1280)
    assert len({*labels}) == 1 and len(labels) == len(tracks) == 5
    assert min(tracks) > 90 and not any(cut)


def test_tab_goes_from_control_to_control(notebook):
    handles = notebook.cell("class everything").locator(".noUi-handle")
    handles.first.focus()
    for _ in range(12):
        notebook.page.keyboard.press("Tab")
        if handles.last.evaluate("e => e === document.activeElement"):
            return
    pytest.fail("the last control is not reached")


def test_the_longest_line_fits_a_window_of_800_px(notebook):
    notebook.lab.resize(800)
    script = "e => { const s = e.querySelector('.cm-scroller'); return s.scrollWidth - s.clientWidth }"
    over = [notebook.cell(line).evaluate(script) for line in LINES]
    notebook.lab.resize(1280)
    assert over[0] == 0
    assert over[1] > 0  # the limit is not smaller than it must be


def test_every_image_of_a_solution_has_a_text(lab):
    """Also in a notebook that is not trusted, of which JupyterLab shows only what it knows to be safe."""
    images = lab.open("solutions/04_dropout.ipynb").page.locator(".jp-OutputArea img")
    alts = images.evaluate_all("es => es.map(e => [e.alt, e.naturalWidth])")
    assert len(alts) >= 10
    assert all(len(alt.split()) > 8 and width > 100 for alt, width in alts)
    assert len({alt for alt, _ in alts}) == len(alts)
