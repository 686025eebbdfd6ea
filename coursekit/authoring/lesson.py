"""Read a lesson's source and expand its exercises and questions into the cells of both notebooks."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import jupytext
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnutils.checks.catalogue import find_exercise, find_question
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.help import answer_source
from nnutils.checks.released import head_of

_Item = TypeVar("_Item", Exercise, Question)
STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True)
class Lesson:
    """One lesson of `lessons/`."""

    source: Path

    @property
    def name(self) -> str:
        """As in 04_dropout."""
        return self.source.stem

    @property
    def topic(self) -> str:
        """As in dropout."""
        return self.name.partition("_")[2]

    def notebook(self, answers: bool) -> Any:
        """The lesson as a notebook without outputs, with the answers or with stubs.

        Raises
        ------
        LessonError: a tagged cell does not say one exercise or question.
        """
        cells = [
            cell
            for one in jupytext.read(self.source, fmt="py:percent").cells
            for cell in self._expand(one, answers)
        ]
        for cell, identity in zip(cells, _identities(cells), strict=True):
            cell["id"] = identity
        return new_notebook(cells=cells, metadata={key: dict(value) for key, value in METADATA.items()})

    def _expand(self, cell: Any, answers: bool) -> Iterator[Any]:
        tags = cell.metadata.get("tags", [])
        if "exercise" in tags:
            yield from exercise_cells(self._own(find_exercise(self._named(cell)), cell), answers)
        elif "quiz" in tags:
            yield from question_cells(self._own(find_question(self._named(cell)), cell), answers)
        elif cell.cell_type == "markdown":
            yield new_markdown_cell(cell.source)
        else:
            yield new_code_cell(cell.source, metadata={"tags": tags} if tags else {})

    def _named(self, cell: Any) -> str:
        """The one name that a tagged cell holds: an exercise's or a question's."""
        name: str = cell.source.strip()
        if name.isidentifier():
            return name
        raise LessonError(
            f"{self.name}: a cell tagged exercise or quiz holds the name of one and nothing else, not:\n{cell.source}"
        )

    def _own(self, item: _Item, cell: Any) -> _Item:
        if item.lesson != self.topic:
            raise LessonError(f"{self.name}: {cell.source.strip()} stands in the lesson {item.lesson}")
        return item


class LessonError(ValueError):
    """A lesson's source cannot be built."""


def lessons(root: Path) -> list[Lesson]:
    """All lessons of a checkout, in the order of their numbers."""
    return [Lesson(path) for path in sorted((root / "lessons").glob("[0-9][0-9]_*.py"))]


def exercise_cells(exercise: Exercise, answer: bool) -> Iterator[Any]:
    """The three cells of an exercise: what it asks for, the function, its check."""
    head, body = split_answer(exercise)
    inner = f"    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION" if answer else STUB
    points = f"{exercise.points} point{'s' * (exercise.points != 1)}"
    yield new_markdown_cell(
        f"**Exercise** `{exercise.name}` · {points} · about {exercise.minutes} minutes · "
        f'for a hint, run `hint("{exercise.name}")` in a new cell'
    )
    yield new_code_cell(f"{head}\n{inner}", metadata=_answer_metadata(exercise.name))
    test = f"{exercise.name} = check({exercise.name})" + _hidden("assert_passed", exercise.name) * answer
    yield new_code_cell(test, metadata=_check_metadata(exercise.name, exercise.points))


def question_cells(question: Question, answer: bool) -> Iterator[Any]:
    """The three cells of a question: the options, the answer, its check."""
    name, letters = question.name, [letter for letter, _ in question.lettered()]
    options = "\n".join(f"- **{letter}** {option.text}" for letter, option in question.lettered())
    yield new_markdown_cell(f"**Question** {question.text}\n\n{options}")
    choose = f"{', '.join(map(_quoted, letters[:-1]))} or {_quoted(letters[-1])}"
    asked = f"{name} = None  # your answer: {choose}"  # a line that stays when nbgrader takes the answer out
    chosen = f'\nif {name} is None:\n    ### BEGIN SOLUTION\n    {name} = "{question.answer}"\n    ### END SOLUTION'
    yield new_code_cell(asked + chosen * answer, metadata=_answer_metadata(name))
    test = f'quiz("{name}", {name})' + _hidden("assert_answered", name) * answer
    yield new_code_cell(test, metadata=_check_metadata(name, question.points))


def split_answer(exercise: Exercise) -> tuple[str, str]:
    """The reference's source in two: signature with docstring, and the lines below, which are the answer."""
    if not exercise.reference.__doc__:
        raise LessonError(f"{exercise.name} needs a docstring: it is all that a student gets")
    head, source = head_of(exercise), textwrap.dedent(answer_source(exercise)).rstrip()
    return head, source.removeprefix(head).strip("\n")


def _hidden(test: str, name: str) -> str:
    """The lines below a check that nbgrader takes out of the students' copies and puts back when it grades."""
    lines = f'from nnutils.checks.hidden_tests import {test}\n{test}("{name}", {name})'
    return f"\n### BEGIN HIDDEN TESTS\n{lines}\n### END HIDDEN TESTS"


def _answer_metadata(name: str) -> dict[str, Any]:
    """nbgrader's metadata of an answer cell (schema 3)."""
    return {
        "deletable": False,
        "nbgrader": _nbgrader(f"{name}-answer", grade=False, locked=False, solution=True),
    }


def _check_metadata(name: str, points: int) -> dict[str, Any]:
    """nbgrader's metadata of a locked test cell (schema 3)."""
    metadata = _nbgrader(f"{name}-check", grade=True, locked=True, solution=False)
    return {"deletable": False, "editable": False, "nbgrader": metadata | {"points": points}}


def _nbgrader(grade_id: str, **flags: bool) -> dict[str, Any]:
    return {"schema_version": 3, "grade_id": grade_id, "task": False, **flags}


def _identities(cells: list[Any]) -> Iterator[str]:
    """A cell's id: nbgrader's grade_id, else a hash of the source; counted where cells are alike."""
    seen: dict[str, int] = {}
    for cell in cells:
        source = f"{cell.cell_type}\n{cell.source}".encode()
        one = cell.metadata.get("nbgrader", {}).get("grade_id") or hashlib.sha256(source).hexdigest()[:12]
        seen[one] = seen.get(one, 0) + 1
        yield one if seen[one] == 1 else f"{one}-{seen[one]}"


def _quoted(letter: str) -> str:
    return f'"{letter}"'
