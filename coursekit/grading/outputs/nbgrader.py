"""A gradebook of nbgrader 0.9 (SQLite), written in bulk: nbgrader's own API takes some 100 ms for each submission.

nbgrader itself is not needed.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs.bad import BadOutput
from coursekit.grading.outputs.nbgrader_cells import Cell, cells_of
from coursekit.grading.outputs.nbgrader_schema import SCHEMA, VERSION
from coursekit.grading.outputs.table import NOTHING
from coursekit.grading.policy import ALL, Policy
from coursekit.grading.result import Item, Mark

COURSE = "default_course"
KERNEL = json.dumps({"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"})


def check(file: Path, marks: Iterable[Mark] | None = None) -> None:
    """Whether a gradebook may be written here: there is none, or one that holds nothing but what is written anew.

    Raises
    ------
    BadOutput: the file is something else, or holds what a person put in, or other assignments.
    """
    if not file.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as old:
            manual = old.execute("SELECT count(*) FROM grade WHERE manual_score IS NOT NULL").fetchone()[0]
            manual += old.execute("SELECT count(*) FROM comment WHERE manual_comment IS NOT NULL").fetchone()[
                0
            ]
            names = {name for (name,) in old.execute("SELECT name FROM assignment")}
    except sqlite3.Error as error:
        raise BadOutput(f"{file} is no gradebook of nbgrader ({error}): choose another name") from None
    if manual:
        raise BadOutput(f"{file} holds {manual} grades or comments given by hand: choose another name")
    other = sorted(names - {file_name(mark.lesson) for mark in marks}) if marks is not None else []
    if other:
        raise BadOutput(
            f"{file} holds {', '.join(other[:5])}, which is not among these marks: choose another name"
        )


def write(
    file: Path, marks: Iterable[Mark], roster: Roster | None = None, policy: Policy | None = None
) -> Path:
    """Write the gradebook, whole or not at all.

    An assignment is a lesson, with one notebook; a grade cell is an item. What lateness costs is nbgrader's
    late_submission_penalty, extra credit its extra_credit, and what is not graded here is to be graded by hand there.

    Raises
    ------
    BadOutput: there is a gradebook with something that would be lost.
    """
    check(file, marks)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(beside)) as database:
            database.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;" + SCHEMA
            )
            _Book(database, policy or Policy()).fill(marks, roster)
            database.commit()
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
    return file


@dataclass
class _Book:
    """An empty gradebook that is being filled."""

    database: sqlite3.Connection
    policy: Policy
    numbers: Iterator[int] = field(default_factory=itertools.count)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)  # (lesson, grade_id) → id
    books: dict[str, tuple[str, str]] = field(default_factory=dict)  # lesson → ids of assignment and notebook

    def fill(self, marks: Iterable[Mark], roster: Roster | None) -> None:
        """Put everything in."""
        self._add("alembic_version", [(VERSION,)])
        self._add("course", [(COURSE,)])
        self._add("student", _students(marks, roster))
        for mark in marks:
            if mark.result.items and mark.lesson not in self.books:
                self._lesson(mark.lesson, mark)
        for mark in marks:
            if mark.lesson in self.books and mark.result.problem != NOTHING:
                self._submission(mark)

    def _submission(self, mark: Mark) -> None:
        one, book = self._id(), self._id()
        self._add("submitted_assignment", [self._assignment(mark, one)])
        self._add("submitted_notebook", [self._notebook(mark, one, book)])
        self._add("grade", (self._grade(mark, item, book) for item in mark.result.items))
        self._add("comment", (self._comment(mark, item, book) for item in mark.result.items))

    def _add(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        rows = iter(rows)
        first = next(rows, None)
        if first is not None:
            places = ", ".join("?" * len(first))
            self.database.executemany(
                f"INSERT INTO {table} VALUES ({places})", itertools.chain([first], rows)
            )

    def _id(self) -> str:
        """An id that follows on the last one: sorted keys fill an index several times faster than random ones."""
        return f"{next(self.numbers):032x}"

    def _lesson(self, lesson: str, mark: Mark) -> None:
        name, (one, book) = file_name(lesson), (self._id(), self._id())
        self.books[lesson] = one, book
        due = self.policy.deadlines.get(lesson, self.policy.deadlines.get(ALL))
        self._add("assignment", [(one, name, _moment(due), COURSE)])
        self._add("notebook", [(book, name, one, KERNEL)])
        for cell in cells_of(lesson, mark):
            self._cell(lesson, book, cell)

    def _cell(self, lesson: str, book: str, cell: Cell) -> None:
        one = self.cells[lesson, cell.name] = self._id()
        self._add("base_cell", [(one, cell.name, book, "GradeCell" if cell.graded else "SolutionCell")])
        if cell.graded:
            self._add("grade_cells", [(one, cell.points, cell.kind)])
        else:
            self._add("solution_cells", [(one,)])
        source = (self._id(), cell.name, cell.kind, cell.graded, cell.source, None, book)
        self._add("source_cell", [source])

    def _assignment(self, mark: Mark, one: str) -> tuple[Any, ...]:
        given = self.policy.extension(mark.student, mark.lesson)
        extension = _moment(datetime(1970, 1, 1, tzinfo=UTC) + given) if given > timedelta() else None
        return (
            one,
            self.books[mark.lesson][0],
            mark.student,
            _moment(self.policy.submitted(mark.result)),
            extension,
        )

    def _notebook(self, mark: Mark, one: str, book: str) -> tuple[Any, ...]:
        off = Decimal(str(mark.result.points)) - Decimal(str(mark.points))
        return book, one, self.books[mark.lesson][1], False, float(off) if off > 0 else None

    def _grade(self, mark: Mark, item: Item, book: str) -> tuple[Any, ...]:
        cell, extra = self.cells[mark.lesson, f"{item.name}-check"], item.name in mark.extra_items
        score = 0.0 if extra and item.points is not None else item.points
        return self._id(), book, cell, score, None, item.points if extra else None, item.points is None

    def _comment(self, mark: Mark, item: Item, book: str) -> tuple[Any, ...]:
        first = item is mark.result.items[0] and mark.result.problem
        said = f"{mark.result.problem}." if first else item.sentence
        return self._id(), book, self.cells[mark.lesson, f"{item.name}-answer"], said or None, None


def _students(marks: Iterable[Mark], roster: Roster | None) -> Iterator[tuple[Any, ...]]:
    listed = [one.student for one in roster.people] if roster else []
    names = dict.fromkeys([*(mark.student for mark in marks), *listed])
    for student in names:
        one = roster.named(student) if roster else None
        if one is None:
            yield student, None, None, None, None
            continue
        first, _, last = one.name.rpartition(" ")
        yield student, first or None, last or None, one.email or None, one.ids.get("canvas")


def _moment(when: datetime | None) -> str | None:
    """A time as SQLAlchemy keeps it for nbgrader: UTC, without a zone."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if when else None
