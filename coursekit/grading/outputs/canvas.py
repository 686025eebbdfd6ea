"""A gradebook export of Canvas, filled in, for Canvas' import.

The form (lib/gradebook_exporter.rb of canvas-lms): columns Student (or LastName, FirstName), ID, SIS User ID, SIS Login
ID, Integration ID, Root Account, Section, then the assignments as "Title (id)"; perhaps a row "Manual Posting"; a row
"    Points Possible"; a row for each student, with EX where they are excused and N/A where it is not assigned to them.
Only who it is and the lessons are written: another column could put back an older grade.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from coursekit.grading.csvfile import Row, Table, harmless, plain_name, read_table, write_table
from coursekit.grading.intake.roster import Roster, roster_of
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs.shared import UNLESS, BadOutput, LessonColumn, Say, column_of, decimal, earned
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
        raise BadOutput(
            f"{table.file} has no row {POSSIBLE!r}: export the gradebook from Canvas again, and leave that row in it"
        )
    for topic, name in columns.items():
        column_of(table, _titles(table), topic, name)


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
    points, most = earned(marks, people, roster, table, file, say)
    filled = [_Column(table, topic, columns.get(topic), most[topic], say) for topic in most]
    kept = [i for i, name in enumerate(table.header) if plain_name(name) in IDENTITY]
    rows = [[*(table.header[i] for i in kept), *(column.name for column in filled)]]
    for line, row in table.rows:
        cells = [column.cell(row, points.get((line, column.topic))) for column in filled]
        rows.append([*(_identity(table, row, i) for i in kept), *cells])
    for column in filled:
        column.replaced.tell(say, table, column.name)
    return [write_table(file, rows, (), table.encoding, table.delimiter)]


class _Column(LessonColumn):
    """A lesson's column: one that the export has, or a new one, from which Canvas makes an assignment."""

    def __init__(self, table: Table, topic: str, name: str | None, most: int, say: Say) -> None:
        super().__init__(table, _titles(table), topic, name, most)
        self.name = file_name(topic)
        if self.index is None:
            say(
                f"{self.name}: no column of {table.file.name} is called so. Canvas will make a new assignment{UNLESS}"
            )
            return
        possible = next(row for _, row in table.rows if _is_possible(row))
        self.name, self.possible = table.header[self.index], decimal(possible[self.index])
        if most and self.possible and self.possible != most:
            say(
                f"{self.name}: has {self.possible} points in Canvas and {most} here; marks are scaled to Canvas'"
            )

    def cell(self, row: Row, own: tuple[float, int] | None) -> str:
        """The column's cell in a row of the export: the points possible, what Canvas keeps, or a student's mark."""
        before = self.before(row)
        if _is_possible(row):
            return before or number(float(self.most))
        return before if before in KEPT else super().cell(row, own)


def _titles(table: Table) -> list[str]:
    """The title of each column that is an assignment's; nothing for other columns."""
    matches = map(ASSIGNMENT.fullmatch, table.header)
    return [match["title"] if match else "" for match in matches]


def _is_possible(row: Row) -> bool:
    return next((cell for cell in row if cell), "") == POSSIBLE


def _identity(table: Table, row: Row, i: int) -> str:
    """A cell that says who it is: ids as they are; a name `harmless`, unless it is Canvas' own ="…"."""
    cell = row[i]
    if cell == POSSIBLE:
        return f"    {cell}"
    is_name = plain_name(table.header[i]) in NAMES and not re.fullmatch(r'="[^"]*"', cell)
    return harmless(cell) if is_name else cell
