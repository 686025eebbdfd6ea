"""grades.csv: a row for each student and lesson, a column for each exercise and question."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from coursekit.grading.intake.csvfile import write_table
from coursekit.grading.intake.roster import Roster
from coursekit.grading.marks import Marks
from coursekit.grading.result import Mark, Result, number
from coursekit.grading.rules import lesson_order, place_of

HEAD = ("student", "lesson", "points", "max", "problem")
TAIL = ("name", "section", "submitted", "earned", "late", "extra")
TEXT = {"student", "lesson", "problem", "name", "section", "late", "extra"}
NOTHING = "nothing was handed in"
NO_LINES: Mapping[str, Sequence[str]] = {}


def write_grades(file: Path, marks: Iterable[Mark], roster: Roster | None = None) -> Path:
    """Write the table, in two passes over the marks. UTF-8 with a BOM: spreadsheets take it for something else without."""
    columns = _columns(marks)
    header = [*HEAD, *columns, *TAIL]
    rows = (_row(mark, columns, roster) for mark in marks)
    texts = [i for i, name in enumerate(header) if name in TEXT]
    return write_table(file, [header, *rows], texts, encoding="utf-8-sig")


def with_missing(
    marks: Iterable[Mark], roster: Roster | None, unread: Mapping[str, Sequence[str]] = NO_LINES
) -> Iterable[Mark]:
    """The marks, and one of 0 points for each student of the roster and lesson that has none; both by student and lesson.

    `unread` holds, by student, a line for each file that could not be taken: with one, it is not said that nothing came.
    """
    if roster is None:
        return marks
    some, have = dict[str, Mark](), set[tuple[str, str]]()
    for mark in marks:
        have.add((mark.student, mark.lesson))
        if mark.result.items:
            some.setdefault(mark.lesson, mark)
    students = sorted({one.student for one in roster.people})
    lessons = sorted(some.values(), key=place_of)
    return Marks(lambda: heapq.merge(marks, _missing(students, lessons, have, unread), key=place_of))


def _missing(
    students: Sequence[str],
    some: Sequence[Mark],
    have: Collection[tuple[str, str]],
    unread: Mapping[str, Sequence[str]],
) -> Iterator[Mark]:
    for student in students:
        for mark in some:
            if (student, mark.lesson) not in have:
                yield _nothing(student, mark, _problem(unread.get(student, ())))


def _problem(unread: Sequence[str]) -> str:
    """Why there is nothing to grade: what was handed in and could not be taken is not nothing."""
    more = f" (and {len(unread) - 1} more files)" if len(unread) > 1 else ""
    return f"no notebook of this lesson could be read: {unread[0]}{more}" if unread else NOTHING


def _nothing(student: str, other: Mark, problem: str) -> Mark:
    """The mark of a student of whom there is no notebook of the lesson of another one's mark."""
    items = tuple(
        replace(
            item,
            status="not attempted" if item.points is not None else item.status,
            points=None if item.points is None else 0.0,
            sentence="",
            mistake=None,
            cases=(),
            lost=None,
            seconds=0.0,
        )
        for item in other.result.items
    )
    return Mark(
        Result(student, other.lesson, "", "", items, problem), 0.0, other.max, extra_items=other.extra_items
    )


def _columns(marks: Iterable[Mark]) -> list[str]:
    """The names lesson.item, in the order of the lessons and of the items in them."""
    order, found = lesson_order(), dict[str, tuple[int, int]]()
    for mark in marks:
        place = order.get(mark.lesson, len(order))
        for i, item in enumerate(mark.result.items):
            found.setdefault(f"{mark.lesson}.{item.name}", (place, i))
    return sorted(found, key=lambda name: found[name])


def _row(mark: Mark, columns: Sequence[str], roster: Roster | None) -> list[str]:
    result, person = mark.result, roster.named(mark.student) if roster else None
    items = {f"{mark.lesson}.{item.name}": number(item.points) for item in result.items}
    head = [mark.student, mark.lesson, number(mark.points), str(mark.max), result.problem or ""]
    who = [person.name, person.section] if person else ["", ""]
    tail = [*who, result.submitted or "", number(result.points), mark.late, mark.extra]
    return [*head, *(items.get(column, "") for column in columns), *tail]
