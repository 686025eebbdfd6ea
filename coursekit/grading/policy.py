"""The course's rules: deadlines, extensions, a penalty for lateness, extra credit. What was applied is said in words."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from coursekit.grading import rules
from coursekit.grading.intake.csvfile import Table, read_table
from coursekit.grading.intake.layouts import canvas_name
from coursekit.grading.intake.names import spelled
from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.roster import of_options as roster_of_options
from coursekit.grading.intake.topics import lesson_called
from coursekit.grading.result import Item, Mark, Result, number
from coursekit.grading.rules import BadRule, LateRule, parse_extra, parse_late, parse_time

ALL = ""  # the key of a deadline for every lesson
Key = tuple[str, str]  # student, topic or ALL


@dataclass(frozen=True)
class Policy:
    """The rules of a course. Without any, a mark is what the notebook earned."""

    deadlines: dict[str, datetime] = field(default_factory=dict)  # topic, or ALL
    late: LateRule | None = None
    extra: frozenset[tuple[str, str]] = frozenset()  # (topic, item)
    extensions: dict[tuple[str, str], timedelta] = field(default_factory=dict)  # (student, topic or ALL)
    times: dict[tuple[str, str], datetime] = field(default_factory=dict)  # (student, topic), told by you
    told_of: tuple[tuple[str, str], ...] = ()  # the students in your tables, each with its file and line

    def marks(self, results: Iterable[Result]) -> list[Mark]:
        """One mark for each student and lesson, of the notebook that was handed in last; by student and lesson."""
        return [*self.last(sorted(results, key=rules.place_of))]

    def last(self, results: Iterable[Result]) -> Iterator[Mark]:
        """The same of results that come by student and lesson, without holding any.

        Raises
        ------
        ValueError: they come in another order.
        """
        before = None
        for place, own in itertools.groupby(results, rules.place_of):
            if before is not None and place < before:
                raise ValueError(f"results out of order: {place} after {before}")
            before = place
            yield self.mark(
                max(own, key=self._when)
            )  # several only where shards were collected apart; of equals the first

    def mark(self, result: Result) -> Mark:
        """What the rules make of one notebook. A time that you told stands in the mark's result."""
        told = self.times.get((result.student, result.lesson))
        result = replace(result, submitted=told.isoformat()) if told else result
        extra = [item for item in result.items if (result.lesson, item.name) in self.extra]
        most = sum(item.max for item in result.items if item.points is not None and item not in extra)
        share, words = self._lateness(result)
        points = rounded(_earned(result.items) * (1 - share))
        return Mark(result, points, most, words, _said(extra), tuple(item.name for item in extra))

    def deadline(self, student: str, lesson: str) -> datetime | None:
        """When a student has to hand in a lesson, with the extension."""
        due = self.deadlines.get(lesson, self.deadlines.get(ALL))
        return due + self.extension(student, lesson) if due else None

    def extension(self, student: str, lesson: str) -> timedelta:
        """What a student was given beyond the deadline of a lesson."""
        own = self.extensions.get((student, lesson))
        return own if own is not None else self.extensions.get((student, ALL), timedelta())

    def submitted(self, result: Result) -> datetime | None:
        """When a notebook was handed in, where that is known."""
        return parse_time(result.submitted) if result.submitted else None

    def _when(self, result: Result) -> datetime:
        return self.submitted(result) or datetime.min.replace(tzinfo=UTC)

    def _lateness(self, result: Result) -> tuple[Decimal, str]:
        """The share of the points that is taken off, and what is said of it."""
        due, when = self.deadline(result.student, result.lesson), self.submitted(result)
        if due is None:
            return Decimal(0), ""
        if when is None:
            named = canvas_name(result.file.rpartition("/")[2])
            if named and named.late:
                return Decimal(0), "late, as Canvas says; by how much is not known: nothing off"
            return Decimal(0), "handed in at an unknown time: not counted as late"
        if when <= due:
            return Decimal(0), ""
        given = self.extension(result.student, result.lesson)
        after = f", after an extension of {rules.duration(given)}" if given else ""
        if self.late is None:
            return Decimal(0), f"{rules.duration(when - due)} late{after}: nothing off"
        share, words = self.late.applied(when - due)
        return share, words.replace(":", f"{after}:", 1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that name the rules."""
    rule = parser.add_argument_group("rules of the course")
    add = rule.add_argument
    add(
        "--deadline",
        action="append",
        default=[],
        metavar="TIME",
        help="2026-12-01T23:59+01:00 for all lessons, LESSON=TIME for one (repeat), or a CSV with lesson and deadline",
    )
    add("--late", metavar="RULE", help="what lateness costs: 10%%/day, or 10%%/day,max=50%%,grace=15min")
    add(
        "--extensions",
        type=Path,
        metavar="FILE",
        help="a CSV with student, days and perhaps lesson (a roster's column extension_days does it, too)",
    )
    add(
        "--times",
        type=Path,
        metavar="FILE",
        help="a CSV with student, lesson and submitted, which is believed",
    )
    add(
        "--extra",
        action="append",
        default=[],
        metavar="NAME",
        help="an exercise or question (or lesson.exercise) that is extra credit: its points count, the maximum does not",
    )


def of_options(options: argparse.Namespace, roster: Roster | None = None) -> Policy:
    """The rules that the command line names; the roster is read where it is not given.

    Raises
    ------
    BadRule, BadTable, UnknownLesson: a rule or a table makes no sense; the message says what to write. All ValueErrors.
    """
    roster = roster or roster_of_options(options)
    deadlines: dict[str, datetime] = {}
    for text in options.deadline:
        deadlines.update(_deadlines(text))
    if options.late and not deadlines:
        raise BadRule("--late needs a --deadline: late after when?")
    people = roster.people if roster else ()
    extensions = {
        (one.student, ALL): timedelta(days=one.extension_days) for one in people if one.extension_days
    }
    told_of, times = list[tuple[str, str]](), dict[tuple[str, str], datetime]()
    if options.extensions:
        extensions |= _extensions(read_table(options.extensions), roster, told_of)
    if options.times:
        times = _times(read_table(options.times), roster, told_of)
    late = parse_late(options.late) if options.late else None
    return Policy(deadlines, late, parse_extra(options.extra), extensions, times, tuple(told_of))


def marks(results: Iterable[Result]) -> list[Mark]:
    """The last result of each student and lesson, without any rules."""
    return Policy().marks(results)


def rounded(points: Decimal) -> float:
    """Points with two decimals; a half goes up, as people round."""
    return float(points.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _earned(items: Iterable[Item]) -> Decimal:
    return sum((Decimal(str(item.points)) for item in items if item.points is not None), Decimal(0))


def _said(extra: Iterable[Item]) -> str:
    return ", ".join(
        f"{item.name} is extra credit: {number(item.points) or 'not graded'} of {item.max}" for item in extra
    )


def _deadlines(text: str) -> dict[str, datetime]:
    lesson, equals, time = text.rpartition("=")
    if equals:
        return {lesson_called(lesson): parse_time(time)}
    if not text.lower().endswith(".csv"):
        return {ALL: parse_time(text)}
    table = read_table(Path(text))
    lessons, times = table.needed("lesson"), table.needed("deadline", "due", "time")
    told = {}
    for line, row in table.rows:
        with rules.in_line(table, line):
            told[lesson_called(row[lessons])] = parse_time(row[times])
    return told


def _extensions(table: Table, roster: Roster | None, told_of: list[tuple[str, str]]) -> dict[Key, timedelta]:
    days = table.needed("days", "extension days")
    rows = _of_students(table, roster, told_of, table.column("lesson"))
    return {key: timedelta(days=rules.parse_days(row[days])) for key, row in rows}


def _times(table: Table, roster: Roster | None, told_of: list[tuple[str, str]]) -> dict[Key, datetime]:
    times = table.needed("submitted", "time")
    rows = _of_students(table, roster, told_of, table.needed("lesson"))
    return {key: parse_time(row[times]) for key, row in rows}


def _of_students(
    table: Table, roster: Roster | None, told_of: list[tuple[str, str]], lessons: int | None
) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """The rows of a table by student and lesson. What is wrong with one, also in the caller's hands, is said with its line."""
    students, seen = table.needed("student"), dict[Key, int]()
    for line, row in table.rows:
        with rules.in_line(table, line):
            lesson = lesson_called(row[lessons]) if lessons is not None and row[lessons] else ALL
            key = _student(row[students], roster), lesson
            if seen.setdefault(key, line) != line:
                raise BadRule(
                    f"{row[students]!r} stands in line {seen[key]}, too, for the same lesson: keep one"
                )
            told_of.append((key[0], f"{table.file}, line {line}"))
            yield key, row


def _student(text: str, roster: Roster | None) -> str:
    """The student whom a table means. Without a roster the name is taken as it is."""
    if roster is None:
        return spelled(text)
    person = roster.find([("any", text)])
    if person is None:
        raise BadRule(f"{text!r} is nobody on the roster, or more than one")
    return person.student
