"""Who takes the course: a CSV of students, as Canvas, Moodle or Gradescope export it or as you keep it yourself."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from coursekit.grading.intake.csvfile import BadTable, Table, read_table
from coursekit.grading.intake.names import comparable, safe_name, squashed, turned, turns

KINDS = {  # kind of id → the columns that hold it; the first kind that a roster has names the students
    "student": ("student id", "student", "student number", "matriculation number"),
    "login": ("sis login id", "login id", "login", "username", "user name"),
    "sis": ("sis user id", "sid", "id number", "idnumber"),
    "canvas": ("id", "canvas id", "canvas user id"),
    "email": ("email", "email address", "e mail"),
    "moodle": ("identifier", "participant number"),
}
BY_NAME = ("name", "squashed", "grouped")
NAMES = ("full name", "name", "student name", "display name")
FIRST, LAST = ("first name", "firstname", "given name"), ("last name", "lastname", "surname", "family name")
SECTIONS = ("section", "sections", "group", "groups")
EXTENSION = ("extension days", "extension")
STAFF = {"instructor", "teacher", "ta", "grader", "reader", "observer", "designer", "manager", "professor"}


@dataclass(frozen=True)
class Person:
    """A student of the course."""

    student: str  # what the results call them
    name: str = ""
    section: str = ""
    ids: dict[str, str] = field(default_factory=dict)  # kind → id
    extension_days: float = 0.0

    @property
    def email(self) -> str:
        return self.ids.get("email", "")


@dataclass(frozen=True)
class Roster:
    """The students of the course, found by whatever a file name tells of them."""

    people: tuple[Person, ...]
    lines: tuple[str, ...] = ()  # what was passed over in the file
    where: tuple[int, ...] = ()  # the line of each student in it

    def find(self, clues: Iterable[tuple[str, str]]) -> Person | None:
        """The one student whom the first telling clue means; a clue is (kind of id, "name" or "any", value).

        A name means nobody of whom the roster knows another number than the clues tell.
        """
        clues = list(clues)
        for kind, value in clues:
            kinds = ("self", *KINDS, "name", "squashed") if kind == "any" else (kind,)
            for one in kinds:
                people = self._index.get((one, comparable(one, value)), [])
                if value and len(people) == 1 and not (one in BY_NAME and _contradicted(people[0], clues)):
                    return people[0]
        return None

    def agreeing(self, readings: Iterable[tuple[str, str]]) -> Person | None:
        """The one student of whom both the name and Canvas' id stand in one of the readings of a file's name."""
        found = [(name, self.find([("canvas", number)])) for name, number in readings]
        agree = {one.student: one for name, one in found if one and squashed(name) in turns(one.name)}
        return agree.popitem()[1] if len(agree) == 1 else None

    def named(self, student: str) -> Person | None:
        """The student whom the results call so."""
        return self.find([("self", student)])

    def elsewhere(self, student: str, course: Roster | None) -> Person | None:
        """The student of this table whom the results of a course call so; `course` is the course's own roster."""
        known = course.named(student) if course else None
        if known:
            return self.find([*known.ids.items(), ("name", known.name)])
        name, _, number = student.rpartition("_")  # without a roster, what Canvas or Moodle call them
        one = self.find([("canvas", number)])
        if one and self.find([("squashed", name)]) in (
            one,
            None,
        ):  # the id alone decides, unless it is another's name
            return one
        one = self.find([("moodle", number)])
        if one and (not one.name or comparable("name", name) == comparable("name", one.name)):
            return one
        return self.find([("any", student)])

    @cached_property
    def _index(self) -> dict[tuple[str, str], list[Person]]:
        index: dict[tuple[str, str], list[Person]] = {}
        for one in self.people:
            known = {("self", one.student), *one.ids.items(), ("name", one.name)}
            keys = {(kind, comparable(kind, value)) for kind, value in known if value}
            keys |= {("squashed", turn) for turn in turns(one.name)}
            groups = filter(None, map(str.strip, one.section.split(",")))
            keys |= {("grouped", comparable("grouped", f"{group}-{one.name}")) for group in groups}
            for kind, key in keys:
                index.setdefault((kind, key), []).append(one)
        return index


def _contradicted(person: Person, clues: Iterable[tuple[str, str]]) -> bool:
    known = person.ids
    return any(
        comparable(kind, known[kind]) != comparable(kind, value)
        for kind, value in clues
        if kind in ("canvas", "moodle") and kind in known
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The option that names the roster."""
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="FILE",
        help="a CSV of the course's students: names, ids, and a row for who submitted nothing",
    )


def of_options(options: argparse.Namespace) -> Roster | None:
    """The roster that the command line names.

    Raises
    ------
    BadTable: it cannot be used.
    """
    file = getattr(options, "roster", None)
    return read_roster(file) if file else None


def read_roster(file: Path) -> Roster:
    """The roster in a CSV file.

    Raises
    ------
    BadTable: no column names an id; an id is missing, stands twice, or is another's in other case; a bad extension.
    """
    return of_table(read_table(file))


def of_table(table: Table, key: str | None = None) -> Roster:
    """The roster that a table holds; rows that are no students (points possible, staff) are passed over.

    Students are called by the first kind of id that the table has, or by the kind `key`.

    Raises
    ------
    BadTable: as `read_roster`.
    """
    columns = _columns(table, key)
    if not columns:
        raise BadTable(
            f"{table.file} has no column of ids: expected is one of student, login, SIS Login ID, SID, ID, Email"
        )
    people, lines, where = list[Person](), list[str](), list[int]()
    seen: dict[tuple[str, str], int] = {}
    for line, row in table.rows:
        if _is_no_student(table, row):
            continue
        if (role := _role(table, row)) in STAFF:
            lines.append(f"{table.file}, line {line}: passed over, the role is {role}")
            continue
        one = _person(table, line, row, columns)
        for kind, value in {"self": one.student, **one.ids}.items():
            before = seen.setdefault((kind, value.casefold()), line)
            if before != line:
                raise BadTable(
                    f"{table.file}, line {line}: {value!r} stands in line {before}, too; ids must differ"
                )
        people.append(one)
        where.append(line)
    if not people:
        raise BadTable(f"{table.file} names no student")
    return Roster(tuple(people), tuple(lines), tuple(where))


def _columns(table: Table, key: str | None) -> dict[str, int]:
    found = {kind: table.column(*names) for kind, names in KINDS.items()}
    if table.column("student") is not None and found["student"] == table.column("student"):
        others = [found[kind] for kind in ("login", "sis", "canvas")]
        if any(column is not None for column in others):
            found["student"] = None  # Canvas' gradebook: there it is the name
    kinds = sorted(found, key=lambda kind: kind != key)
    return {kind: column for kind in kinds if (column := found[kind]) is not None}


def _person(table: Table, line: int, row: tuple[str, ...], columns: dict[str, int]) -> Person:
    ids = {kind: row[column] for kind, column in columns.items() if row[column]}
    if "moodle" in ids:  # "Participant 4711"
        ids["moodle"] = re.sub(r"\D", "", ids["moodle"]) or ids["moodle"]
    key = next(iter(columns))
    if key not in ids:
        raise BadTable(
            f"{table.file}, line {line}: no {table.header[columns[key]]!r}; each student needs one"
        )
    section = table.column(*SECTIONS)
    return Person(
        safe_name(row[columns[key]]),
        _name(table, row, columns),
        row[section] if section is not None else "",
        ids,
        _days(table, line, row),
    )


def _name(table: Table, row: tuple[str, ...], columns: dict[str, int]) -> str:
    whole, first, last = table.column(*NAMES), table.column(*FIRST), table.column(*LAST)
    if whole is None and "student" not in columns:
        whole = table.column("student")
    if whole is not None and row[whole]:
        return turned(row[whole])
    return " ".join(row[column] for column in (first, last) if column is not None and row[column])


def _days(table: Table, line: int, row: tuple[str, ...]) -> float:
    column = table.column(*EXTENSION)
    text = row[column] if column is not None else ""
    try:
        days = float(text.replace(",", ".") or 0)
    except ValueError:
        days = -1.0
    if not 0 <= days <= 3650:
        raise BadTable(
            f"{table.file}, line {line}: an extension of {text!r} days; expected is a number such as 3"
        )
    return days


def _role(table: Table, row: tuple[str, ...]) -> str:
    column = table.column("role", "roles")
    return row[column].casefold() if column is not None else ""


def _is_no_student(table: Table, row: tuple[str, ...]) -> bool:
    """Whether it is one of the rows that Canvas puts among the students."""
    first = next((cell for cell in row if cell), "")
    return first in ("Points Possible", "Student, Test", "Manual Posting") or set(row) <= {
        "",
        "Manual Posting",
    }
