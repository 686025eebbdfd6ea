"""grades.csv: a row for each student and lesson, a column for each exercise and question."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from coursekit.grading.adjust import Adjustments
from coursekit.grading.csvfile import write_table
from coursekit.grading.engine.task import FAULT
from coursekit.grading.intake.roster import Roster, person_of
from coursekit.grading.intake.topics import lesson_place
from coursekit.grading.policy import Marks, place_of
from coursekit.grading.result import Item, Mark, Result, number

HEAD = ("student", "lesson", "points", "max", "problem")
TAIL = ("name", "section", "submitted", "earned", "late", "extra", "adjusted")
TEXT = {"student", "lesson", "problem", "name", "section", "late", "extra", "adjusted"}
NOTHING, UNREADABLE = "nothing was handed in", "handed in, but cannot be read"
NO_LINES: Mapping[str, Sequence[str]] = {}
NOTHING_DECIDED = Adjustments()


def write_grades(file: Path, marks: Iterable[Mark], roster: Roster | None = None) -> list[Path]:
    """Write the table, in two passes over the marks. UTF-8 with a BOM: without one, spreadsheets take it for something else."""
    places: dict[str, tuple[tuple[int, str], int]] = {}  # lesson.item → its place among the columns
    for mark in marks:
        for i, item in enumerate(mark.result.items):
            places.setdefault(f"{mark.lesson}.{item.name}", (lesson_place(mark.lesson), i))
    header = [*HEAD, *sorted(places, key=lambda name: places[name]), *TAIL]
    rows = ([cells.get(name, "") for name in header] for cells in (_cells(mark, roster) for mark in marks))
    texts = [i for i, name in enumerate(header) if name in TEXT]
    return [write_table(file, [header, *rows], texts, encoding="utf-8-sig")]


def with_missing(
    marks: Iterable[Mark],
    roster: Roster | None,
    unread: Mapping[str, Sequence[str]] = NO_LINES,
    decided: Adjustments = NOTHING_DECIDED,
) -> Iterable[Mark]:
    """The marks, and one of 0 points for each student of the roster and lesson that has none; both by student and lesson.

    `unread` holds, by student, a message for each file that could not be read: then the mark says so instead of NOTHING.
    What was decided about the points of a lesson counts for these marks, too.
    """
    if roster is None:
        return marks
    examples, have = dict[str, Mark](), set[tuple[str, str]]()
    for mark in marks:
        have.add((mark.student, mark.lesson))
        if mark.result.items and (mark.lesson not in examples or mark.max > examples[mark.lesson].max):
            examples[mark.lesson] = mark  # the highest maximum: nothing is left out for this student alone

    def missing() -> Iterator[Mark]:
        for student in sorted({person.student for person in roster.people}):
            for lesson in sorted(examples, key=lesson_place):
                if (student, lesson) not in have:
                    yield decided.total(_nothing(student, examples[lesson], unread.get(student, ())))

    return Marks(lambda: heapq.merge(marks, missing(), key=place_of))


def _nothing(student: str, example: Mark, unread: Sequence[str]) -> Mark:
    """The mark of a student without a notebook of a lesson; `example` is another student's mark for it."""
    problem = NOTHING
    if unread:
        more = f" (and {len(unread) - 1} more files)" if len(unread) > 1 else ""
        problem = f"{UNREADABLE}: {unread[0]}{more}"
    items = tuple(map(_not_attempted, example.result.items))
    result = Result(student, example.lesson, "", "", items, problem)
    return Mark(result, 0.0, example.max, extra_items=example.extra_items)


def _not_attempted(item: Item) -> Item:
    status, points = (item.status, None) if item.points is None else ("not attempted", 0.0)
    return replace(
        item, status=status, points=points, sentence="", mistake=None, cases=(), lost=None, seconds=0.0
    )


def _cells(mark: Mark, roster: Roster | None) -> dict[str, str]:
    """Name of a column → the mark's cell."""
    result, person = mark.result, person_of(mark.student, roster)
    items = {f"{mark.lesson}.{item.name}": number(item.points) for item in result.items}
    problem = result.problem or ""
    if problem and result.file and not problem.startswith(FAULT):
        problem = f"{UNREADABLE}: {problem}"
    head = (mark.student, mark.lesson, number(mark.points), str(mark.max), problem)
    tail = (
        person.name, person.section, result.submitted or "", number(result.points), mark.late, mark.extra, mark.adjusted
    )  # fmt: skip
    return items | dict(zip((*HEAD, *TAIL), (*head, *tail), strict=True))
