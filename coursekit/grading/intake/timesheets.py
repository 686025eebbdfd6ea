"""When notebooks were handed in and when they were due, from the tables that platforms give besides the notebooks.

- Moodle's grading worksheet (mod/assign/gradingtable.php): *Last modified (submission)*, in newer versions *Due date*, and in
  *Status* such parts as "1 day 2 hours late" and "Extension granted until: …"; dates as Moodle shows them, without a zone.
- Canvas' submissions as its API gives them (doc/api/submissions of canvas-lms: GET …/assignments/:id/submissions): user_id,
  submitted_at, late, seconds_late, late_policy_status, points_deducted, attachments, and cached_due_date, the student's own date.
- GitHub Classroom's grades (*Download*, or `gh classroom assignment-grades`): github_username, submission_timestamp.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from coursekit.grading.csvfile import BadTable, Table, read_table
from coursekit.grading.intake.platform_names import time_in
from coursekit.grading.intake.roster import Person, Roster, roster_of
from coursekit.grading.intake.topics import topic_named

MAX_BYTES = 200 << 20
GUARD = b"while(1);"  # before what Canvas answers to a browser (app/controllers/application_controller.rb)
MOODLE_TIME, GITHUB_TIME = "Last modified (submission)", "submission_timestamp"
EXTENSION = re.compile(r"Extension granted until: (?P<time>.+)")
LATE = re.compile(r"(?P<length>(?:\d+ [a-z]+ ?)+) late\b")
PART = re.compile(r"(?P<number>\d+) (?P<unit>[a-z]+)")
SECONDS = {
    "sec": 1,
    "min": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_800,
    "year": 31_557_600,
}
NEVER_LATE = ("none", "extended")  # late_policy_status: somebody has decided so in Canvas
HERE = (
    "times without a zone are taken as this machine's: write timezone into course.toml, such as Europe/Berlin"
)
UNSAID = ("", "-")
DATE_FORMAT = "%d/%m/%Y, %H:%M"  # an example


@dataclass(frozen=True)
class Due:
    """When a student's work was due, as the platform says."""

    moment: datetime
    own: bool = False  # it is not the date of the class: an extension
    exact: bool = True  # not only computed from "1 day 2 hours late"


@dataclass(frozen=True)
class Stamp:
    """What a platform says about one student's work of one lesson."""

    topic: str | None  # None: of the only lesson that is graded
    submitted: datetime | None = None
    due: Due | None = None


@dataclass(frozen=True)
class Timesheet:
    """One table: its students, and by student what it says of each lesson."""

    file: Path
    people: Roster
    stamps: dict[str, list[Stamp]]
    lines: tuple[str, ...] = ()  # for the instructor

    @property
    def topics(self) -> set[str | None]:
        return {stamp.topic for stamps in self.stamps.values() for stamp in stamps}


@dataclass(frozen=True)
class Timesheets:
    """All the tables of a run."""

    sheets: Sequence[Timesheet] = ()

    def check(self, topics: set[str]) -> None:
        """Raises BadTable where there are several lessons, and a table does not say which it is about."""
        for sheet in self.sheets:
            if None in sheet.topics and len(topics) > 1:
                say = f"say whose times these are, as --times 4={sheet.file}"
                raise BadTable(f"{sheet.file}: there are {len(topics)} lessons: {say}")

    def find(self, topic: str, clues: Iterable[tuple[str, str]]) -> Stamp | None:
        """What is known about the work of the student whom the clues mean."""
        clues = list(clues)
        for sheet in self.sheets:
            if (person := sheet.people.find(clues)) is None:
                continue
            for stamp in sheet.stamps.get(person.student, ()):
                if stamp.topic in (topic, None):
                    return stamp
        return None


NO_SHEETS = Timesheets()


def is_timesheet(file: Path) -> bool:
    """Whether a file is a platform's table, and not one that somebody keeps for --times.

    Raises
    ------
    BadTable: it cannot be read.
    """
    if _is_json(file):
        return True
    table = read_table(file)
    return table.column(MOODLE_TIME, GITHUB_TIME) is not None


def _is_json(file: Path) -> bool:
    """Whether a file is JSON, and no table: by its ending, or because it begins as Canvas' answers do."""
    try:
        with file.open("rb") as opened:
            return file.suffix.lower() == ".json" or opened.read(20).lstrip().startswith((b"[{", GUARD))
    except OSError:
        return False  # reading the table says why


def read_timesheet(file: Path, topic: str | None, zone: tzinfo | None, form: str | None = None) -> Timesheet:
    """A platform's table. `zone` and `form` are those of its times, as `platform_names.time_in` takes them.

    Raises
    ------
    BadTable: it cannot be read, or a time in it cannot.
    """
    if _is_json(file):
        sheet = _of_canvas(file, topic)
    else:
        table = read_table(file)
        if table.column(GITHUB_TIME) is not None:
            sheet = _of_github(table, topic)
        else:
            sheet = _of_moodle(table, topic, zone, form)
    usual = Counter(
        (stamp.topic, stamp.due.moment)
        for stamps in sheet.stamps.values()
        for stamp in stamps
        if stamp.due and stamp.due.exact
    )
    most = {topic: moment for (topic, moment), _ in reversed(usual.most_common())}
    stamps = {student: [_marked(stamp, most) for stamp in own] for student, own in sheet.stamps.items()}
    return replace(sheet, stamps=stamps)


def _marked(stamp: Stamp, usual: dict[str | None, datetime]) -> Stamp:
    """The stamp, with its due date known as the student's own where it is later than the one of the class."""
    if stamp.due and stamp.due.exact and stamp.due.moment > usual[stamp.topic]:
        return replace(stamp, due=replace(stamp.due, own=True))
    return stamp


def _of_moodle(table: Table, topic: str | None, zone: tzinfo | None, form: str | None) -> Timesheet:
    people, column = roster_of(table, "moodle"), table.needed(MOODLE_TIME)
    students = {line: student for student, line in people.where.items()}

    def read(text: str, line: int) -> datetime | None:
        if text.strip() in UNSAID:
            return None
        if found := time_in(text, zone, form):
            return found
        how = f"{form!r}, date_format in course.toml, does not fit it"
        if not form:
            how = f"write date_format into course.toml, such as {DATE_FORMAT!r}"
        raise BadTable(f"{table.file}, line {line}: {text!r} is a time that cannot be read: {how}")

    stamps = dict[str, list[Stamp]]()
    for line, row in table.rows:
        if line not in students:
            continue
        status, when = table.cell(row, "Status"), read(row[column], line)
        due = read(table.cell(row, "Due date"), line)
        granted, late = EXTENSION.search(status), LATE.search(status)
        known = Due(due) if due else None
        if granted and (extended := read(granted["time"], line)):
            known = Due(extended, own=True)
        elif when and due is None and late:
            known = Due(when - _length(late["length"]), exact=False)
        stamps[students[line]] = [Stamp(topic, when, known)]
    return Timesheet(table.file, people, stamps, (HERE,) if zone is None else ())


def _length(text: str) -> timedelta:
    """A length of time as Moodle writes it: 1 day 2 hours, 3 mins 31 secs."""
    parts = ((int(part["number"]), part["unit"].rstrip("s")) for part in PART.finditer(text))
    return timedelta(seconds=sum(number * SECONDS.get(unit, 0) for number, unit in parts))


def _of_github(table: Table, topic: str | None) -> Timesheet:
    people, stamps = roster_of(table, "github"), dict[str, list[Stamp]]()
    column, named = table.needed(GITHUB_TIME), table.column("assignment_name")
    students = {line: student for student, line in people.where.items()}
    for line, row in table.rows:
        if line in students and row[column] not in UNSAID:
            lesson = topic or (topic_named(row[named]) if named is not None else None)
            stamps[students[line]] = [Stamp(lesson, _instant(row[column], f"{table.file}, line {line}"))]
    return Timesheet(table.file, people, stamps)


def _of_canvas(file: Path, topic: str | None) -> Timesheet:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BadTable(f"{file} has more than {MAX_BYTES >> 20} MB")
        data = json.loads(file.read_bytes().strip().removeprefix(GUARD))
    except OSError as error:
        raise BadTable(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise BadTable(
            f"{file} holds no JSON: expected is what Canvas' API gives for …/submissions"
        ) from None
    people, stamps, deducted = dict[str, Person](), dict[str, list[Stamp]](), 0
    for entry in _entries(data):
        user = entry["user"] if isinstance(entry.get("user"), dict) else {}
        student = str(entry["user_id"])
        ids = {"canvas": student, "sis": user.get("sis_user_id"), "login": user.get("login_id")}
        known = {kind: str(value) for kind, value in ids.items() if value}
        people[student] = Person(student, str(user.get("name") or ""), "", known)
        deducted += bool(entry.get("points_deducted"))
        stamps.setdefault(student, []).append(_stamp(entry, topic, str(file)))
    if not people:
        raise BadTable(f"{file} names no student: expected is what Canvas' API gives for …/submissions")
    lines = []
    if deducted:
        lines.append(
            f"{file}: Canvas' own late policy has taken points off {deducted} submissions: with --late here, they are taken "
            "twice. Use one of the two"
        )
    return Timesheet(file, Roster(tuple(people.values())), stamps, tuple(lines))


def _entries(data: Any) -> Iterator[dict[str, Any]]:
    """The submissions in a list, also where they are grouped by student."""
    for entry in data if isinstance(data, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("submissions"), list):
            yield from _entries(entry["submissions"])
        elif isinstance(entry, dict) and entry.get("user_id"):
            yield entry


def _stamp(entry: dict[str, Any], topic: str | None, where: str) -> Stamp:
    files, assignment = entry.get("attachments") or [], entry.get("assignment") or {}
    names = [str(file.get("display_name")) for file in files if isinstance(file, dict)]
    names += [str(assignment.get("name"))] if isinstance(assignment, dict) else []
    lesson = topic or next(filter(None, (topic_named(Path(name).stem) for name in names)), None)
    submitted, due = entry.get("submitted_at"), entry.get("cached_due_date")
    when = _instant(submitted, where) if submitted else None
    moment = _instant(due, where) if due else None
    if when and moment is None and entry.get("late") and (seconds := entry.get("seconds_late")):
        return Stamp(lesson, when, Due(when - timedelta(seconds=float(seconds)), exact=False))
    if when and entry.get("late_policy_status") in NEVER_LATE:
        return Stamp(lesson, when, Due(max(when, moment or when), own=True))
    return Stamp(lesson, when, Due(moment) if moment else None)


def _instant(text: Any, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text).strip().replace(" UTC", "+00:00"))
    except ValueError:
        raise BadTable(f"{where}: {text!r} is no time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
