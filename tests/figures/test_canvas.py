"""An explorer draws only what changed, and its picture is the one that matplotlib draws from nothing."""

import base64
import importlib
import io
import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from benchmarks.explorers import ROOT, made, topics_of, values
from nnutils.figures import style
from nnutils.figures.canvas import Canvas, png


def shown(explorer):
    """The picture that a student sees, (height, width, 3)."""
    data = re.search(r'base64,([^"]+)"', explorer.picture.value)[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def from_nothing(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3]


@pytest.mark.parametrize("topic", topics_of(ROOT))
def test_a_move_shows_what_a_drawing_from_nothing_shows(topic):
    explorer = made(importlib.import_module(f"nnutils.lessons.{topic}.explorer"))
    first, start = shown(explorer), {name: control.value for name, control in explorer.controls.items()}
    told, seen = explorer.summary, {first.tobytes()}
    for name, control in explorer.controls.items():
        for value in list(values(control))[:2]:  # both ends
            control.value = value
        np.testing.assert_array_equal(shown(explorer), from_nothing(explorer.figure), err_msg=name)
        seen.add(shown(explorer).tobytes())
    assert len(seen) > len(explorer.controls) / 2
    for name, control in explorer.controls.items():
        control.value = start[name]
    np.testing.assert_array_equal(shown(explorer), first)
    assert explorer.summary == told


@style.styled
def a_chart():
    figure, (left, right) = style.panels(1, 2)
    (line,) = left.plot([0, 1], [0, 1], label="a")
    left.legend()
    style.label(right, "still", "x", "y")
    return figure, left, right, line


def test_whatever_changes_is_drawn():
    figure, left, right, line = a_chart()
    canvas = Canvas(figure)
    line.set_ydata([1, 0])
    changes = {
        "nothing": lambda: None,
        "data": lambda: line.set_ydata([0.5, 0.2]),
        "limits": lambda: left.set_xlim(-1, 2),
        "ticks": lambda: right.set_xticks([0, 0.3]),
        "a label": lambda: right.set_xlabel("changed"),
        "a title": lambda: right.set_title("changed", loc="left"),
        "a legend": lambda: left.get_legend().get_texts()[0].set_text("b"),
        "a text of the figure": lambda: figure.text(0, 0, "new", va="bottom"),
        "a new line": lambda: right.plot([0, 1], [1, 1]),
        "a line less": lambda: right.lines[0].remove(),
        "scale": lambda: right.set_yscale("log"),
        "colour": lambda: line.set_color("red"),
        "hidden": lambda: left.get_legend().set_visible(False),
    }
    before = canvas.pixels().copy()
    for name, change in changes.items():
        change()
        now = canvas.pixels().copy()
        np.testing.assert_array_equal(now[:, :, :3], from_nothing(figure), err_msg=name)
        assert (now != before).any() == (name != "nothing"), name
        before = now


def test_the_png_is_read_by_others():
    pixels = np.random.default_rng(0).integers(256, size=(7, 5, 4), dtype=np.uint8)
    image = Image.open(io.BytesIO(png(pixels)))
    image.load()
    assert (image.mode, image.size) == ("RGB", (5, 7))
    np.testing.assert_array_equal(np.asarray(image), pixels[:, :, :3])
