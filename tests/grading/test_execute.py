"""--execute all: every cell runs, in the sandbox, and no answer is in reach."""
# ruff: noqa: E501  (a cell on a line)

import json
from pathlib import Path

import pytest

from coursekit.grading.grade_notebook import Grader
from coursekit.grading.reading.notebook import code_cells
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.catalogue import exercises_of
from nnutils.checks.faults import plain_source

ROOT = Path(__file__).resolve().parents[2]
STATE = ["import numpy as np", "scale = 4.0", "scale = scale / 2", "def toy_double(x):\n    return scale * x"]
RIGHT = "def feature_means(X):\n    return X.mean(axis=0)"


@pytest.fixture(scope="module")
def patient():
    with Runner(Limits(seconds=60.0, memory=4 << 30)) as runner:
        yield runner


@pytest.fixture
def entire(patient):
    def grade(*cells, topic="toy_lesson"):
        items, _ = Grader(patient, execute="all").grade([*cells], topic, "ann")
        return {item.name: item for item in items}

    return grade


def test_answers_may_lean_on_other_cells(toy, entire, mark):
    assert mark(*STATE, topic="toy_lesson")["toy_double"].points == 0
    item = entire(*STATE)["toy_double"]
    assert item.points == 2 and "whole notebook" in item.trust


def test_an_error_costs_its_cell(toy, entire):
    found = entire("1 / 0", "raise SystemExit", "import no_such_thing", *STATE, "def f(:")
    assert found["toy_double"].points == 2


def test_what_a_failing_cell_should_have_defined_is_missing(toy, entire):
    item = entire("1 / 0\ndef toy_double(x):\n    return 2 * x")["toy_double"]
    assert item.points == 0 and "NameError" in item.sentence


def test_the_notebook_runs_once_for_all_its_exercises(toy, entire):
    count = "import sys\nsys.runs = getattr(sys, 'runs', 0) + 1"
    cells = (
        count,
        "import sys\ndef toy_double(x):\n    return 2 * x * (sys.runs == 1)",
        "import sys\ndef toy_quadruple(x):\n    return 4 * x * (sys.runs == 1)",
    )
    found = entire(*cells)
    assert (found["toy_double"].points, found["toy_quadruple"].points) == (2, 3)


@pytest.mark.parametrize(
    "theft",
    [
        "from nnutils.lessons.start_here.exercises import feature_means as f",
        "import importlib\nf = importlib.import_module('nnutils.lessons.start_here.exer' + 'cises').feature_means",
        "import nnutils.checks.catalogue as c\nf = c.find_exercise('feature_means')",
        "from nnutils import solution\nf = solution('feature_means')",
        "import nnutils\np = '/lessons/start_here/exercises/feature_means.py'\nexec(open(nnutils.__path__[0] + p).read())\nf = feature_means",
    ],
)
def test_no_cell_reaches_an_answer(entire, theft):
    cells = [theft, "def feature_means(X):\n    return f(X)"]
    assert entire(*cells, topic="start_here")["feature_means"].points == 0
    assert entire(RIGHT, topic="start_here")["feature_means"].points == 1


def test_a_notebook_does_not_see_the_one_before_it(entire):
    entire("import sys\nsys.left = lambda X: X.mean(axis=0)", RIGHT, topic="start_here")
    thief = "import sys\ndef feature_means(X):\n    return sys.left(X)"
    assert entire(thief, topic="start_here")["feature_means"].points == 0


def test_a_lesson_of_the_course_runs_through(entire, tmp_path):
    """Its imports, figures and checks are there, or stand-ins that do no harm."""
    topic = "exponentially_weighted_averages"
    notebook = json.loads((ROOT / "notebooks" / f"11_{topic}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
        for exercise in exercises_of(topic):
            if exercise.name == name:
                cell["source"] = plain_source(exercise.reference)
    file = tmp_path / "10.ipynb"
    file.write_text(json.dumps(notebook), encoding="utf-8")
    found = entire(*code_cells(file), topic=topic)
    assert all(found[exercise.name].status == "passed" for exercise in exercises_of(topic)), found
