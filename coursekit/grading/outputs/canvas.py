"""A gradebook export of Canvas, filled in, for Canvas' import.

The form (lib/gradebook_exporter.rb of canvas-lms): columns Student (or LastName, FirstName), ID, SIS User ID, SIS Login
ID, Integration ID, Root Account, Section, then the assignments as "Title (id)"; perhaps a row "Manual Posting"; a row
"    Points Possible"; a row for each student, with EX where they are excused and N/A where it is not assigned to them.
Only who it is and the lessons are written: another column could put back an older grade.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from coursekit.grading.intake.csvfile import Table, harmless, plainly, write_table
from coursekit.grading.intake.roster import Roster, of_table
from coursekit.grading.intake.topics import UnknownLesson, file_name, lesson_called
from coursekit.grading.outputs.bad import BadOutput
from coursekit.grading.policy import rounded
from coursekit.grading.result import Mark, number
from coursekit.grading.rules import lesson_order

IDENTITY = (
    "student", "lastname", "firstname", "id", "sis user id", "sis login id", "integration id", "root account", "section",
)  # fmt: skip
NAMES = ("student", "lastname", "firstname", "section")
KEPT = ("EX", "N/A")
POSSIBLE = "Points Possible"
ASSIGNMENT = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)")


def check(table: Table, columns: Mapping[str, str]) -> None:
    """Whether an export can be filled in.

    Raises
    ------
    BadTable, BadOutput: it is none, or has not the columns.
    """
    table.needed("ID")
    if not any(_is_possible(row) for _, row in table.rows):
        raise BadOutput(f"{table.file} has no row {POSSIBLE!r}: is it a gradebook that Canvas exported?")
    for topic, name in columns.items():
        _column_of(table, topic, name)


def write(
    file: Path,
    table: Table,
    marks: Iterable[Mark],
    roster: Roster | None,
    columns: Mapping[str, str],
    say: Callable[[str], None],
) -> Path:
    """Write the export with a column for each lesson of the marks; a cell without a mark stays as it was."""
    check(table, columns)
    people = of_table(table, "canvas")
    lines = dict(zip((one.student for one in people.people), people.where, strict=True))
    points, most = dict[tuple[int, str], float](), dict[str, int]()
    for mark in marks:
        most[mark.lesson] = max(mark.max, most.get(mark.lesson, 0))
        person = people.elsewhere(mark.student, roster)
        if person:
            points[lines[person.student], mark.lesson] = mark.points
        else:
            say(
                f"{mark.student}: not in {table.file.name}; the mark of {file_name(mark.lesson)} is not in {file.name}"
            )
    lessons = sorted(most, key=lambda topic: lesson_order().get(topic, 99))
    filled = [_Column(table, topic, columns.get(topic), most[topic], say) for topic in lessons]
    kept = [i for i, name in enumerate(table.header) if plainly(name) in IDENTITY]
    rows = [[*(_text(table, row, i) for i in kept), *(one.cell(line, row, points) for one in filled)]
            for line, row in table.rows]  # fmt: skip
    header = [*(table.header[i] for i in kept), *(one.name for one in filled)]
    return write_table(file, [header, *rows], (), table.encoding, table.delimiter)


class _Column:
    """One lesson's column: an existing one of the export, or a new one, from which Canvas makes an assignment."""

    def __init__(
        self,
        table: Table,
        topic: str,
        name: str | None,
        most: int,
        say: Callable[[str], None],
    ) -> None:
        self.topic, self.index = topic, _column_of(table, topic, name)
        self.name = table.header[self.index] if self.index is not None else file_name(topic)
        self.most = most
        possible = next(row for _, row in table.rows if _is_possible(row))
        self.possible = _decimal(possible[self.index]) if self.index is not None else Decimal(self.most)
        if self.index is None:
            say(
                f"{file_name(topic)}: no column of {table.file.name} is called so; Canvas will make a new assignment"
            )
        elif self.possible and self.most and self.possible != self.most:
            say(
                f"{self.name}: has {self.possible} points in Canvas and {self.most} here; marks are scaled to Canvas'"
            )

    def cell(self, line: int, row: tuple[str, ...], points: Mapping[tuple[int, str], float]) -> str:
        """The column's cell in a row of the export."""
        before = row[self.index] if self.index is not None else ""
        if _is_possible(row):
            return before or number(float(self.most))
        own = points.get((line, self.topic))
        return before if own is None or before in KEPT else number(self._scaled(own))

    def _scaled(self, points: float) -> float:
        if not self.possible or not self.most:
            return points
        return rounded(Decimal(str(points)) * self.possible / self.most)


def _column_of(table: Table, topic: str, name: str | None) -> int | None:
    """The column that is a lesson's: the one that was named, else the one whose title is the lesson's, number or topic."""
    if name is not None:
        same = [i for i, one in enumerate(table.header) if name in (one, _title(one))]
    else:
        same = [i for i, one in enumerate(table.header) if _is_lesson(_title(one), topic)]
    if len(same) == 1:
        return same[0]
    if same:
        several = ", ".join(repr(table.header[i]) for i in same)
        raise BadOutput(
            f"{table.file}: {several} are all called as {topic}: say which with --canvas-column {topic}=NAME"
        )
    if name is not None:
        raise BadOutput(f"{table.file} has no column {name!r}")
    return None


def _title(column: str) -> str:
    """The title of an assignment's column; nothing for other columns."""
    said = ASSIGNMENT.fullmatch(column)
    return said["title"] if said else ""


def _is_lesson(title: str, topic: str) -> bool:
    plain = re.sub(r"^lesson_(?=\d+_)", "", "_".join(plainly(title.replace("_", " ")).split()))
    try:
        return lesson_called(plain) == topic
    except UnknownLesson:
        return False


def _is_possible(row: Sequence[str]) -> bool:
    return next((cell for cell in row if cell), "") == POSSIBLE


def _text(table: Table, row: Sequence[str], i: int) -> str:
    """A cell that says who it is: ids as they are; in a name nothing that a spreadsheet would run, save Canvas' own ="…"."""
    cell = row[i]
    if cell == POSSIBLE:
        return f"    {cell}"
    named = plainly(table.header[i]) in NAMES and not re.fullmatch(r'="[^"]*"', cell)
    return harmless(cell) if named else cell


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
