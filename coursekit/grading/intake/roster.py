"""Who takes the course: a CSV of students, as Canvas, Moodle or Gradescope export it or as you keep it yourself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from coursekit.grading.csvfile import BadTable, Row, Table, read_table
from coursekit.grading.intake.names import safe_name, spelled

KINDS = {  # kind of id → the columns that hold it; the first kind that a roster has names the students
    "student": ("student id", "student", "student number", "matriculation number", "roster identifier"),
    "login": ("sis login id", "login id", "login", "username", "user name"),
    "sis": ("sis user id", "sid", "id number", "idnumber"),
    "canvas": ("id", "canvas id", "canvas user id"),
    "email": ("email", "email address", "e mail"),
    "github": ("github username", "github login", "github"),
    "moodle": ("identifier", "participant number"),
}
BY_NAME = ("name", "squashed", "grouped")
NAMES = ("full name", "name", "student name", "display name")
FIRST, LAST = ("first name", "firstname", "given name"), ("last name", "lastname", "surname", "family name")
SECTIONS = ("section", "sections", "group", "groups")
EXTENSION = ("extension days", "extension")
STAFF = {"instructor", "teacher", "ta", "grader", "reader", "observer", "designer", "manager", "professor"}
NOT_STUDENTS = ("Points Possible", "Student, Test", "Manual Posting")  # rows that Canvas adds to an export
MAX_DAYS = 3650  # of an extension


@dataclass(frozen=True)
class Person:
    """A student of the course."""

    student: str  # their name in the results
    name: str = ""
    section: str = ""
    ids: dict[str, str] = field(default_factory=dict)  # kind → id
    extension_days: float = 0.0
    surname: str = ""  # as the file has it; empty where it has whole names alone


@dataclass(frozen=True)
class Roster:
    """The students of the course, who can be found by any id or name that a file name holds."""

    people: tuple[Person, ...]
    lines: tuple[str, ...] = ()  # messages about rows that were skipped
    where: dict[str, int] = field(default_factory=dict)  # student → the line of the file

    def find(self, clues: Iterable[tuple[str, str]]) -> Person | None:
        """The student of the first clue that fits exactly one person; a clue is (kind of id, "name" or "any", value).

        A name does not count for a person who has other numbers in the roster than the clues say.
        """
        clues = list(clues)
        for kind, value in clues:
            for known in ("self", *KINDS, "name", "squashed") if kind == "any" else (kind,):
                people = self._index.get((known, _comparable(known, value)), []) if value else []
                if len(people) == 1 and not (known in BY_NAME and _contradicted(people[0], clues)):
                    return people[0]
        return None

    def find_by_readings(self, readings: Iterable[tuple[str, str]]) -> Person | None:
        """The only student with both the name and the Canvas id of one of these readings of a file's name."""
        found = [(name, self.find([("canvas", number)])) for name, number in readings]
        agree = {
            person.student: person
            for name, person in found
            if person and _squashed(name) in _squashed_orders(person.name)
        }
        return agree.popitem()[1] if len(agree) == 1 else None

    def named(self, student: str) -> Person | None:
        """The person with this name in the results."""
        return self.find([("self", student)])

    def find_graded(self, student: str, course: Roster | None) -> Person | None:
        """The person of this table who has the name `student` in the results; `course` is the course's own roster."""
        if course and (known := course.named(student)):
            return self.find([*known.ids.items(), ("name", known.name)])
        name, _, number = student.rpartition("_")  # how Canvas and Moodle name a student, without a roster
        person = self.find([("canvas", number)])
        if person and self.find([("squashed", name)]) in (
            person,
            None,
        ):  # it is not the name of somebody else
            return person
        person = self.find([("moodle", number)])
        if person and (not person.name or _comparable("name", name) == _comparable("name", person.name)):
            return person
        return self.find([("any", student)])

    @cached_property
    def _index(self) -> dict[tuple[str, str], list[Person]]:
        index: dict[tuple[str, str], list[Person]] = {}
        for person in self.people:
            groups = filter(None, map(str.strip, person.section.split(",")))
            known = {("self", person.student), *person.ids.items(), ("name", person.name)}
            known |= {("grouped", f"{group}-{person.name}") for group in groups}
            keys = {(kind, _comparable(kind, value)) for kind, value in known if value}
            keys |= {("squashed", name) for name in _squashed_orders(person.name)}
            for key in keys:
                index.setdefault(key, []).append(person)
        return index


def person_of(student: str, roster: Roster | None) -> Person:
    """The person with this name in the results; where no roster has it, a person of whom only this name is known."""
    return (roster.named(student) if roster else None) or Person(student)


def read_roster(file: Path) -> Roster:
    """The roster in a CSV file.

    Raises
    ------
    BadTable: no column names an id; an id is missing, stands twice, or is another's in other case; a bad extension.
    """
    return roster_of(read_table(file))


def roster_of(table: Table, key: str | None = None) -> Roster:
    """The roster that a table holds; rows that are not students (points possible, staff) are skipped.

    The results name students by the first kind of id that the table has, or by the kind `key`.

    Raises
    ------
    BadTable: as `read_roster`.
    """
    columns = _id_columns(table, key)
    if not columns:
        raise BadTable(
            f"{table.file} has no column of ids: expected is one of student, login, SIS Login ID, SID, ID, Email"
        )
    people, lines, where = list[Person](), list[str](), dict[str, int]()
    seen: dict[tuple[str, str], int] = {}
    for line, row in table.rows:
        first = next((cell for cell in row if cell), "")
        if first in NOT_STUDENTS or set(row) <= {"", "Manual Posting"}:
            continue
        if (role := table.cell(row, "role", "roles").casefold()) in STAFF:
            lines.append(f"{table.file}, line {line}: passed over, the role is {role}")
            continue
        with table.errors_at(line):
            person = _person(table, row, columns)
            for kind, value in {"self": person.student, **person.ids}.items():
                if (before := seen.setdefault((kind, value.casefold()), line)) != line:
                    raise ValueError(f"{value!r} stands in line {before}, too; ids must differ")
        people.append(person)
        where[person.student] = line
    if not people:
        raise BadTable(f"{table.file} names no student")
    return Roster(tuple(people), tuple(lines), where)


def number_of_days(text: str) -> float | None:
    """The number of days that a text says, or None."""
    try:
        days = float(text.replace(",", "."))
    except ValueError:
        return None
    return days if 0 <= days <= MAX_DAYS else None


def _id_columns(table: Table, key: str | None) -> dict[str, int]:
    """Kind of id → its column; first the kind that names the students."""
    found = {kind: table.column(*names) for kind, names in KINDS.items()}
    others = [found[kind] for kind in ("login", "sis", "canvas") if found[kind] is not None]
    if others and found["student"] == table.column("student"):
        found["student"] = None  # Canvas' gradebook: there "Student" is the name
    if found["github"] is not None and found["student"] is None:
        found["student"], found["moodle"] = found["moodle"], None  # GitHub Classroom's roster: its own id
    kinds = sorted(found, key=lambda kind: kind != key)
    return {kind: column for kind in kinds if (column := found[kind]) is not None}


def _person(table: Table, row: Row, columns: dict[str, int]) -> Person:
    ids = {kind: row[column] for kind, column in columns.items() if row[column]}
    if "moodle" in ids:  # "Participant 4711"
        ids["moodle"] = re.sub(r"\D", "", ids["moodle"]) or ids["moodle"]
    key, column = next(iter(columns.items()))
    if key not in ids:
        raise ValueError(f"no {table.header[column]!r}; each student needs one")
    extension = table.cell(row, *EXTENSION)
    days = number_of_days(extension or "0")
    if days is None:
        raise ValueError(f"an extension of {extension!r} days; expected is a number such as 3")
    whole = table.cell(row, *NAMES, *([] if "student" in columns else ["student"]))
    parts = [table.cell(row, *FIRST), table.cell(row, *LAST)]
    name = _first_name_first(whole) if whole else " ".join(filter(None, parts))
    surname = parts[1] or (whole.partition(",")[0].strip() if whole not in ("", name) else "")
    return Person(safe_name(row[column]), name, table.cell(row, *SECTIONS), ids, days, surname)


def _contradicted(person: Person, clues: Iterable[tuple[str, str]]) -> bool:
    """Whether the clues hold a number of Canvas or Moodle that is not this person's."""
    numbers = [(kind, value) for kind, value in clues if kind in ("canvas", "moodle") and kind in person.ids]
    return any(_comparable(kind, person.ids[kind]) != _comparable(kind, value) for kind, value in numbers)


def _first_name_first(name: str) -> str:
    """ "Smith, Ann" → "Ann Smith"."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name


def _comparable(kind: str, value: str) -> str:
    """An id or a name for comparing: case does not count, nor does the order of a name's words."""
    if kind == "squashed":
        return _squashed(value)
    if kind == "name":
        return " ".join(sorted(re.findall(r"\w+", unicodedata.normalize("NFC", value).casefold())))
    return spelled(value).strip().casefold()


def _squashed(name: str) -> str:
    """A name as Canvas puts it into file names: lower case, letters, digits and underscores alone."""
    return re.sub(r"\W", "", unicodedata.normalize("NFC", name).lower())


def _squashed_orders(name: str) -> set[str]:
    """A name squashed with each of its words in first place: annmariasmith, mariasmithann, smithannmaria."""
    words = [word for word in map(_squashed, name.split()) if word]
    return {"".join([*words[i:], *words[:i]]) for i in range(len(words))}
