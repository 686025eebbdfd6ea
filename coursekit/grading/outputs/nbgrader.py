"""A gradebook of nbgrader 0.9 (SQLite), written in bulk: nbgrader's own API takes some 100 ms for each submission.

nbgrader itself is not needed.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from coursekit.grading.intake.roster import person_of
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs.shared import BadOutput, Say, to_stderr
from coursekit.grading.outputs.table import NOTHING
from coursekit.grading.policy import ALL, Course, submitted
from coursekit.grading.result import Item, Mark
from nnutils.files import replacing
from nnutils.words import sentence

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


def check(file: Path) -> None:
    """Whether a gradebook may be written here: there is none, or it is one of this version of nbgrader.

    Raises
    ------
    BadOutput: the file is something else.
    """
    if not file.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as old:
            versions = [version for (version,) in old.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error as error:
        raise BadOutput(f"{file} is no gradebook of nbgrader ({error}): choose another name") from None
    if versions != [VERSION]:
        raise BadOutput(f"{file} is of another version than nbgrader 0.9.6: run nbgrader db upgrade")


def write(file: Path, marks: Iterable[Mark], course: Course, say: Say = to_stderr) -> list[Path]:
    """Write the marks into the gradebook, all of them or none.

    An assignment is a lesson, with one notebook; a grade cell is an item. What lateness costs is nbgrader's
    late_submission_penalty, extra credit its extra_credit, and what is not graded here is to be graded by hand there.
    What else a gradebook holds stays: other assignments and students, and what a person gave or wrote by hand.

    Raises
    ------
    BadOutput: there is something else, or it cannot be written.
    """
    check(file)
    try:
        with replacing(file) as part:
            if file.exists():
                shutil.copyfile(file, part)
            with contextlib.closing(sqlite3.connect(part)) as database:
                database.executescript(FAST if file.exists() else FAST + SCHEMA)
                book = _Gradebook(database, course)
                book.fill(marks)
                database.commit()
    except sqlite3.Error as error:
        raise BadOutput(f"{file} cannot be written: {error}") from None
    if book.by_hand:
        say(
            f"{file.name}: {book.by_hand} grades or comments given by hand are kept; they are in no other file"
        )
    return [file]


class _Gradebook:
    """A gradebook that is being filled."""

    def __init__(self, database: sqlite3.Connection, course: Course) -> None:
        self.database, self.course = database, course
        self.start, self.numbers = uuid.uuid4().hex[:20], itertools.count()
        self.cells: dict[tuple[str, str], str] = {}  # (lesson, grade_id) → id
        self.books: dict[str, tuple[str, str]] = {}  # lesson → ids of assignment and notebook
        self.by_hand = 0

    def fill(self, marks: Iterable[Mark]) -> None:
        """Put everything in."""
        if not self._all("SELECT version_num FROM alembic_version"):
            self._insert("alembic_version", VERSION)
        if not self._all("SELECT id FROM course WHERE id = ?", COURSE):
            self._insert("course", COURSE)
        people = self.course.roster.people if self.course.roster else ()
        for student in dict.fromkeys(
            [*(mark.student for mark in marks), *(person.student for person in people)]
        ):
            self._put_student(student)
        for mark in marks:
            if mark.result.items and mark.lesson not in self.books:
                self._put_lesson(mark)
        for mark in marks:
            if mark.lesson in self.books and mark.result.problem != NOTHING:
                self._put_submission(mark)

    def _all(self, question: str, *values: object) -> list[Any]:
        return self.database.execute(question, values).fetchall()

    def _insert(self, table: str, *values: object) -> None:
        places = ", ".join("?" * len(values))
        self.database.execute(f"INSERT INTO {table} VALUES ({places})", values)

    def _id(self) -> str:
        """An id that follows on the last one: sorted keys fill an index several times faster than random ones."""
        return f"{self.start}{next(self.numbers):012x}"

    def _row(self, table: str, known: Mapping[str, object], **more: object) -> str:
        """The id of the row with these values; a new one, with `more` values, where there is none."""
        where = " AND ".join(f"{name} = ?" for name in known)
        if found := self._all(f"SELECT id FROM {table} WHERE {where}", *known.values()):
            return str(found[0][0])
        values = {"id": self._id(), **known, **more}
        names, places = ", ".join(values), ", ".join("?" * len(values))
        self.database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", [*values.values()])
        return str(values["id"])

    def _put_student(self, student: str) -> None:
        """A student, with what the roster knows. Where it knows no surname, the whole name stands in its place."""
        person = person_of(student, self.course.roster)
        last = person.surname or person.name
        first = person.name.removesuffix(last).strip()
        known = (first if last else None, last or None, person.ids.get("email"), person.ids.get("canvas"))
        self.database.execute("INSERT OR IGNORE INTO student (id) VALUES (?)", (student,))
        self.database.execute(
            "UPDATE student SET first_name = COALESCE(?, first_name), last_name = COALESCE(?, last_name), "
            "email = COALESCE(?, email), lms_user_id = COALESCE(?, lms_user_id) WHERE id = ?",
            (*known, student),
        )

    def _put_lesson(self, mark: Mark) -> None:
        """The lesson of a mark as an assignment: for each item a cell for the answer and a cell that is graded.

        An item that is extra credit has a maximum of 0 points: nbgrader counts what it earns beside the maximum.
        """
        lesson, name, deadlines = mark.lesson, file_name(mark.lesson), self.course.policy.deadlines
        assignment = self._row("assignment", {"name": name}, course_id=COURSE)
        if due := _moment(deadlines.get(lesson, deadlines.get(ALL))):
            self.database.execute("UPDATE assignment SET duedate = ? WHERE id = ?", (due, assignment))
        book = self._row("notebook", {"name": name, "assignment_id": assignment}, kernelspec=KERNEL)
        self.books[lesson] = assignment, book
        sources = _sources(NOTEBOOKS / f"{name}.ipynb")
        for item in mark.result.items:
            most = 0.0 if item.name in mark.extra_items else float(item.max)
            for cell, graded in ((f"{item.name}-answer", False), (f"{item.name}-check", True)):
                kind, source = "GradeCell" if graded else "SolutionCell", sources.get(cell, "")
                key = self._row("base_cell", {"name": cell, "notebook_id": book, "type": kind})
                self.cells[lesson, cell] = key
                if graded:
                    self.database.execute(
                        "INSERT OR REPLACE INTO grade_cells VALUES (?, ?, 'code')", (key, most)
                    )
                else:
                    self.database.execute("INSERT OR IGNORE INTO solution_cells VALUES (?)", (key,))
                rest = {"cell_type": "code", "locked": graded, "source": source}
                self._row("source_cell", {"name": cell, "notebook_id": book}, **rest)

    def _put_submission(self, mark: Mark) -> None:
        """A student's work in the place of an earlier one; what was given by hand to its cells is kept."""
        result, policy, (assignment, notebook) = mark.result, self.course.policy, self.books[mark.lesson]
        where = {"assignment_id": assignment, "student_id": mark.student}
        key = self._row("submitted_assignment", where)
        extra_time = policy.extension(mark.student, mark.lesson)
        extension = _moment(datetime(1970, 1, 1, tzinfo=UTC) + extra_time) if extra_time else None
        self.database.execute(
            "UPDATE submitted_assignment SET timestamp = ?, extension = ? WHERE id = ?",
            (_moment(submitted(result)), extension, key),
        )
        book = self._row("submitted_notebook", {"notebook_id": notebook, "assignment_id": key}, flagged=False)
        off = float(Decimal(str(result.points)) - Decimal(str(mark.points)))
        penalty = off if off > 0 else None
        self.database.execute(
            "UPDATE submitted_notebook SET late_submission_penalty = ? WHERE id = ?", (penalty, book)
        )
        for item in result.items:
            self._put_grade(mark, item, book)

    def _put_grade(self, mark: Mark, item: Item, book: str) -> None:
        """The grade and the comment of an item. In nbgrader a grade by hand goes before the one that is written here."""
        extra, result = item.name in mark.extra_items, mark.result
        score = 0.0 if extra and item.points is not None else item.points
        grade = self._row(
            "grade",
            {"cell_id": self.cells[mark.lesson, f"{item.name}-check"], "notebook_id": book},
            needs_manual_grade=False,
        )
        ((manual, credit),) = self._all("SELECT manual_score, extra_credit FROM grade WHERE id = ?", grade)
        self.database.execute(
            "UPDATE grade SET auto_score = ?, extra_credit = ?, needs_manual_grade = ? WHERE id = ?",
            (score, item.points if extra else credit, item.points is None and manual is None, grade),
        )
        problem = sentence(result.problem) if result.problem and item is result.items[0] else ""
        where = {"cell_id": self.cells[mark.lesson, f"{item.name}-answer"], "notebook_id": book}
        comment = self._row("comment", where)
        ((written,),) = self._all("SELECT manual_comment FROM comment WHERE id = ?", comment)
        told = problem or item.sentence or None
        self.database.execute("UPDATE comment SET auto_comment = ? WHERE id = ?", (told, comment))
        self.by_hand += (manual is not None) + (written is not None)


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
