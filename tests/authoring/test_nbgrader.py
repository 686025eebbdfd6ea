"""A class with nbgrader: solutions/ as its source, its own release, its own grading, and no settings."""

import contextlib
import functools
import importlib.util
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursekit.authoring.lesson import Lesson
from coursekit.grading.paste import cells_of
from nnutils.checks.catalogue import exercises_of, find_exercise, questions_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not importlib.util.find_spec("nbgrader"),
        reason="nbgrader is not installed: pip install nbgrader==0.9.6",
    ),
]
ROOT = Path(__file__).parents[2]
LESSONS = ("00_start_here", "11_exponentially_weighted_averages")


def nbgrader(course, *words):
    """Run nbgrader as somebody does who knows nothing of this course's settings."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NNUTILS", "NBGRADER"))}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course, capture_output=True, text=True, timeout=3600, env=kept | {"PATH": path},
    )  # fmt: skip
    return done.stdout + done.stderr


def by_id(notebook):
    """grade_id → cell."""
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def answered(notebook, topic, mistaken=None):
    """nbgrader's release with every answer typed in, but for one exercise, which gets its first mistake, and one question."""
    cells = by_id(notebook)
    for exercise in exercises_of(topic):
        wrong = exercise.name == mistaken
        function = exercise.mistakes[0].function if wrong else exercise.reference
        cells[f"{exercise.name}-answer"].source = "\n\n".join(cells_of(function, exercise.name))
    for question in questions_of(topic):
        letter = "abcd".replace(question.answer, "")[0] if mistaken else question.answer
        cell = cells[f"{question.name}-answer"]
        assert cell.source.startswith(f"{question.name} = None  # your answer: ")
        cell.source = cell.source.replace("None", f'"{letter}"', 1)
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of two lessons, with three students in each: released, handed in, graded."""
    course = tmp_path_factory.mktemp("nbgrader")
    for name in LESSONS:
        write(course / "source" / name, Lesson(ROOT / "lessons" / f"{name}.py").notebook(answers=True))
        said = nbgrader(course, "generate_assignment", name)
        released = course / "release" / name / f"{name}.ipynb"
        assert released.exists(), said
        read, topic = functools.partial(nbformat.read, released, as_version=4), name[3:]
        write(course / "submitted" / "untouched" / name, read())
        write(course / "submitted" / "solution" / name, answered(read(), topic))
        write(course / "submitted" / "mistaken" / name, answered(read(), topic, exercises_of(topic)[0].name))
        nbgrader(course, "autograde", name, "--Execute.timeout=600")  # its 30 s are short on a busy machine
    return course


def write(folder, notebook):
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{folder.name}.ipynb")


each_lesson = pytest.mark.parametrize("name", LESSONS)


@each_lesson
def test_the_release_has_no_answer_and_says_what_to_type(course, name):
    released = nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4)
    own = Lesson(ROOT / "lessons" / f"{name}.py").notebook(answers=False)
    assert "hidden_tests" not in "".join(cell.source for cell in released.cells)
    for mine, theirs in zip(own.cells, released.cells, strict=True):
        assert theirs.source.startswith(mine.source) and not theirs.get("outputs")
        if theirs.source != mine.source:  # a question, or a repair, whose faulty code stands above
            added = theirs.source.removeprefix(mine.source).strip("\n").split("\n")[-2:]
            assert [line.strip() for line in added] == ["# YOUR CODE HERE", "raise NotImplementedError()"]


@each_lesson
def test_nobody_gets_points_for_nothing(course, name):
    topic = name[3:]
    exercises, questions = exercises_of(topic), questions_of(topic)
    every = sum(item.points for item in [*exercises, *questions])
    lost = exercises[0].points + sum(question.points for question in questions)
    assert scores(course, name) == {"untouched": 0.0, "mistaken": every - lost, "solution": every}


def scores(course, name):
    """student → points, as in nbgrader's gradebook."""
    question = (
        "SELECT submitted_assignment.student_id, SUM(COALESCE(grade.manual_score, grade.auto_score)) FROM grade"
        " JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id"
        " JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id"
        " JOIN assignment ON submitted_assignment.assignment_id = assignment.id"
        " WHERE assignment.name = ? GROUP BY submitted_assignment.student_id"
    )
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as database:
        return dict(database.execute(question, [name]).fetchall())


@each_lesson
@pytest.mark.parametrize("student", ["mistaken", "untouched", "solution"])
def test_all_other_cells_run_whatever_the_answer_is(course, name, student):
    """A wrong answer is an error in its own cells alone: the others go on with the course's version."""
    graded = nbformat.read(course / "autograded" / student / name / f"{name}.ipynb", as_version=4)
    errors = [
        cell for cell in graded.cells if any(one.output_type == "error" for one in cell.get("outputs", []))
    ]
    assert all("nbgrader" in cell.metadata for cell in errors)
    topic = name[3:]
    wrong = {"solution": [], "mistaken": [exercises_of(topic)[0], *questions_of(topic)]}
    items = wrong.get(student, [*exercises_of(topic), *questions_of(topic)])
    checks = {f"{item.name}-check" for item in items}
    assert {one for one in by_id(graded) if by_id(graded)[one] in errors and one.endswith("-check")} == checks


def test_nbgraders_validate_tells_a_wrong_answer_from_a_right_one(course):
    name = "00_start_here"
    said = {
        one: nbgrader(course, "validate", f"submitted/{one}/{name}/{name}.ipynb")
        for one in ("mistaken", "solution")
    }
    assert "feature_means: These are the means of the rows" in said["mistaken"].replace("\n", " ")
    assert "Success! Your notebook passes all the tests." in said["solution"]
    assert find_exercise("feature_means").mistakes[0].name == "over_rows"
