"""The lessons of a checkout: which there are, and how a command line names them."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnutils.checks.exercise import Exercise
from nnutils.checks.faults import plain_source
from nnutils.checks.released import head_of
from nnutils.reset import lessons_named

ROOT = Path(__file__).parents[2]
LONGEST_LINE = (
    78  # characters that a code cell of JupyterLab shows in a window of 800 px, the file browser closed
)
STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"


class LessonError(ValueError):
    """A lesson's source cannot be built."""


@dataclass(frozen=True)
class Lesson:
    """One lesson of `lessons/`."""

    source: Path

    @property
    def name(self) -> str:
        """As in 04_dropout."""
        return self.source.stem

    @property
    def number(self) -> int:
        """As in 4."""
        return int(self.name[:2])

    @property
    def topic(self) -> str:
        """As in dropout."""
        return self.name[3:]

    @property
    def root(self) -> Path:
        """The checkout that it belongs to."""
        return self.source.parents[1]

    @property
    def solution(self) -> Path:
        """The executed notebook that the build writes."""
        return self.root / "solutions" / f"{self.name}.ipynb"

    @property
    def copy(self) -> Path:
        """The student's notebook that the build writes."""
        return self.root / "notebooks" / f"{self.name}.ipynb"

    def notebook(self, answers: bool) -> Any:
        """The lesson as a notebook without outputs, with the answers or with stubs.

        Raises
        ------
        LessonError: a cell tagged exercise or quiz does not hold the name of one of this lesson.
        """
        from coursekit.authoring.cells import notebook  # here, since nbformat takes a second to load

        return notebook(self, answers)


def lessons(root: Path = ROOT, names: Collection[str] = ()) -> list[Lesson]:
    """The lessons of a checkout that are named (4, 04, dropout, 04_dropout), or all of them; in the order of their numbers.

    Raises
    ------
    UnknownName: there is no such lesson.
    """
    every = [Lesson(path) for path in sorted((root / "lessons").glob("[0-9][0-9]_*.py"))]
    named = lessons_named([lesson.name for lesson in every], names) if names else None
    return [lesson for lesson in every if named is None or lesson.name in named]


def add_lessons(parser: argparse.ArgumentParser, executes: bool = True) -> None:
    """The arguments of each verb that works on some lessons: which ones, of which checkout, how many at once."""
    add = parser.add_argument
    add(
        "lessons",
        nargs="*",
        metavar="LESSON",
        help="a number or a name, as 4, 04 or 04_dropout (default: all)",
    )
    add("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    if executes:
        add("--jobs", type=int, default=2, metavar="N", help="lessons to execute at once (default: 2)")


def split_answer(exercise: Exercise) -> tuple[str, str]:
    """The reference's source in two: signature with docstring, and the lines below, which are the answer."""
    if not exercise.reference.__doc__:
        raise LessonError(f"{exercise.name} needs a docstring: it is all that a student gets")
    head, source = head_of(exercise), plain_source(exercise.reference).rstrip()
    return head, source.removeprefix(head).strip("\n")


def unanswered(exercise: Exercise) -> str:
    """The source that a student gets: a stub, or of a repair the faulty code."""
    return exercise.faulty.rstrip() or f"{split_answer(exercise)[0]}\n{STUB}"


def answered(exercise: Exercise) -> str:
    """The source of the solution's cell, with nbgrader's marks. Of a repair the faulty code stands above the right one."""
    head, body = split_answer(exercise)
    if exercise.faulty:
        return f"{unanswered(exercise)}\n\n\n### BEGIN SOLUTION\n{head}\n{body}\n### END SOLUTION"
    return f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
