"""The cells that a lesson's exercises and questions become."""

import tomllib
from pathlib import Path

import pytest

from coursekit.authoring.cells import prediction_cells
from coursekit.authoring.lesson import LONGEST_LINE, lessons
from nnutils.checks.catalogue import exercises_of, questions_of, reached
from nnutils.checks.prediction import order, prediction

ROOT = Path(__file__).parents[2]


def cells_of(lesson):
    cells = lesson.notebook(answers=True).cells
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if "nbgrader" in cell.metadata}


@pytest.mark.parametrize("lesson", lessons(ROOT), ids=lambda lesson: lesson.name)
def test_a_check_alone_after_its_answer_is_enough(lesson, capsys, monkeypatch):
    """As after a restart of the kernel: nothing ran but the answer, with those that it calls, and the locked cell."""
    monkeypatch.setenv("NNUTILS_RECORD", "off")
    cells = cells_of(lesson)
    for exercise in exercises_of(lesson.topic):
        names = {"__name__": "__main__"}
        for called in reversed(reached(exercise)):
            exec(cells[f"{called.name}-answer"], names)
        answer = names[exercise.name]
        exec(cells[f"{exercise.name}-check"], names)
        told = capsys.readouterr().out
        assert ("it reaches" if exercise.kind == "design" else "passed") in told
        assert names[exercise.name] is answer
    for question in questions_of(lesson.topic):
        names = {"__name__": "__main__"}
        exec(cells[f"{question.name}-answer"], names)
        exec(cells[f"{question.name}-check"], names)
        assert "✔" in capsys.readouterr().out


def test_a_check_cell_stays_short():
    for lesson in lessons(ROOT):
        for name, source in cells_of(lesson).items():
            if name.endswith("-check"):
                assert len(source.partition("\n### BEGIN HIDDEN TESTS")[0].split("\n")) <= 4


def test_code_of_student_copies_fits_a_small_window():
    for lesson in lessons(ROOT):
        code = [cell.source for cell in lesson.notebook(answers=False).cells if cell.cell_type == "code"]
        assert [line for source in code for line in source.split("\n") if len(line) > LONGEST_LINE] == []
    assert tomllib.loads((ROOT / "lessons" / "ruff.toml").read_text())["line-length"] == LONGEST_LINE


def test_a_name_that_is_missing_after_a_restart_is_explained(capsys, monkeypatch):
    monkeypatch.setenv("NNUTILS_RECORD", "off")
    names = {"__name__": "__main__"}
    exec("def feature_means(X):\n    return scale * X.mean(axis=0)", names)
    exec(cells_of(lessons(ROOT)[0])["feature_means-check"].partition("\n###")[0], names)
    assert (
        "name 'scale' is not defined. If the kernel was restarted, run the cells above first"
        in capsys.readouterr().out
    )


def test_what_a_guess_looks_like_stands_above_it_where_it_is_too_wide():
    few, many = (prediction("Which?", order(*names)) for names in (("a", "b"), ("momentum", "Adam", "plain")))
    few.name = many.name = "guess"
    assert [*prediction_cells(few)][
        1
    ].source == "guess = None  # your guess: a list of these, in your order: ['a', 'b']"
    *above, last = [*prediction_cells(many)][1].source.split("\n")
    assert last == "guess = None" and "'momentum', 'Adam', 'plain'" in " ".join(above)
    assert all(line.startswith("# ") and len(line) <= LONGEST_LINE for line in above)


def test_a_name_to_choose_is_not_torn_apart():
    asked = prediction("Which?", order("batches of 10", "batches of 50", "all 300 at once"))
    asked.name = "guess"
    *above, _ = [*prediction_cells(asked)][1].source.split("\n")
    assert all(any(repr(name) in line for line in above) for name in asked.form.names)
    assert all(len(line) <= LONGEST_LINE for line in above) and "\N{NO-BREAK SPACE}" not in "".join(above)
