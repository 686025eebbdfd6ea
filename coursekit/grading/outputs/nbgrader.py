"""A gradebook of nbgrader 0.9 (SQLite), written in bulk: nbgrader's own API takes some 100 ms for each submission.

nbgrader itself is not needed.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from coursekit.grading.intake.roster import person_of
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs.shared import BadOutput
from coursekit.grading.outputs.table import NOTHING
from coursekit.grading.policy import ALL, Course, submitted
from coursekit.grading.result import Item, Mark
from nnutils.files import replacing

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
COURSE = "default_course"
KERNEL = json.dumps({"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"})
FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;"
VERSION = "e43177bfe90b"  # of the migrations of nbgrader 0.9.6, whose tables (nbgrader/api.py) these are
SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
CREATE TABLE course (id VARCHAR(128) NOT NULL PRIMARY KEY UNIQUE);
CREATE TABLE student (id VARCHAR(128) NOT NULL PRIMARY KEY, first_name VARCHAR(128), last_name VARCHAR(128),
    email VARCHAR(128), lms_user_id VARCHAR(128));
CREATE TABLE assignment (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL UNIQUE, duedate DATETIME,
    course_id VARCHAR(128) NOT NULL REFERENCES course (id));
CREATE TABLE notebook (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,
    assignment_id VARCHAR(32) REFERENCES assignment (id), kernelspec VARCHAR(1024), UNIQUE (name, assignment_id));
CREATE TABLE base_cell (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,
    notebook_id VARCHAR(32) NOT NULL REFERENCES notebook (id), type VARCHAR(50), UNIQUE (name, notebook_id, type));
CREATE TABLE grade_cells (id VARCHAR(32) NOT NULL PRIMARY KEY REFERENCES base_cell (id), max_score FLOAT NOT NULL,
    cell_type VARCHAR(8) NOT NULL);
CREATE TABLE solution_cells (id VARCHAR(32) NOT NULL PRIMARY KEY REFERENCES base_cell (id));
CREATE TABLE task_cells (id VARCHAR(32) NOT NULL PRIMARY KEY REFERENCES base_cell (id), max_score FLOAT NOT NULL,
    cell_type VARCHAR(8) NOT NULL);
CREATE TABLE source_cell (id VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL,
    cell_type VARCHAR(8) NOT NULL, locked BOOLEAN NOT NULL, source TEXT, checksum VARCHAR(128),
    notebook_id VARCHAR(32) REFERENCES notebook (id), UNIQUE (name, notebook_id));
CREATE TABLE submitted_assignment (id VARCHAR(32) NOT NULL PRIMARY KEY,
    assignment_id VARCHAR(32) REFERENCES assignment (id), student_id VARCHAR(128) REFERENCES student (id),
    timestamp DATETIME, extension DATETIME, UNIQUE (assignment_id, student_id));
CREATE TABLE submitted_notebook (id VARCHAR(32) NOT NULL PRIMARY KEY,
    assignment_id VARCHAR(32) REFERENCES submitted_assignment (id), notebook_id VARCHAR(32) REFERENCES notebook (id),
    flagged BOOLEAN, late_submission_penalty FLOAT, UNIQUE (notebook_id, assignment_id));
CREATE TABLE grade (id VARCHAR(32) NOT NULL PRIMARY KEY, notebook_id VARCHAR(32) REFERENCES submitted_notebook (id),
    cell_id VARCHAR(32) REFERENCES base_cell (id), auto_score FLOAT, manual_score FLOAT, extra_credit FLOAT,
    needs_manual_grade BOOLEAN NOT NULL, UNIQUE (cell_id, notebook_id));
CREATE TABLE comment (id VARCHAR(32) NOT NULL PRIMARY KEY, notebook_id VARCHAR(32) REFERENCES submitted_notebook (id),
    cell_id VARCHAR(32) REFERENCES base_cell (id), auto_comment TEXT, manual_comment TEXT, UNIQUE (cell_id, notebook_id));
"""


def check(file: Path, marks: Iterable[Mark] | None = None) -> None:
    """Whether a gradebook may be written here: there is none, or its whole content is written again.

    Raises
    ------
    BadOutput: the file is something else, or holds grades or comments by hand, or other assignments.
    """
    if not file.exists():
        return
    by_hand = "SELECT (SELECT count(*) FROM grade WHERE manual_score IS NOT NULL)"
    by_hand += " + (SELECT count(*) FROM comment WHERE manual_comment IS NOT NULL)"
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as old:
            ((manual,),) = old.execute(by_hand)
            names = {name for (name,) in old.execute("SELECT name FROM assignment")}
    except sqlite3.Error as error:
        raise BadOutput(f"{file} is no gradebook of nbgrader ({error}): choose another name") from None
    if manual:
        raise BadOutput(f"{file} holds {manual} grades or comments given by hand: choose another name")
    other = sorted(names - {file_name(mark.lesson) for mark in marks}) if marks is not None else []
    if other:
        names_of_some = ", ".join(other[:5])
        raise BadOutput(f"{file} holds {names_of_some}, which is not among these marks: choose another name")


def write(file: Path, marks: Iterable[Mark], course: Course) -> list[Path]:
    """Write the gradebook, whole or not at all.

    An assignment is a lesson, with one notebook; a grade cell is an item. What lateness costs is nbgrader's
    late_submission_penalty, extra credit its extra_credit, and what is not graded here is to be graded by hand there.

    Raises
    ------
    BadOutput: there is a gradebook with something that would be lost.
    """
    check(file, marks)
    try:
        with replacing(file) as part, contextlib.closing(sqlite3.connect(part)) as database:
            database.executescript(FAST + SCHEMA)
            _Gradebook(database, course).fill(marks)
            database.commit()
    except sqlite3.Error as error:
        raise BadOutput(f"{file} cannot be written: {error}") from None
    return [file]


class _Gradebook:
    """An empty gradebook that is being filled."""

    def __init__(self, database: sqlite3.Connection, course: Course) -> None:
        self.database, self.course = database, course
        self.numbers = itertools.count()
        self.cells: dict[tuple[str, str], str] = {}  # (lesson, grade_id) → id
        self.books: dict[str, tuple[str, str]] = {}  # lesson → ids of assignment and notebook

    def fill(self, marks: Iterable[Mark]) -> None:
        """Put everything in."""
        self._insert("alembic_version", VERSION)
        self._insert("course", COURSE)
        people = self.course.roster.people if self.course.roster else ()
        for student in dict.fromkeys(
            [*(mark.student for mark in marks), *(person.student for person in people)]
        ):
            self._add_student(student)
        for mark in marks:
            if mark.result.items and mark.lesson not in self.books:
                self._add_lesson(mark)
        for mark in marks:
            if mark.lesson in self.books and mark.result.problem != NOTHING:
                self._add_submission(mark)

    def _insert(self, table: str, *values: object) -> None:
        places = ", ".join("?" * len(values))
        self.database.execute(f"INSERT INTO {table} VALUES ({places})", values)

    def _id(self) -> str:
        """An id that follows on the last one: sorted keys fill an index several times faster than random ones."""
        return f"{next(self.numbers):032x}"

    def _add_student(self, student: str) -> None:
        person = person_of(student, self.course.roster)
        first, _, last = person.name.rpartition(" ")
        email, canvas = person.ids.get("email"), person.ids.get("canvas")
        self._insert("student", student, first or None, last or None, email, canvas)

    def _add_lesson(self, mark: Mark) -> None:
        """The lesson of a mark as an assignment: for each item a cell for the answer and a cell that is graded.

        An item that is extra credit has a maximum of 0 points: nbgrader counts what it earns beside the maximum.
        """
        lesson, name, deadlines = mark.lesson, file_name(mark.lesson), self.course.policy.deadlines
        due = _moment(deadlines.get(lesson, deadlines.get(ALL)))
        assignment, book = self.books[lesson] = self._id(), self._id()
        self._insert("assignment", assignment, name, due, COURSE)
        self._insert("notebook", book, name, assignment, KERNEL)
        sources = _sources(NOTEBOOKS / f"{name}.ipynb")
        for item in mark.result.items:
            most = 0.0 if item.name in mark.extra_items else float(item.max)
            for cell, graded in ((f"{item.name}-answer", False), (f"{item.name}-check", True)):
                key = self.cells[lesson, cell] = self._id()
                self._insert("base_cell", key, cell, book, "GradeCell" if graded else "SolutionCell")
                if graded:
                    self._insert("grade_cells", key, most, "code")
                else:
                    self._insert("solution_cells", key)
                source = sources.get(cell, "")
                self._insert("source_cell", self._id(), cell, "code", graded, source, None, book)

    def _add_submission(self, mark: Mark) -> None:
        key, book, result, policy = self._id(), self._id(), mark.result, self.course.policy
        assignment, notebook = self.books[mark.lesson]
        extra_time = policy.extension(mark.student, mark.lesson)
        extension = _moment(datetime(1970, 1, 1, tzinfo=UTC) + extra_time) if extra_time else None
        time = _moment(submitted(result))
        self._insert("submitted_assignment", key, assignment, mark.student, time, extension)
        off = float(Decimal(str(result.points)) - Decimal(str(mark.points)))
        self._insert("submitted_notebook", book, key, notebook, False, off if off > 0 else None)
        for item in result.items:
            self._add_grade(mark, item, book)

    def _add_grade(self, mark: Mark, item: Item, book: str) -> None:
        extra, result = item.name in mark.extra_items, mark.result
        score = 0.0 if extra and item.points is not None else item.points
        cell, credit, ungraded = self.cells[mark.lesson, f"{item.name}-check"], None, item.points is None
        if extra:
            credit = item.points
        self._insert("grade", self._id(), book, cell, score, None, credit, ungraded)
        problem = f"{result.problem}." if result.problem and item is result.items[0] else ""
        answer = self.cells[mark.lesson, f"{item.name}-answer"]
        self._insert("comment", self._id(), book, answer, problem or item.sentence or None, None)


def _sources(file: Path) -> dict[str, str]:
    """grade_id → the source of the cell, where the course's notebook is at hand."""
    if not file.is_file():
        return {}
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    named = {cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in cells}
    return {name: source for name, source in named.items() if name}


def _moment(when: datetime | None) -> str | None:
    """A time as SQLAlchemy keeps it for nbgrader: UTC, without a zone."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if when else None
