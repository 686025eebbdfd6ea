"""Gradebooks of Blackboard and Brightspace, and any table of students, filled in.

Blackboard (help.blackboard.com, Work Offline With Grade Data; a header in nbeaver/offline-grades-upload): the file is CSV with
all cells quoted, or has tabs and ends in .xls; it names a student by the Username, and a column as "Title [Total Pts: 10 Score]
|664617", where the last number decides. Of a title alone it makes a new column. Brightspace (community.d2l.com, Importing
grades): OrgDefinedId or Username, then "Title Points Grade", for a new item "Title Points Grade <Numeric MaxPoints:10>". Its
export writes # before ids, and # in a last column "End-of-Line Indicator".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.grading.csvfile import Table, harmless, plain_name, read_table, write_table
from coursekit.grading.intake.roster import Roster, roster_of
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs.shared import UNLESS, BadOutput, LessonColumn, Say, decimal, earned
from coursekit.grading.result import Mark


@dataclass(frozen=True)
class Form:
    """How a platform writes its gradebook."""

    platform: str
    title: re.Pattern[str]  # of a column with marks: title, perhaps most and display
    kept: frozenset[str] | None  # the columns that are written besides those of lessons; None: all
    new: Callable[
        [str, int], str
    ]  # (name of a lesson, its points) → the header of a column that is not there yet
    key: str = ""  # the column that names a student; empty: whichever there is
    quoting: int = csv.QUOTE_MINIMAL


BLACKBOARD = Form(
    "Blackboard",
    re.compile(r"(?P<title>.*?)\s*\[Total Pts: (?P<most>[\d.,]+) ?(?P<display>[^\]]*)\]\s*(\|\s*\d+)?"),
    frozenset({"last name", "first name", "username", "student id"}),
    lambda name, most: name,  # it reads no points: they are set in Blackboard
    "Username",
    csv.QUOTE_ALL,
)
BRIGHTSPACE = Form(
    "Brightspace",
    re.compile(r"(?P<title>.*?) Points Grade( <Numeric MaxPoints:(?P<most>[\d.,]+)[^>]*>)?"),
    frozenset({"orgdefinedid", "username", "end of line indicator"}),
    lambda name, most: f"{name} Points Grade <Numeric MaxPoints:{most}>",
)
SHEET = Form("the sheet", re.compile(r"(?P<title>.*)"), None, lambda name, most: name)


def check(form: Form, table: Table, columns: Mapping[str, str]) -> None:
    """Whether a gradebook can be filled in.

    Raises
    ------
    BadTable, BadOutput: it is none, or a column is missing.
    """
    if form.key:
        table.needed(form.key)
    _people(table)
    for topic, name in columns.items():
        _Column(form, table, topic, name, 0, lambda line: None)


def write(
    form: Form,
    file: Path,
    export: Path,
    marks: Iterable[Mark],
    roster: Roster | None,
    columns: Mapping[str, str],
    say: Say,
) -> list[Path]:
    """Write the gradebook with a column for each lesson of the marks; a cell without a mark stays as it was."""
    table = read_table(export)
    people = _people(table)
    points, most = earned(marks, people, roster, table, file, say)
    filled = [_Column(form, table, topic, columns.get(topic), most[topic], say) for topic in most]
    old = {column.index: column for column in filled if column.index is not None}
    new = [column for column in filled if column.index is None]
    kept = [
        i
        for i, name in enumerate(table.header)
        if i in old or form.kept is None or plain_name(name) in form.kept
    ]
    end = [kept.pop()] if kept and plain_name(table.header[kept[-1]]) == "end of line indicator" else []
    rows = [[*(table.header[i] for i in kept), *(one.name for one in new), *(table.header[i] for i in end)]]
    for line, row in table.rows:
        rows.append(
            [
                *(
                    old[i].cell(row, points.get((line, old[i].topic))) if i in old else _plain(row[i])
                    for i in kept
                ),
                *(one.cell(row, points.get((line, one.topic))) for one in new),
                *(row[i] for i in end),
            ]
        )
    for column in filled:
        column.replaced.tell(say, table, column.name)
    return [write_table(file, rows, (), table.encoding, table.delimiter, form.quoting)]


class _Column(LessonColumn):
    """A lesson's column: one that the gradebook has, or a new one."""

    def __init__(self, form: Form, table: Table, topic: str, name: str | None, most: int, say: Say) -> None:
        titles = [form.title.fullmatch(header) for header in table.header]
        super().__init__(table, [found["title"] if found else "" for found in titles], topic, name, most)
        self.name = form.new(file_name(topic), most)
        if self.index is None:
            if form.kept is not None:
                say(
                    f"{file_name(topic)}: no column of {table.file.name} is called so. "
                    f"{form.platform} will make a new one{UNLESS}"
                )
            return
        self.name = table.header[self.index]
        title = titles[self.index]
        told = title.groupdict() if title else {}
        if told.get("display") not in (None, "", "Score"):
            raise BadOutput(
                f"{self.name!r} in {table.file} shows no points: set it to Score in {form.platform}, and download it again"
            )
        self.possible = decimal(told.get("most") or "")
        if most and self.possible and self.possible != most:
            say(
                f"{self.name}: has {self.possible} points in {form.platform} and {most} here; marks are scaled to those"
            )


def _people(table: Table) -> Roster:
    """The students of the table, without rows that name nobody.

    Raises
    ------
    BadTable: no column holds an id.
    """
    named = table.column("Username", "OrgDefinedId", "Email Address", "Email")
    rows = tuple((line, row) for line, row in table.rows if named is None or row[named])
    keys = {"Username": "login", "OrgDefinedId": "sis"}
    key = next((kind for name, kind in keys.items() if table.column(name) is not None), None)
    return roster_of(replace(table, rows=rows), key or ("email" if named is not None else None))


def _plain(cell: str) -> str:
    return cell if decimal(cell) is not None else harmless(cell)
