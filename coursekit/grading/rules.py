"""How the rules of a course are written and read: a penalty, a time, a length of time, the name of an exercise."""

from __future__ import annotations

import contextlib
import difflib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from coursekit.grading.intake.csvfile import BadTable, Table
from coursekit.grading.intake.topics import lesson_called
from coursekit.grading.result import Mark, Result
from nnutils.checks.catalogue import exercises_of, lessons, questions_of

UNITS = {"week": 604_800, "day": 86_400, "hour": 3_600, "min": 60}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|h|minutes?|mins?|m)", re.IGNORECASE)
RATE = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*(?:/|per)\s*(week|day|hour|min)(?:ute)?", re.IGNORECASE)
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
EXAMPLE = "write it like 10%/day or 10%/day,max=50%,grace=15min"


class BadRule(ValueError):
    """A rule makes no sense; the message says how to write it."""


@dataclass(frozen=True)
class LateRule:
    """What lateness costs: `percent` of the points for each unit that has begun, at most `most` percent.

    Who is late by no more than `grace` loses nothing; who is later is late from the deadline on.
    """

    percent: Decimal
    unit: str  # a key of UNITS
    most: Decimal = Decimal(100)
    grace: timedelta = timedelta()

    def applied(self, late: timedelta) -> tuple[Decimal, str]:
        """The share of the points that a lateness costs, and what is said of it."""
        if late <= self.grace:
            return Decimal(
                0
            ), f"{duration(late)} late: within the grace of {duration(self.grace)}, nothing off"
        begun = math.ceil(late / timedelta(seconds=UNITS[self.unit]))
        percent = min(self.percent * begun, self.most)
        capped = ", the most that lateness costs" if self.percent * begun > self.most else ""
        return percent / 100, f"{_counted(begun, self.unit)} late: {_plain(percent)} % off{capped}"


def parse_late(text: str) -> LateRule:
    """The rule that a text like 10%/day,max=50%,grace=15min says.

    Raises
    ------
    BadRule: it says none.
    """
    rate, *others = (piece.strip() for piece in text.split(","))
    said = RATE.fullmatch(rate)
    if not said:
        raise BadRule(f"{rate!r} is no penalty for lateness: {EXAMPLE}")
    most, grace = Decimal(100), timedelta()
    for other in others:
        key, _, value = (piece.strip() for piece in other.partition("="))
        if key == "max" and (share := SHARE.fullmatch(value)):
            most = Decimal(share[1])
        elif key == "grace":
            grace = parse_length(value)
        else:
            raise BadRule(f"{other!r} in a penalty for lateness is neither max=…% nor grace=…: {EXAMPLE}")
    percent = Decimal(said[1])
    if percent > 100 or most > 100:
        raise BadRule(f"more than 100 % cannot be taken off: {EXAMPLE}")
    return LateRule(percent, said[2].lower(), most, grace)


def parse_length(text: str) -> timedelta:
    """A length of time such as 15min, 2 h, 1day or 1day 12h.

    Raises
    ------
    BadRule: it is none.
    """
    if not text or LENGTH.sub("", text).strip():
        raise BadRule(f"{text!r} is no length of time: write it like 15min, 2h or 1day")
    units = {unit[0]: seconds for unit, seconds in UNITS.items()}
    return timedelta(seconds=sum(float(one[1]) * units[one[2][0].lower()] for one in LENGTH.finditer(text)))


def parse_time(text: str) -> datetime:
    """A moment in ISO 8601, with its zone.

    Raises
    ------
    BadRule: it is none, or tells no zone.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadRule(f"{text!r} is no time: write it like 2026-12-01T23:59+01:00") from None
    if moment.tzinfo is None:
        raise BadRule(f"{text!r} has no time zone: write it like 2026-12-01T23:59+01:00, or with Z for UTC")
    return moment


def parse_days(text: str) -> float:
    """A number of days.

    Raises
    ------
    BadRule: it is none.
    """
    with contextlib.suppress(ValueError):
        if 0 <= (days := float(text.replace(",", "."))) <= 3650:
            return days
    raise BadRule(f"{text!r} is no number of days")


def parse_extra(names: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The (topic, item) of exercises and questions named alone or as lesson.exercise.

    Raises
    ------
    BadRule: there is none of that name. UnknownLesson: there is no such lesson.
    """
    known = {(topic, one.name) for topic in lessons() for one in exercises_of(topic)}
    known |= {(topic, one.name) for topic in lessons() for one in questions_of(topic)}
    found: set[tuple[str, str]] = set()
    for name in names:
        lesson, _, item = name.strip().rpartition(".")
        topic = lesson_called(lesson) if lesson else None
        some = {one for one in known if one[1] == item and topic in (None, one[0])}
        if not some:
            near = difflib.get_close_matches(item, sorted({one for _, one in known}), n=1)
            raise BadRule(
                f"there is no exercise or question {name!r}"
                + (f"; did you mean {near[0]!r}?" if near else "")
            )
        found |= some
    return frozenset(found)


@contextlib.contextmanager
def in_line(table: Table, line: int) -> Iterator[None]:
    """What is wrong with a value is said with its file and line."""
    try:
        yield
    except ValueError as error:
        raise BadTable(f"{table.file}, line {line}: {error}") from None


def lesson_order() -> dict[str, int]:
    """Topic → its place among the lessons."""
    return {topic: i for i, topic in enumerate(lessons())}


def place_of(one: Result | Mark) -> tuple[str, int, str]:
    """Where a result or a mark stands among others: by student, then by lesson."""
    order = lesson_order()
    return one.student, order.get(one.lesson, len(order)), one.lesson


def duration(length: timedelta) -> str:
    """A length of time in words, of two units at most: 2 days, 1 day 3 hours, 20 minutes."""
    minutes = math.ceil(length.total_seconds() / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    said = [_counted(n, unit) for n, unit in ((days, "day"), (hours, "hour"), (minutes, "min")) if n]
    return " ".join(said[:2]) or "0 minutes"


def _counted(count: int, unit: str) -> str:
    return f"{count} {'minute' if unit == 'min' else unit}{'s' * (count != 1)}"


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
