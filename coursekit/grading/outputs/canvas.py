"""A gradebook export of Canvas, filled in, for Canvas' import.

The form (lib/gradebook_exporter.rb of canvas-lms): columns Student (or LastName, FirstName), ID, SIS User ID, SIS Login
ID, Integration ID, Root Account, Section, then the assignments as "Title (id)"; perhaps a row "Manual Posting"; a row
"    Points Possible"; a row for each student, with EX where they are excused and N/A where it is not assigned to them.
Only who it is and the lessons are written: another column could put back an older grade.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from coursekit.grading.csvfile import Row, Table, harmless, plain_name, read_table, write_table
from coursekit.grading.intake.roster import Roster, roster_of
from coursekit.grading.intake.topics import UnknownLesson, file_name, lesson_called, lesson_place
from coursekit.grading.outputs.shared import BadOutput, Say, decimal, row_of, scaled
from coursekit.grading.result import Mark, number

NAMES = ("student", "lastname", "firstname", "section")
IDENTITY = (*NAMES, "id", "sis user id", "sis login id", "integration id", "root account")
KEPT = ("EX", "N/A")
POSSIBLE = "Points Possible"
ASSIGNMENT = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)")


def check(table: Table, columns: Mapping[str, str]) -> None:
    """Whether an export can be filled in.

    Raises
    ------
    BadTable, BadOutput: it is no export, or a column is missing.
    """
    table.needed("ID")
    if not any(_is_possible(row) for _, row in table.rows):
        raise BadOutput(f"{table.file} has no row {POSSIBLE!r}: is it a gradebook that Canvas exported?")
    for topic, name in columns.items():
        _column_of(table, topic, name)


def write(
    file: Path,
    export: Path,
    marks: Iterable[Mark],
    roster: Roster | None,
    columns: Mapping[str, str],
    say: Say,
) -> list[Path]:
    """Write the export with a column for each lesson of the marks; a cell without a mark stays as it was."""
    table = read_table(export)
    check(table, columns)
    people = roster_of(table, "canvas")
    points, most = dict[tuple[int, str], tuple[float, int]](), dict[str, int]()
    for mark in marks:
        most[mark.lesson] = max(mark.max, most.get(mark.lesson, 0))
        line = row_of(mark, people.find_graded(mark.student, roster), people, table, file, say)
        if line is not None:
            points[line, mark.lesson] = mark.points, mark.max
    lessons = sorted(most, key=lesson_place)
    filled = [_Column(table, topic, columns.get(topic), most[topic], say) for topic in lessons]
    kept = [i for i, name in enumerate(table.header) if plain_name(name) in IDENTITY]
    rows = [[*(table.header[i] for i in kept), *(column.name for column in filled)]]
    for line, row in table.rows:
        cells = [column.cell(row, points.get((line, column.topic))) for column in filled]
        rows.append([*(_identity(table, row, i) for i in kept), *cells])
    return [write_table(file, rows, (), table.encoding, table.delimiter)]


class _Column:
    """A lesson's column: one that the export has, or a new one, from which Canvas makes an assignment."""

    def __init__(self, table: Table, topic: str, name: str | None, most: int, say: Say) -> None:
        self.topic, self.most, self.index = topic, most, _column_of(table, topic, name)
        self.name, self.possible = file_name(topic), None
        if self.index is None:
            say(
                f"{self.name}: no column of {table.file.name} is called so; Canvas will make a new assignment"
            )
            return
        possible = next(row for _, row in table.rows if _is_possible(row))
        self.name, self.possible = table.header[self.index], decimal(possible[self.index])
        if most and self.possible and self.possible != most:
            say(
                f"{self.name}: has {self.possible} points in Canvas and {most} here; marks are scaled to Canvas'"
            )

    def cell(self, row: Row, earned: tuple[float, int] | None) -> str:
        """The column's cell in a row of the export, for a student with these points of their own maximum.

        That is smaller where a person has left an item out for this student alone: then the others count for more.
        """
        before = row[self.index] if self.index is not None else ""
        if _is_possible(row):
            return before or number(float(self.most))
        if earned is None or before in KEPT:
            return before
        return number(scaled(*earned, self.possible or Decimal(self.most)))


def _column_of(table: Table, topic: str, name: str | None) -> int | None:
    """A lesson's column: the one with this name or title, else the one whose title is the lesson's name, number or topic."""
    titles = {i: _title(column) for i, column in enumerate(table.header)}
    if name is None:
        same = [i for i, title in titles.items() if _is_lesson(title, topic)]
    else:
        same = [i for i, title in titles.items() if name in (table.header[i], title)]
    if len(same) > 1:
        several = ", ".join(repr(table.header[i]) for i in same)
        raise BadOutput(
            f"{table.file}: {several} are all called as {topic}: say which in course.toml, below [canvas_columns]"
        )
    if not same and name is not None:
        raise BadOutput(f"{table.file} has no column {name!r}")
    return same[0] if same else None


def _title(column: str) -> str:
    """The title of an assignment's column; nothing for other columns."""
    match = ASSIGNMENT.fullmatch(column)
    return match["title"] if match else ""


def _is_lesson(title: str, topic: str) -> bool:
    plain = re.sub(r"^lesson_(?=\d+_)", "", "_".join(plain_name(title.replace("_", " ")).split()))
    try:
        return lesson_called(plain) == topic
    except UnknownLesson:
        return False


def _is_possible(row: Row) -> bool:
    return next((cell for cell in row if cell), "") == POSSIBLE


def _identity(table: Table, row: Row, i: int) -> str:
    """A cell that says who it is: ids as they are; a name `harmless`, unless it is Canvas' own ="…"."""
    cell = row[i]
    if cell == POSSIBLE:
        return f"    {cell}"
    is_name = plain_name(table.header[i]) in NAMES and not re.fullmatch(r'="[^"]*"', cell)
    return harmless(cell) if is_name else cell
