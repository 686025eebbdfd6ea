"""Expand the exercises, questions and predictions of a lesson's source into the cells of both notebooks."""

from __future__ import annotations

import hashlib
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import jupytext
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.authoring.lesson import LONGEST_LINE, Lesson, LessonError, answered, unanswered
from nnutils.checks.catalogue import find_exercise, find_prediction, find_question
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.facts import code_objects
from nnutils.checks.prediction import Prediction
from nnutils.words import counted, listed

GLUE = "\N{NO-BREAK SPACE}"  # inside a name to choose, which is copied as a whole
_Item = TypeVar("_Item", Exercise, Question, Prediction)
TITLES = {"write": "Exercise", "derive": "Derive", "repair": "Repair", "design": "Design"}
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


NBGRADER = {"schema_version": 3, "task": False}  # what the metadata of all its cells have in common


def notebook(lesson: Lesson, answers: bool) -> Any:
    """What `Lesson.notebook` returns."""
    source = jupytext.read(lesson.source, fmt="py:percent")
    cells = [cell for tagged in source.cells for cell in _expand(lesson, tagged, answers)]
    seen: Counter[str] = Counter()
    for cell in cells:
        identity = _identity(cell)
        seen[identity] += 1
        cell["id"] = identity if seen[identity] == 1 else f"{identity}-{seen[identity]}"
    return new_notebook(cells=cells, metadata={key: dict(value) for key, value in METADATA.items()})


def _expand(lesson: Lesson, cell: Any, answers: bool) -> Iterator[Any]:
    tags = cell.metadata.get("tags", [])
    if "exercise" in tags:
        yield from exercise_cells(_named(lesson, cell, find_exercise), answers)
    elif "quiz" in tags:
        yield from question_cells(_named(lesson, cell, find_question), answers)
    elif "predict" in tags:
        yield from prediction_cells(_named(lesson, cell, find_prediction))
    elif cell.cell_type == "markdown":
        yield new_markdown_cell(cell.source)
    else:
        yield new_code_cell(cell.source, metadata={"tags": tags} if tags else {})


def _named(lesson: Lesson, cell: Any, find: Callable[[str], _Item]) -> _Item:
    """The exercise, question or prediction of the lesson that a tagged cell names."""
    name: str = cell.source.strip()
    if not name.isidentifier():
        only = "a cell tagged exercise, quiz or predict holds the name of one and nothing else"
        raise LessonError(f"{lesson.name}: {only}, not:\n{cell.source}")
    item = find(name)
    if item.lesson != lesson.topic:
        raise LessonError(f"{lesson.name}: {name} stands in the lesson {item.lesson}")
    return item


def exercise_cells(exercise: Exercise, answers: bool) -> Iterator[Any]:
    """The three cells of an exercise: what it asks for, the function, its check."""
    name = exercise.name
    yield new_markdown_cell(
        f"**{TITLES[exercise.kind]}** `{name}` · {counted(exercise.points, 'point')} · about {exercise.minutes} minutes · "
        f'for a hint, run `hint("{name}")` in a new cell'
    )
    yield _answer_cell(name, answered(exercise) if answers else unanswered(exercise))
    check = f"{_imports(exercise)}\n{name} = check({name})"
    yield _check_cell(exercise, check, "assert_passed" if answers else "")


def _imports(exercise: Exercise) -> str:
    """What a check needs where the kernel was restarted and no cell ran since but the answer."""
    keras = any("keras" in code.co_names for code in code_objects(exercise.reference.__code__))
    return "import keras\n" * keras + "import numpy as np\nfrom nnutils import check"


def question_cells(question: Question, answers: bool) -> Iterator[Any]:
    """The three cells of a question: the options, the answer, its check."""
    name, options = question.name, [*question.lettered()]
    rows = "\n".join(f"- **{letter}** {option.text}" for letter, option in options)
    yield new_markdown_cell(f"**Question** {question.text}\n\n{rows}")
    letters = listed([f'"{letter}"' for letter, _ in options], "or")
    source = f"{name} = None  # your answer: {letters}"  # this line stays when nbgrader takes the answer out
    if answers:
        source += f'\nif {name} is None:\n    ### BEGIN SOLUTION\n    {name} = "{question.answer}"\n    ### END SOLUTION'
    yield _answer_cell(name, source)
    yield _check_cell(
        question, f'from nnutils import quiz\nquiz("{name}", {name})', "assert_answered" if answers else ""
    )


def prediction_cells(asked: Prediction) -> Iterator[Any]:
    """The three cells of a prediction: what is asked, the guess, and the call that keeps it. nbgrader knows none of them."""
    rows = "\n".join(f"- {row}" for row in asked.form.rows)
    yield new_markdown_cell(f"**Predict** {asked.text}" + f"\n\n{rows}" * bool(rows))
    guess = new_code_cell(_guess(asked), metadata={"deletable": False})
    keep = f'from nnutils import predict\npredict("{asked.name}", {asked.name})'
    yield guess
    yield new_code_cell(keep, metadata={"deletable": False, "editable": False})


def _guess(asked: Prediction) -> str:
    """The line for a guess. What to write stands behind it, or above it where that would be too wide."""
    told = f"your guess: {asked.form.asked}"
    line = f"{asked.name} = None  # {told}"
    if len(line) <= LONGEST_LINE:
        return line
    head, bracket, names = told.partition("[")
    glued = "', '".join(name.replace(" ", GLUE) for name in names.split("', '"))
    lines = textwrap.wrap(
        head + bracket + glued,
        LONGEST_LINE,
        initial_indent="# ",
        subsequent_indent="# ",
        break_on_hyphens=False,
    )
    return "\n".join([*lines, f"{asked.name} = None"]).replace(GLUE, " ")


def _answer_cell(name: str, source: str) -> Any:
    fields = {"grade_id": f"{name}-answer", "grade": False, "locked": False, "solution": True}
    return new_code_cell(source, metadata={"deletable": False, "nbgrader": NBGRADER | fields})


def _check_cell(item: Exercise | Question, source: str, hidden_test: str) -> Any:
    """A locked cell. nbgrader takes the hidden test out of the students' copies and puts it back when it grades."""
    name = item.name
    if hidden_test:
        test = f'from nnutils.checks.hidden_tests import {hidden_test}\n{hidden_test}("{name}", {name})'
        source += f"\n### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
    fields = {
        "grade_id": f"{name}-check",
        "grade": True,
        "locked": True,
        "solution": False,
        "points": item.points,
    }
    return new_code_cell(
        source, metadata={"deletable": False, "editable": False, "nbgrader": NBGRADER | fields}
    )


def _identity(cell: Any) -> str:
    """nbgrader's grade_id, else a hash of the source."""
    source = f"{cell.cell_type}\n{cell.source}".encode()
    return cell.metadata.get("nbgrader", {}).get("grade_id") or hashlib.sha256(source).hexdigest()[:12]
