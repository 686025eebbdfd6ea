"""The course's rules: deadlines, extensions, lateness, what counts and how much. A mark says in words what was applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, TypeVar

from coursekit.grading.adjust import Adjustments, read_adjustments
from coursekit.grading.csvfile import BadTable, Row, Table, noted, read_table
from coursekit.grading.intake.names import spelled
from coursekit.grading.intake.platform_names import CANVAS
from coursekit.grading.intake.roster import Roster, number_of_days
from coursekit.grading.intake.timesheets import NO_SHEETS, Due, Timesheets
from coursekit.grading.intake.topics import lesson_called, lesson_place
from coursekit.grading.options import ALL_LESSONS, Options
from coursekit.grading.result import Item, Mark, Result, number
from coursekit.grading.rules import (
    BadRule,
    LateRule,
    duration,
    items_called,
    parse_late,
    parse_time,
    points_called,
)
from coursekit.grading.times import own_tables, zone_of

NO_RULE = LateRule(Decimal(0), "")
WANTED = (
    "nothing tells when they were handed in, or when they were due. Give --times with Moodle's grading worksheet or Canvas' "
    "submissions, or a rule for Canvas' LATE marks, such as --late 10%/day,marked=20%"
)
WANTED_MARKED = (
    "nothing tells when they were handed in, or Canvas marks them as LATE and does not know of the course's extensions. "
    "Give --times with Canvas' submissions"
)
MARKED_WITH_EXTENSION = "late, as Canvas says, which does not know of the extension of {}: nothing off"
ALL = ALL_LESSONS  # the key of a deadline or an extension for every lesson
Key = tuple[str, str]  # student, topic or ALL
Value = TypeVar("Value")


@dataclass(frozen=True)
class Policy:
    """The rules of a course. Without any, a mark is what the notebook earned."""

    deadlines: dict[str, datetime] = field(default_factory=dict)  # topic, or ALL
    late: LateRule | None = None
    extra: frozenset[tuple[str, str]] = frozenset()  # (topic, item)
    points: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # (topic, item) → its maximum; 0: it is left out
    extensions: dict[Key, timedelta] = field(default_factory=dict)
    times: dict[Key, datetime] = field(default_factory=dict)  # of handing in, as the instructor's table says
    named: tuple[tuple[str, str], ...] = ()  # (student, file and line) of each row of the instructor's tables
    adjustments: Adjustments = field(default_factory=Adjustments)
    due: Mapping[Key, Due] = field(default_factory=dict)  # as the platform says

    def marks(self, results: Callable[[], Iterable[Result]]) -> Marks:
        """The marks of the results, which each call of `results` yields by student and lesson."""
        return Marks(lambda: map(self.mark, results()))

    def mark(self, result: Result) -> Mark:
        """The mark of one notebook. A time from the instructor's table replaces the one in the result."""
        result = self._timed(result)
        words = self._weighing(result)
        result = self.adjustments.items(self._weighed(result))
        graded = [item for item in result.items if item.points is not None]
        extra = [item for item in result.items if (result.lesson, item.name) in self.extra]
        share, late = self._lateness(result)
        earned = sum((Decimal(str(item.points)) for item in graded), Decimal(0))
        most = sum(item.max for item in graded if item not in extra)
        words += [
            f"{item.name} is extra credit: {number(item.points) or 'not graded'} of {item.max}"
            for item in extra
        ]
        names = tuple(item.name for item in extra)
        return self.adjustments.total(
            Mark(result, rounded(earned * (1 - share)), most, late, ", ".join(words), extra_items=names)
        )

    def told(self) -> dict[str, Any]:
        """All rules, for the log. A course without rules has none to tell."""
        rules = {
            "deadlines": {lesson or "all": due.isoformat() for lesson, due in self.deadlines.items()},
            "late": {name: str(value) for name, value in asdict(self.late).items()} if self.late else {},
            "extensions": [[*key, str(length)] for key, length in sorted(self.extensions.items())],
            "extra": sorted(".".join(item) for item in self.extra),
            "points": {".".join(item): most for item, most in sorted(self.points.items())},
            "adjusted": self.adjustments.rows(),
        }
        return {name: rule for name, rule in rules.items() if rule}

    def deadline(self, student: str, lesson: str) -> datetime | None:
        """When a student has to hand in a lesson, with the extension.

        The platform's date counts where no rule of the course names one, and where it is a later one for this student alone.
        """
        due, platform = self.deadlines.get(lesson, self.deadlines.get(ALL)), self.due.get((student, lesson))
        if due is None:
            return platform.moment if platform else None
        due += self.extension(student, lesson)
        return max(due, platform.moment) if platform and platform.own else due

    def without_effect(self, results: Iterable[Result]) -> str:
        """A line if lateness cannot be judged, since nothing tells when notebooks were handed in; empty if it can be."""
        if not self.deadlines and not self.late:
            return ""
        marks = self.late is not None and self.late.marked is not None
        unknown = total = 0
        for result in results:
            due = self.deadline(result.student, result.lesson)
            if due or not self.deadlines:
                total += 1
                known = (due or self.due) and submitted(self._timed(result))
                unknown += not known and not (marks and self._mark_tells(result))
        if not unknown:
            return ""
        effect = "THE LATE RULES HAD NO EFFECT" if unknown == total else "The late rules had no effect"
        return f"{effect} on {unknown} of {total} notebooks: {WANTED_MARKED if marks else WANTED}"

    def extension(self, student: str, lesson: str) -> timedelta:
        """The time that a student has beyond the deadline of a lesson."""
        everywhere = self.extensions.get((student, ALL), timedelta())
        return self.extensions.get((student, lesson), everywhere)

    def _mark_tells(self, result: Result) -> bool:
        """Whether Canvas' mark, or that there is none, is enough: it does not know of an extension that the course gives."""
        mark = _late_mark(result)
        return mark is not None and not (mark and self.extension(result.student, result.lesson))

    def _weighed(self, result: Result) -> Result:
        """The result with the points that its items have in this course."""
        items = (
            _scaled(item, self.points.get((result.lesson, item.name), item.max)) for item in result.items
        )
        return replace(result, items=tuple(items))

    def _weighing(self, result: Result) -> list[str]:
        """A line for each item that does not count as its lesson says."""
        items = [(item, self.points.get((result.lesson, item.name), item.max)) for item in result.items]
        return [
            f"{item.name} counts {most} instead of {item.max}"
            if most
            else f"{item.name} is left out: it does not count"
            for item, most in items
            if most != item.max
        ]

    def _lateness(self, result: Result) -> tuple[Decimal, str]:
        """The share of the points that is taken off, and the sentence about it."""
        due, when, nothing = self.deadline(result.student, result.lesson), submitted(result), Decimal(0)
        extension = self.extension(result.student, result.lesson)
        if due is None or when is None:
            if not _late_mark(result) or not (due or self.late):
                return nothing, ""
            if extension:
                return nothing, MARKED_WITH_EXTENSION.format(duration(extension))
            return (self.late or NO_RULE).of_mark()
        if when <= due:
            return nothing, ""
        after = f", after an extension of {duration(extension)}" if extension else ""
        if self.late is None:
            return nothing, f"{duration(when - due)} late{after}: nothing off"
        share, words = self.late.applied(when - due)
        return share, words.replace(":", f"{after}:", 1)

    def _timed(self, result: Result) -> Result:
        """The result with the time of the instructor's table, where that has one."""
        time = self.times.get((result.student, result.lesson))
        return replace(result, submitted=time.isoformat()) if time else result


@dataclass(frozen=True)
class Marks(Iterable[Mark]):
    """Marks that are made at each pass over them: those of ten thousand students are never held in memory."""

    make: Callable[[], Iterator[Mark]]

    def __iter__(self) -> Iterator[Mark]:
        return self.make()


@dataclass(frozen=True)
class Course:
    """The students and the rules of the course whose class is graded."""

    roster: Roster | None = None
    policy: Policy = field(default_factory=Policy)
    sheets: Timesheets = NO_SHEETS  # the platform's tables of times
    zone: tzinfo | None = None  # of times that a platform writes without one; None: this machine's

    def with_due(self, due: Mapping[Key, Due]) -> Course:
        """The same course, which knows what the platform says about deadlines."""
        return replace(self, policy=replace(self.policy, due=due))

    def unmatched(self, students: Sequence[str]) -> list[str]:
        """Without a roster: a message for each row of the instructor's tables about somebody who handed in nothing."""
        named, known = () if self.roster else self.policy.named, {*students}
        lines = [f"{row}: nothing was handed in by {who!r}" for who, row in named if who not in known]
        return lines if self.roster else lines + self.policy.adjustments.unmatched(students)


def policy_of(options: Options, roster: Roster | None = None) -> Policy:
    """The rules that the options name.

    Raises
    ------
    BadRule, BadTable, UnknownLesson: a rule or a table makes no sense; the message says what to write. All ValueErrors.
    """
    zone = zone_of(options)
    deadlines = {lesson: parse_time(time, zone) for lesson, time in options.deadlines.items()}
    late = parse_late(options.late) if options.late else None
    if late and not deadlines and late.marked is None and not options.times and not options.moodle:
        raise BadRule("a rule for lateness needs a deadline: late after when?")
    extensions = {
        (person.student, ALL): timedelta(days=person.extension_days)
        for person in (roster.people if roster else ())
        if person.extension_days
    }
    times, named = dict[Key, datetime](), list[tuple[str, str]]()
    if options.extensions:
        table = read_table(options.extensions)
        days, lesson = table.needed("days", "extension days"), table.column("lesson")
        extensions |= _by_student(table, roster, named, lesson, lambda row: _extension(row[days]))
    for file in own_tables(options):
        table = read_table(file)
        lesson = table.needed("lesson")
        times |= _by_student(
            table, roster, named, lesson, partial(_time, table.needed("submitted", "time"), zone)
        )
    made = Adjustments()
    if options.adjust:
        made = read_adjustments(options.adjust, lambda text: _student_called(text, roster))
    extra = frozenset(item for name in options.extra for item in items_called(name))
    points = points_called(options.points, options.leave_out)
    return Policy(deadlines, late, extra, points, extensions, times, tuple(named), made)


def place_of(result: Result | Mark) -> tuple[str, tuple[int, str]]:
    """For sorting results or marks: by student, then by lesson."""
    return result.student, lesson_place(result.lesson)


def submitted(result: Result) -> datetime | None:
    """When a notebook was handed in, where that is known."""
    return parse_time(result.submitted) if result.submitted else None


def _late_mark(result: Result) -> str | None:
    """Canvas' mark of lateness: empty where a file of Canvas' has none, None where the file is not Canvas'."""
    canvas = CANVAS.fullmatch(result.file.rpartition("/")[2])
    return (canvas["late"] or "") if canvas else None


def rounded(points: Decimal) -> float:
    """Points with two decimals; a half goes up, as people round."""
    return float(points.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _scaled(item: Item, most: int) -> Item:
    """The item with another maximum, and with the same share of it."""
    if most == item.max or item.points is None:
        return replace(item, max=most)
    share, right = Decimal(str(item.points)) / item.max, Decimal(sum(item.cases)) / (len(item.cases) or 1)
    if rounded(right * item.max) == item.points:  # a third, and not the 0.33 of it that were rounded
        share = right
    return replace(item, points=rounded(share * most), max=most)


def _by_student(
    table: Table,
    roster: Roster | None,
    named: list[tuple[str, str]],
    lesson: int | None,
    read: Callable[[Row], Value],
) -> dict[Key, Value]:
    """What `read` makes of each row, by student and lesson; `named` takes each student with the file and line."""
    student, lines, values = table.needed("student"), dict[Key, int](), dict[Key, Value]()
    wrong = list[str]()
    for line, row in table.rows:
        with noted(wrong), table.errors_at(line):
            topic = lesson_called(row[lesson]) if lesson is not None and row[lesson] else ALL
            key = _student_called(row[student], roster), topic
            if (before := lines.setdefault(key, line)) != line:
                raise BadRule(f"{row[student]!r} stands in line {before}, too, for the same lesson: keep one")
            named.append((key[0], f"{table.file}, line {line}"))
            values[key] = read(row)
    if wrong:
        raise BadTable("\n".join(wrong))
    return values


def _student_called(text: str, roster: Roster | None) -> str:
    """The student whom a cell of an instructor's table means."""
    person = roster.find([("any", text)]) if roster else None
    if roster and not person:
        raise BadRule(f"{text!r} is nobody on the roster, or several students: write an id of the roster")
    return person.student if person else spelled(text)


def _time(column: int, zone: tzinfo | None, row: Row) -> datetime:
    return parse_time(row[column], zone)


def _extension(text: str) -> timedelta:
    days = number_of_days(text)
    if days is None:
        raise BadRule(f"{text!r} is no number of days")
    return timedelta(days=days)
