"""What is committed in solutions/ and notebooks/: complete, unanswered where it must be, alike, and small."""

import html
import re
import textwrap
from pathlib import Path

import nbformat
import pytest

from coursekit.authoring.lesson import STUB, answered, lessons, unanswered
from coursekit.authoring.rules.text import COMMON_SHARE, answer_lines
from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.checks.check import examine
from nnutils.checks.faults import plain_source

ROOT = Path(__file__).parents[2]
NAMES = [lesson.name for lesson in lessons(ROOT)]
MOST_BYTES = {"solutions": 1_000_000, "notebooks": 95_000}
BUILT = [(folder, name) for folder in MOST_BYTES for name in NAMES]
each_lesson = pytest.mark.parametrize("name", NAMES)
each_built = pytest.mark.parametrize("folder, name", BUILT, ids=["/".join(one) for one in BUILT])


def read(folder, name):
    return nbformat.read(ROOT / folder / f"{name}.ipynb", as_version=4)


def topic(name):
    return name.partition("_")[2]


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def by_grade_id(notebook):
    cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def test_every_lesson_is_built():
    assert NAMES
    assert {*NAMES} == {f"{module.NUMBER:02d}_{name}" for name, module in modules().items()}
    for folder in MOST_BYTES:
        assert {path.stem for path in (ROOT / folder).glob("*.ipynb")} >= {*NAMES}


@each_built
def test_valid_and_small(folder, name):
    notebook = read(folder, name)
    nbformat.validate(notebook)
    assert notebook.nbformat == 4
    assert (ROOT / folder / f"{name}.ipynb").stat().st_size < MOST_BYTES[folder]
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@each_built
def test_every_code_cell_compiles(folder, name):
    for cell in code(read(folder, name)):
        compile(cell.source, cell.id, "exec")


@each_lesson
def test_student_copy_was_not_run(name):
    notebook = read("notebooks", name)
    assert "widgets" not in notebook.metadata
    for cell in code(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None


@each_lesson
def test_solution_holds_nothing_of_the_machine(name):
    notebook = read("solutions", name)
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.language_info == {"name": "python"}
    for cell in code(notebook):
        assert "execution" not in cell.metadata  # times of day
        for output in cell.outputs:
            assert output.get("name") != "stderr"
            assert output.output_type != "error"
            assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})


@each_lesson
def test_every_image_of_a_solution_says_what_it_shows(name):
    """In words of its own: no text stands at two different images."""
    texts = {}
    for cell in code(read("solutions", name)):
        for output in cell.outputs:
            data = output.get("data", {})
            assert not any(kind.startswith("image/") for kind in data), (
                "show a figure with nnutils.figures.style.show"
            )
            for image in re.findall("<img [^>]*>", data.get("text/html", "")):
                text = html.unescape(re.search('alt="([^"]*)"', image)[1])
                assert len(text.split()) >= 8
                assert texts.setdefault(text, image) == image
    assert texts


@each_lesson
def test_every_exercise_is_there_unanswered(name):
    cells = by_grade_id(read("notebooks", name))
    for exercise in exercises_of(topic(name)):
        names = {"np": __import__("numpy")}
        exec(cells[f"{exercise.name}-answer"].source, names)
        assert examine(exercise, names[exercise.name]).status == "not attempted"
    for question in questions_of(topic(name)):
        names = {}
        exec(cells[f"{question.name}-answer"].source, names)
        assert names == {"__builtins__": names["__builtins__"], question.name: None}


@each_built
def test_every_check_is_there_and_locked(folder, name):
    cells = by_grade_id(read(folder, name))
    exercises = {one.name: (one, check_of(one)) for one in exercises_of(topic(name))}
    questions = {
        one.name: (one, f'from nnutils import quiz\nquiz("{one.name}", {one.name})')
        for one in questions_of(topic(name))
    }
    wanted = exercises | questions
    solved = folder == "solutions"
    assert {*cells} == {f"{one}-{part}" for one in wanted for part in ("answer", "check")}
    for one, source in wanted.values():
        answer, test = cells[f"{one.name}-answer"], cells[f"{one.name}-check"]
        common = {"schema_version": 3, "task": False}
        assert answer.metadata.nbgrader == common | {
            "grade_id": f"{one.name}-answer",
            "grade": False,
            "locked": False,
            "solution": True,
        }
        assert test.metadata.nbgrader == common | {
            "grade_id": f"{one.name}-check",
            "grade": True,
            "locked": True,
            "solution": False,
            "points": one.points,
        }
        assertion = "assert_passed" if one.name in exercises else "assert_answered"
        assert test.source == source + hidden(assertion, one.name) * solved
        assert test.metadata.editable is False
        assert test.metadata.deletable is False


@each_lesson
def test_check_stands_right_after_its_answer(name):
    cells = read("notebooks", name).cells
    for before, cell in zip(cells, cells[1:], strict=False):
        one = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if one.endswith("-check"):
            assert before.metadata.nbgrader.grade_id == one.replace("-check", "-answer")


@each_lesson
def test_no_line_of_an_answer_is_in_the_student_copy(name):
    lines = {
        line.partition("  #")[0].strip()
        for cell in read("notebooks", name).cells
        for line in textwrap.dedent(cell.source).splitlines()
    }
    for exercise in exercises_of(topic(name)):
        given = {line.partition("  #")[0].strip() for line in exercise.faulty.splitlines()}
        answer = answer_lines(exercise) - given
        if exercise.kind == "design":  # it is a choice, and may be one line of numbers
            continue
        core = max(answer, key=lambda line: (not line.endswith(":"), len(line)))
        assert core not in lines, exercise.name
        assert len(lines & answer) <= COMMON_SHARE * len(answer), (exercise.name, lines & answer)


@each_lesson
def test_no_letter_of_an_answer_is_in_the_student_copy(name):
    text = "\n".join(cell.source for cell in read("notebooks", name).cells)
    for question in questions_of(topic(name)):
        assert f'{question.name} = "' not in text
        assert not [option.reason for option in question.options if option.reason in text]


@each_lesson
def test_filled_in_student_copy_is_the_solution(name):
    """Cell by cell: the student copy with every stub replaced by what the exercises hold has the solution's sources."""
    student, solution = read("notebooks", name), read("solutions", name)
    cells = by_grade_id(student)
    for exercise in exercises_of(topic(name)):
        cell = cells[f"{exercise.name}-answer"]
        assert cell.source == unanswered(exercise) and cell.source.count(STUB) == (exercise.kind != "repair")
        cell.source = answered(exercise)
        cells[f"{exercise.name}-check"].source += hidden("assert_passed", exercise.name)
    for question in questions_of(topic(name)):
        answer = f'    ### BEGIN SOLUTION\n    {question.name} = "{question.answer}"\n    ### END SOLUTION'
        cells[f"{question.name}-answer"].source += f"\nif {question.name} is None:\n{answer}"
        cells[f"{question.name}-check"].source += hidden("assert_answered", question.name)
    assert [cell.source for cell in student.cells] == [cell.source for cell in solution.cells]
    assert [cell.cell_type for cell in student.cells] == [cell.cell_type for cell in solution.cells]


def check_of(exercise):
    """What a student sees of a check cell."""
    keras = "import keras\n" if "keras." in plain_source(exercise.reference).rpartition('"""')[2] else ""
    return f"{keras}import numpy as np\nfrom nnutils import check\n{exercise.name} = check({exercise.name})"


def hidden(test, name):
    """What only nbgrader sees of a check cell."""
    lines = f'from nnutils.checks.hidden_tests import {test}\n{test}("{name}", {name})'
    return f"\n### BEGIN HIDDEN TESTS\n{lines}\n### END HIDDEN TESTS"


def test_answer_lines_are_found():
    """The search above can find something: it finds every reference in its own solution."""
    for name in NAMES:
        text = "\n".join(cell.source for cell in read("solutions", name).cells)
        lines = {line.partition("  #")[0].strip() for line in text.splitlines()}
        for exercise in exercises_of(topic(name)):
            assert answer_lines(exercise) or exercise.kind == "design", exercise.name
            assert answer_lines(exercise) <= lines, exercise.name
