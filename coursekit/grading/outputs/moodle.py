"""Moodle's grading worksheet of an assignment, filled in; and a table for Moodle's general grade import.

The worksheet (mod/assign/feedback/offline/importgradeslib.php): columns Identifier ("Participant 4711"), Full name, …,
Grade, Maximum grade, …, Last modified (grade), Feedback comments. Moodle finds the student by the Identifier and
refuses a row where Last modified (grade) is not what it has: so all other columns stay as they are.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from coursekit.grading.intake.csvfile import Table, read_table, write_table
from coursekit.grading.intake.roster import Person, Roster, of_table
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs import summary
from coursekit.grading.outputs.bad import BadOutput
from coursekit.grading.policy import rounded
from coursekit.grading.result import Mark, number
from coursekit.grading.rules import lesson_order

WHO = (("Username", "login"), ("ID number", "sis"), ("Email address", "email"))


@dataclass(frozen=True, slots=True)
class Given:
    """What the worksheet gets of a mark."""

    points: float
    max: int
    comment: str

    @classmethod
    def of(cls, mark: Mark) -> Given:
        """What it gets of this one."""
        return cls(mark.points, mark.max, "<br>".join(html.escape(line) for line in summary.lines(mark)))


def check(table: Table) -> None:
    """Whether a worksheet can be filled in.

    Raises
    ------
    BadTable: it has not the columns that Moodle reads.
    """
    for name in ("Identifier", "Grade", "Last modified (grade)"):
        table.needed(name)


def write(
    out: Path,
    lesson: str | None,
    worksheet: Path,
    marks: Iterable[Mark],
    roster: Roster | None,
    say: Callable[[str], None],
) -> list[Path]:
    """Write a worksheet with the grades of a lesson, as out/moodle-NN_topic.csv.

    Raises
    ------
    BadOutput: no lesson is named and the marks have several. BadTable: it is no worksheet.
    """
    table = read_table(worksheet)
    check(table)
    lesson = lesson or _only(marks, worksheet)
    file, people, own = out / f"moodle-{file_name(lesson)}.csv", of_table(table, "moodle"), dict[int, Given]()
    lines = dict(zip((one.student for one in people.people), people.where, strict=True))
    for mark in (one for one in marks if one.lesson == lesson):
        person = _row_of(people, mark, roster)
        if person:
            own[lines[person.student]] = Given.of(mark)
        else:
            say(
                f"{mark.student}: not in {worksheet.name}; the mark of {file_name(lesson)} is not in {file.name}"
            )
    rows = [_filled(table, row, own.get(line)) for line, row in table.rows]
    if table.rows and own:
        _tell_scale(table, own, say)
    texts = [i for i in (table.column("Full name"), table.column("Feedback comments")) if i is not None]
    return [write_table(file, [table.header, *rows], texts, table.encoding, table.delimiter)]


def write_import(file: Path, marks: Iterable[Mark], roster: Roster | None) -> Path:
    """Write a row for each student with a column for each lesson, to be mapped in Moodle's grade import."""
    order = lesson_order()
    points = {(mark.student, mark.lesson): number(mark.points) for mark in marks}
    lessons = sorted({lesson for _, lesson in points}, key=lambda topic: order.get(topic, len(order)))
    people = {student: roster.named(student) if roster else None for student, _ in points}
    ids = [(name, kind) for name, kind in WHO if any(kind in one.ids for one in people.values() if one)]
    header = ["Student", "Full name", *(name for name, _ in ids), *map(file_name, lessons)]
    rows = [header]
    for student, one in people.items():
        known = [one.ids.get(kind, "") if one else "" for _, kind in ids]
        own = [points.get((student, lesson), "") for lesson in lessons]
        rows.append([student, one.name if one else "", *known, *own])
    return write_table(file, rows, range(2 + len(ids)))


def _only(marks: Iterable[Mark], worksheet: Path) -> str:
    lessons = {mark.lesson for mark in marks}
    if len(lessons) != 1:
        raise BadOutput(
            f"there are {len(lessons)} lessons: say whose worksheet it is, as --moodle 4={worksheet}"
        )
    return lessons.pop()


def _row_of(people: Roster, mark: Mark, roster: Roster | None) -> Person | None:
    """The student of a mark. A participant number of another assignment is somebody else's, so names come first."""
    known = roster.named(mark.student) if roster else None
    if known:
        ids = [(kind, value) for kind, value in known.ids.items() if kind != "moodle"]
        found = people.find([*ids, ("name", known.name)])
        return found or (people.find([("moodle", known.ids["moodle"])]) if _blind(known) else None)
    return people.elsewhere(mark.student, None)


def _blind(person: Person) -> bool:
    return "moodle" in person.ids and not person.name


def _filled(table: Table, row: tuple[str, ...], mark: Given | None) -> list[str]:
    cells = list(row)
    if mark is None:
        return cells
    cells[table.needed("Grade")] = number(_scaled(table, row, mark))
    comments = table.column("Feedback comments")
    if comments is not None and not cells[comments]:
        cells[comments] = mark.comment
    return cells


def _scaled(table: Table, row: tuple[str, ...], mark: Given) -> float:
    most = _most(table, row)
    return rounded(Decimal(str(mark.points)) * most / mark.max) if most and mark.max else mark.points


def _most(table: Table, row: tuple[str, ...]) -> Decimal | None:
    column = table.column("Maximum grade")
    try:
        return Decimal(row[column].replace(",", ".")) if column is not None else None
    except InvalidOperation:
        return None


def _tell_scale(table: Table, own: dict[int, Given], say: Callable[[str], None]) -> None:
    for line, row in table.rows:
        most, mark = _most(table, row), own.get(line)
        if mark and most and mark.max and most != mark.max:
            say(f"{table.file.name}: the maximum is {number(float(most))} in Moodle and {mark.max} here; "
                "grades are scaled to Moodle's")  # fmt: skip
            return
