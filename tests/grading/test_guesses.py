"""Guesses are read from a notebook without running it, and the pages show them beside what was measured."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit.grading.grade_notebook import guesses_in
from coursekit.grading.pages import guesses
from coursekit.grading.pages.class_report import read_class
from coursekit.grading.pages.feedback import write_feedback
from coursekit.grading.reading.extract import extract
from nnutils.checks import catalogue
from nnutils.checks.prediction import choice, number, order, prediction

from .made import mark

ASKED = {
    "peak": prediction("Where is the peak?", number(low=1, unit="features")),
    "first": prediction("Who is first?", order("momentum", "Adam")),
    "shape": prediction("Which picture?", choice("falls", "rises")),
}
ORDER = ["Adam", "momentum"]


@pytest.fixture(autouse=True)
def asked(monkeypatch, tmp_path):
    for name, item in ASKED.items():
        item.name, item.lesson = name, "dropout"
    monkeypatch.setattr(catalogue, "_all_predictions", lambda: ASKED)
    monkeypatch.setattr("coursekit.grading.grade_notebook.predictions_of", lambda topic: [*ASKED.values()])
    said = {"text/plain": "◇ peak: measured 320 features; you made no guess"}
    cell = new_code_cell("measured(...)", outputs=[new_output("display_data", data=said)])
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "04_dropout.ipynb")
    monkeypatch.setattr(guesses, "SOLUTIONS", tmp_path)
    guesses._measured.cache_clear()
    yield
    guesses._measured.cache_clear()


@pytest.mark.parametrize(
    "cell, found",
    [
        ("peak = 300  # your guess", {"peak": 300.0}), ("peak = None", {}), ("peak = 0", {}), ("peak = 'many'", {}),
        ("peak = 10\npeak = 20", {"peak": 20.0}), ("peak = f(3)", {}), ("peak = -3", {}), ("peak = 1e400", {}),
        ("first = ['adam', 'Momentum']", {"first": ORDER}), ("first = ('Adam', 'momentum')", {"first": ORDER}),
        ("first = ['Adam']", {}), ("first = [[1]]", {}), ("shape = 'B'", {"shape": "b"}), ("shape = 1", {}),
        ("first = [" + "1," * 1000 + "]", {}), ("shape = '" + "b" * 1000 + "'", {}),
    ],
)  # fmt: skip
def test_a_guess_is_read_from_the_notebook(cell, found):
    assert guesses_in(extract([cell]), "dropout") == found


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")).split())


def test_the_class_report_shows_how_the_class_guessed(tmp_path):
    own = [{"peak": float(n), "shape": "ab"[n > 250], "first": ORDER} for n in (100, 200, 300, 400)]
    own.append({"peak": "damaged", "gone": 3})
    marks = [mark(f"s{i}", lesson="dropout", guesses=each) for i, each in enumerate(own)]
    read_class(marks, [each.result for each in marks]).write(tmp_path / "report.html")
    text = text_of(tmp_path / "report.html")
    half = "half of them from 175 features to 325 features"
    assert f"Where is the peak? 4 guesses median 250 features {half} 320 features" in text
    assert "Which picture? 4 guesses a (falls): 2 b (rises): 2 –" in text
    assert "Who is first? 4 guesses Adam, momentum: 4 –" in text


def test_the_feedback_shows_a_students_own_guess(tmp_path):
    write_feedback(tmp_path, "s0", [mark("s0", lesson="dropout", guesses={"peak": 300.0, "shape": "a"})])
    text = text_of(tmp_path / "s0.html")
    assert "Where is the peak? You guessed 300 features; measured: 320 features." in text
    assert "Which picture? You guessed a (falls)." in text
